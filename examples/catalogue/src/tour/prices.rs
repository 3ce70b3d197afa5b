//! A list of prices is taken over as a whole, or as far as it is good.

use std::io::Write;

use bailiwick::{
    Error,
    entity::Decimal,
    repository::Scoped,
    specification::Spec,
    unit_of_work::{Retry, UnitOfWork},
};

use super::Street;
use crate::{
    Outcome,
    product::{NewProduct, Product, by_number},
};

const PRICES: [(&str, i64); 3] = [("A-01", 20_900), ("A-03", 525), ("A-07", -1)];

/// What ends a list of prices: a rule of the shop, or the database.
#[derive(Debug, thiserror::Error)]
enum Refused {
    #[error("{number} would cost {price}")]
    Negative { number: String, price: Decimal },
    #[error(transparent)]
    Runtime(#[from] Error),
}

/// A new price; what the product was before is kept as another one, out of stock.
async fn reprice(unit: &mut UnitOfWork, number: &str, price: Decimal) -> Result<(), Refused> {
    let mut product = by_number(&mut unit.repository(), number).await?;
    let before = NewProduct {
        id: None,
        number: format!("{number}-old"),
        title: product.title.clone(),
        price: product.price,
        stock: 0,
    };
    unit.repository::<Product>().insert(before).await?;
    product.price = price;
    unit.repository::<Product>().save(&mut product).await?;
    if price.is_sign_negative() {
        return Err(Refused::Negative { number: number.into(), price }); // late, after two rows were written
    }
    Ok(())
}

/// All prices, or none.
async fn strictly(acme: &Scoped) -> Result<usize, Refused> {
    acme.in_tx(Retry::default(), async |unit| {
        for (number, cents) in PRICES {
            reprice(unit, number, Decimal::new(cents, 2)).await?;
        }
        Ok(PRICES.len())
    })
    .await
}

/// Those that are good: a savepoint takes back what was written of a bad one, and nothing else.
async fn leniently(acme: &Scoped) -> Result<usize, Refused> {
    acme.in_tx(Retry::default(), async |unit| {
        let mut changed = 0;
        for (number, cents) in PRICES {
            let one = unit.savepoint(async |part| reprice(part, number, Decimal::new(cents, 2)).await).await?;
            changed += usize::from(one.is_ok());
        }
        Ok(changed)
    })
    .await
}

/// What is written in a unit of work is there for all others at its end, or never was.
pub(crate) async fn prices(street: &Street, to: &mut impl Write) -> Outcome {
    writeln!(to, "7. A list of prices, whole or as far as it is good\n")?;
    let acme = street.shop("acme", "ada")?;
    match strictly(&acme).await {
        Ok(changed) => writeln!(to, "   the whole list: {changed} prices")?,
        Err(refused) => writeln!(to, "   the whole list: {refused}")?,
    }
    print(&acme, to).await?;
    writeln!(to, "   what is good of it: {} prices", leniently(&acme).await?)?;
    print(&acme, to).await
}

async fn print(acme: &Scoped, to: &mut impl Write) -> Outcome {
    let listed = PRICES.map(|(number, _)| Product::number().starts_with(number));
    let listed = Spec::any_of(listed);
    for found in acme.repository::<Product>().find(listed).sort(Product::number().asc()).list().await? {
        writeln!(to, "      {found}")?;
    }
    Ok(())
}
