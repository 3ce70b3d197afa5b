//! One shop tries what it likes with the products of the other.

use std::io::Write;

use bailiwick::{
    entity::Decimal,
    repository::{Count, Expect, Page, Scope, SystemGrant, TenantScope},
    specification::Spec,
};

use super::{Street, tell};
use crate::{
    Outcome,
    product::{Product, ProductPatch, by_number},
};

/// What belongs to another tenant is not there: not for a read, not for a write, not for a cursor.
pub(crate) async fn tenants(street: &Street, to: &mut impl Write) -> Outcome {
    writeln!(to, "6. What birch can do with what is acme's\n")?;
    let (acme, birch) = (street.shop("acme", "ada")?, street.shop("birch", "eve")?);
    let mut anvil = by_number(&mut acme.repository(), "A-01").await?;
    let mut products = birch.repository::<Product>();
    tell(to, "read it", products.get(anvil.id).await)?;
    let free = ProductPatch::new().price(Decimal::ZERO);
    tell(to, "make it free", products.patch(anvil.id, Expect::Any, free).await)?;
    tell(to, "save it", products.save(&mut anvil).await)?;
    tell(to, "delete it", products.delete(anvil.id, Expect::Any).await)?;
    let page = acme.repository::<Product>().find(Spec::all()).page(Page::first(2)).await?;
    tell(to, "go on where a page of acme's ended", products.find(Spec::all()).page(Page::after(page.next, 2)).await)?;
    let own = by_number(&mut products, "A-01").await?;
    writeln!(to, "   its own A-01: {own}")?;
    writeln!(to, "   and acme's:   {}", by_number(&mut acme.repository(), "A-01").await?)?;
    writeln!(to)?;
    let nobody = street.db.scoped(Scope::nobody());
    tell(to, "who is of no tenant lists products", nobody.repository::<Product>().find(Spec::all()).list().await)?;
    let all = Scope::of(TenantScope::All(SystemGrant::new("the tour counts the products of all tenants")));
    let count = street.db.scoped(all).repository::<Product>().find(Spec::all()).count(Count::Exact).await?;
    writeln!(to, "   of all tenants, with a grant that is logged: {count:?}")?;
    Ok(writeln!(to)?)
}
