//! A product is taken off the shelf and comes back.

use std::io::Write;

use bailiwick::{
    repository::{Expect, PurgeGrant},
    specification::Spec,
};

use super::{Street, tell};
use crate::{
    Outcome,
    product::{Product, by_number, product},
};

/// What is deleted is marked: nobody meets it who does not ask for it, and its number is free.
pub(crate) async fn retired(street: &Street, to: &mut impl Write) -> Outcome {
    writeln!(to, "5. Off the shelf, and back\n")?;
    let acme = street.shop("acme", "ada")?;
    let skates = by_number(&mut acme.repository(), "A-02").await?;
    tell(to, "the skates are deleted", acme.repository::<Product>().delete(skates.id, Expect::Any).await)?;
    tell(to, "they are asked for", acme.repository::<Product>().get(skates.id).await)?;
    for gone in acme.repository::<Product>().only_deleted().find(Spec::all()).list().await? {
        let who = gone.deleted_by.as_ref().map_or("nobody", |actor| actor.as_str());
        writeln!(to, "   among the deleted: {gone}, by {who}")?;
    }
    let other = acme.repository::<Product>().insert(product("A-02", "Rocket skates 2", 29_900, 7)).await?;
    writeln!(to, "   new: {other}")?;
    tell(to, "the old ones come back", acme.repository::<Product>().restore(skates.id).await)?;
    let grant = PurgeGrant::new("the new skates were a mistake");
    tell(to, "the new ones are deleted for good", acme.repository::<Product>().purge(other.id, &grant).await)?;
    tell(to, "the old ones come back", acme.repository::<Product>().restore(skates.id).await)?;
    writeln!(to, "   {}", by_number(&mut acme.repository(), "A-02").await?)?;
    Ok(writeln!(to)?)
}
