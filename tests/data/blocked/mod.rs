//! What a repository promises, of the blocking facade: the same sentences, without `async` (see `tests/build.rs`); and what only a
//! facade can get wrong.

mod alone;
mod units;

use bailiwick::{Error, blocking::Db};

use crate::rows::Fresh;

/// The shop, for who waits.
mod shop {
    use bailiwick::{
        Clock,
        actor::Actor,
        blocking::{Db, Scoped},
        repository::Scope,
    };

    pub use crate::rows::shop::{
        Contact, Country, CountryPatch, Item, ItemPatch, Line, LinePatch, NewCountry, NewLine, NewOrder, Order,
        OrderId, OrderPatch, Status, clock, item, line, new,
    };

    pub fn shop(db: &Db, tenant: &str) -> Scoped {
        shop_at(db, tenant, clock())
    }

    pub fn shop_at(db: &Db, tenant: &str, clock: Clock) -> Scoped {
        db.scoped(Scope::tenant(tenant).unwrap().actor(&Actor::new("ada")).clock(clock))
    }
}

fn rows_of(db: &Db, tenant: &str) -> usize {
    let shop = shop::shop(db, tenant);
    shop.repository::<shop::Order>().with_deleted().find(bailiwick::specification::Spec::all()).list().unwrap().len()
}

/// What streams have, of an iterator.
trait TryStreamExt<T>: Iterator<Item = Result<T, Error>> + Sized {
    fn try_next(&mut self) -> Result<Option<T>, Error> {
        self.next().transpose()
    }

    fn try_collect<C: FromIterator<T>>(self) -> Result<C, Error> {
        self.collect()
    }
}

impl<T, I: Iterator<Item = Result<T, Error>>> TryStreamExt<T> for I {}

/// Asks one thing of a fresh database; nothing if its server is not there.
fn ask(fresh: impl Future<Output = Option<Fresh>>, sentence: impl FnOnce(&Db)) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let Some(fresh) = runtime.block_on(fresh) else { return };
    let db = Db::from(fresh.db.clone());
    sentence(&db);
    db.close().unwrap();
}

macro_rules! sentences_of {
    ($($area:ident)*) => {
        $(#[allow(unstable_name_collisions, reason = "iterators may get a `try_collect` of their own")]
        mod $area {
            include!(concat!(env!("OUT_DIR"), "/", stringify!($area), ".rs"));
        })*
    };
}

sentences_of! { reads writes pages tenants sums bulk related streams upserts }
