//! Two editors change one product.

use std::io::Write;

use bailiwick::{entity::Decimal, repository::Expect};

use super::{Street, tell};
use crate::{
    Outcome,
    product::{Product, ProductPatch, by_number},
};

/// Who was slower is told, and nothing of the other is lost.
pub(crate) async fn editors(street: &Street, to: &mut impl Write) -> Outcome {
    writeln!(to, "4. Two editors and one product\n")?;
    let (ada, bob) = (street.shop("acme", "ada")?, street.shop("acme", "bob")?);
    let mut hers = by_number(&mut ada.repository(), "A-06").await?;
    let mut his = by_number(&mut bob.repository(), "A-06").await?;
    hers.price = Decimal::new(1_199, 2);
    let before = his.clone();
    his.title = "Rope, 30 m".into();
    tell(to, "ada saves a price", ada.repository::<Product>().save(&mut hers).await)?;
    tell(to, "bob saves a title", bob.repository::<Product>().save_changes(&before, &mut his).await)?;
    let mut his = by_number(&mut bob.repository(), "A-06").await?;
    let before = his.clone();
    his.title = "Rope, 30 m".into();
    tell(to, "bob reads it again and saves", bob.repository::<Product>().save_changes(&before, &mut his).await)?;
    let sold = ProductPatch::new().stock(14);
    tell(
        to,
        "a patch of one column, whatever the version",
        ada.repository::<Product>().patch(his.id, Expect::Any, sold).await,
    )?;
    let now = by_number(&mut ada.repository(), "A-06").await?;
    let who = now.updated_by.as_ref().map_or("nobody", |actor| actor.as_str());
    writeln!(to, "   {now}, version {}, last changed by {who}", now.version)?;
    Ok(writeln!(to)?)
}
