//! The steps, each of which prints what happens.

mod editors;
mod pages;
mod parcels;
mod prices;
mod retired;
mod search;
mod shelves;
mod tenants;

use std::io::Write;

use bailiwick::{
    Clock, Error,
    actor::Actor,
    repository::{Db, Scope, Scoped},
};

pub(crate) use self::{
    editors::editors, pages::pages, parcels::parcels, prices::prices, retired::retired, search::search,
    shelves::shelves, tenants::tenants,
};
use crate::Outcome;

/// Where both shops are: one database, and one clock, by which the ids of new rows differ.
pub(crate) struct Street {
    pub(crate) db: Db,
    pub(crate) clock: Clock,
}

impl Street {
    /// The database as somebody of a shop sees it.
    fn shop(&self, tenant: &str, who: &str) -> Result<Scoped, Error> {
        Ok(self.db.scoped(Scope::tenant(tenant)?.actor(&Actor::new(who)).clock(self.clock.clone())))
    }
}

/// Prints what came of an attempt; of an error its code, for ids differ from run to run.
fn tell<T>(to: &mut impl Write, what: &str, outcome: Result<T, Error>) -> Outcome {
    match outcome {
        Ok(_) => writeln!(to, "   {what:<44} done")?,
        Err(error) => writeln!(to, "   {what:<44} {}", error.code())?,
    }
    Ok(())
}
