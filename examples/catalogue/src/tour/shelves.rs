//! Products are put on the shelves of two shops.

use std::io::Write;

use bailiwick::{
    repository::{Count, Total},
    specification::Spec,
};

use super::{Street, tell};
use crate::{
    Outcome,
    product::{Product, product},
};

const ACME: [(&str, &str, i64, i64); 9] = [
    ("A-01", "Anvil", 19_900, 4),
    ("A-02", "Rocket skates", 24_950, 0),
    ("A-03", "Bird seed", 495, 120),
    ("A-04", "Magnet, giant", 8_900, 2),
    ("A-05", "Magnet, small", 350, 60),
    ("A-06", "Rope, 20 m", 1_299, 15),
    ("A-07", "Trampoline", 17_500, 1),
    ("A-08", "Paint, tunnel black", 1_299, 33),
    ("A-09", "100 % wool sock", 799, 40),
];

const BIRCH: [(&str, &str, i64, i64); 3] =
    [("A-01", "Birch table", 31_000, 2), ("B-02", "Birch chair", 9_900, 8), ("B-03", "Magnet board", 2_450, 5)];

/// Each shop has numbers of its own.
pub(crate) async fn shelves(street: &Street, to: &mut impl Write) -> Outcome {
    writeln!(to, "1. Two shops fill their shelves\n")?;
    for (tenant, products) in [("acme", &ACME[..]), ("birch", &BIRCH[..])] {
        let shop = street.shop(tenant, "ada")?;
        for (number, title, cents, stock) in products {
            shop.repository::<Product>().insert(product(number, title, *cents, *stock)).await?;
        }
        if let Total::Exact(count) = shop.repository::<Product>().find(Spec::all()).count(Count::Exact).await? {
            writeln!(to, "   {tenant:<6} has {count} products")?;
        }
    }
    let again = street.shop("acme", "ada")?.repository::<Product>().insert(product("A-01", "Anvil", 1, 1)).await;
    writeln!(to)?;
    tell(to, "A-01 once more, at acme", again)?;
    Ok(writeln!(to)?)
}
