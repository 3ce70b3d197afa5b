//! Products are found, by rules of the program and by filters from outside.

use std::io::Write;

use bailiwick::specification::{Operator, Spec, SpecPolicy};

use super::Street;
use crate::{
    Outcome,
    product::{Product, available},
};

/// What a web page may send: only these columns, only with these operators.
fn policy() -> SpecPolicy<Product> {
    SpecPolicy::only()
        .allow(Product::title(), [Operator::Contains, Operator::ContainsCi])
        .allow(Product::price(), [Operator::Le, Operator::Ge])
        .allow(Product::stock(), [Operator::Gt])
}

const FILTERS: [&str; 4] = [
    r#"{"v":1,"where":{"all":[{"field":"title","op":"contains_ci","value":"magnet"},{"field":"stock","op":"gt","value":0}]}}"#,
    r#"{"v":1,"where":{"field":"title","op":"contains","value":"%"}}"#,
    r#"{"v":1,"where":{"field":"tenant","op":"eq","value":"birch"}}"#,
    r#"{"v":1,"where":{"field":"price","op":"le","value":"cheap"}}"#,
];

/// The same condition reads as text, finds rows, and is asked of a product in memory.
pub(crate) async fn search(street: &Street, to: &mut impl Write) -> Outcome {
    writeln!(to, "2. Search\n")?;
    let acme = street.shop("acme", "ada")?;
    let cheap = available() & (Product::price().lt(10) | Product::title().contains("Rope"));
    writeln!(to, "   {cheap}")?;
    for found in acme.repository::<Product>().find(cheap.clone()).sort(Product::price().asc()).list().await? {
        writeln!(to, "      {found}, and memory says {}", cheap.matches(&found))?;
    }
    for filter in FILTERS {
        writeln!(to, "   {filter}")?;
        match Spec::from_json(filter, &policy()) {
            Ok(spec) => {
                for found in acme.repository::<Product>().find(spec).sort(Product::number().asc()).list().await? {
                    writeln!(to, "      {found}")?;
                }
            }
            Err(error) => writeln!(to, "      {}: {error}", error.code())?,
        }
    }
    Ok(writeln!(to)?)
}
