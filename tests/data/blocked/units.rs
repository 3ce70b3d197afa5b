//! Units of work around closures that wait, and by hand.

use bailiwick::{
    Error, Version,
    blocking::Db,
    repository::{Expect, Wait},
    specification::Spec,
    unit_of_work::{Begin, Retry},
};

use super::{
    ask,
    shop::{Order, new, shop},
};
use crate::rows::Fresh;

fn count(db: &Db) -> usize {
    shop(db, "acme").repository::<Order>().find(Spec::all()).list().unwrap().len()
}

fn a_unit_is_written_as_a_whole_or_not_at_all(db: &Db) {
    let acme = shop(db, "acme");
    let mut unit = acme.begin(Begin::write()).unwrap();
    let order = unit.repository::<Order>().insert(new(1)).unwrap();
    assert!(acme.repository::<Order>().try_get(order.id).unwrap().is_none(), "not before the commit");
    assert_eq!(unit.get_for_update::<Order>(order.id, Wait::Block).unwrap().version, Version::new(1));
    unit.commit().unwrap();
    let mut unit = acme.begin(Begin::write()).unwrap();
    unit.repository::<Order>().insert(new(2)).unwrap();
    unit.rollback().unwrap();
    let mut unit = acme.begin(Begin::write()).unwrap();
    unit.repository::<Order>().insert(new(3)).unwrap();
    drop(unit);
    let told = acme.in_tx(Retry::none(), |unit| {
        unit.repository::<Order>().insert(new(4))?;
        Err::<(), _>(Told::No)
    });
    assert_eq!(told, Err(Told::No));
    assert_eq!(count(db), 1);
}

#[derive(Debug, PartialEq)]
enum Told {
    No,
    Error(&'static str),
}

impl From<Error> for Told {
    fn from(error: Error) -> Self {
        Self::Error(error.code())
    }
}

fn a_part_may_fail_alone_and_one_that_panics_takes_nothing_else_along(db: &Db) {
    let acme = shop(db, "acme");
    let mut seen = std::rc::Rc::new(Vec::new()); // nothing that waits has to be `Send`
    acme.in_tx(Retry::none(), |unit| {
        unit.repository::<Order>().insert(new(1))?;
        let taken = unit.savepoint(|inner| inner.repository::<Order>().insert(new(1)))?;
        std::rc::Rc::get_mut(&mut seen).unwrap().push(taken.unwrap_err().code());
        let panics = std::panic::AssertUnwindSafe(|| {
            let _part = unit.savepoint(|inner| {
                inner.repository::<Order>().insert(new(2)).unwrap();
                std::panic::resume_unwind(Box::new("half-way"));
                #[allow(unreachable_code, reason = "what the part would have answered")]
                Ok::<_, Error>(())
            });
        });
        assert!(std::panic::catch_unwind(panics).is_err());
        unit.repository::<Order>().insert(new(3))?;
        Ok::<_, Error>(())
    })
    .unwrap();
    assert_eq!((seen.as_slice(), count(db)), (&["repository/duplicate"][..], 2));
}

fn a_unit_inside_a_unit_is_refused_at_once(db: &Db) {
    let acme = shop(db, "acme");
    let refused = acme.in_tx(Retry::none(), |unit| {
        unit.repository::<Order>().insert(new(1))?;
        let outside = acme.repository::<Order>().find(Spec::all()).exists()?; // a read beside it waits for nothing
        let inner = acme.in_tx(Retry::none(), |_| Ok::<_, Error>(()));
        let by_hand = acme.begin(Begin::write()).map(drop);
        Ok::<_, Error>((outside, inner.unwrap_err().code(), by_hand.unwrap_err().code()))
    });
    assert_eq!(refused.unwrap(), (false, "unit/nested", "unit/nested"));
}

fn threads_that_add_lose_no_addition(db: &Db) {
    let order = shop(db, "acme").repository::<Order>().insert(new(1)).unwrap();
    std::thread::scope(|threads| {
        for _ in 0..4 {
            threads.spawn(|| {
                for _ in 0..10 {
                    let add = |unit: &mut bailiwick::blocking::UnitOfWork| {
                        let mut order = unit.get_for_update::<Order>(order.id, Wait::Block)?;
                        order.views += 1;
                        unit.repository::<Order>().save(&mut order)
                    };
                    shop(db, "acme").in_tx(Retry::default(), add).unwrap();
                }
            });
        }
    });
    assert_eq!(shop(db, "acme").repository::<Order>().get(order.id).unwrap().views, 40);
}

fn a_session_waits_too(db: &Db) {
    let acme = shop(db, "acme");
    let mut session = acme.session();
    let order = session.repository::<Order>().insert(new(1)).unwrap();
    session.repository::<Order>().delete(order.id, Expect::Any).unwrap();
    assert!(session.repository::<Order>().try_get(order.id).unwrap().is_none());
    drop(session);
    assert_eq!(acme.audit().transitions().list(9).unwrap().len(), 0);
}

macro_rules! of_every_database {
    ($($database:ident)*; $sentences:tt) => { $(of_every_database! { @of $database $sentences })* };
    (@of $database:ident { $($sentence:ident)* }) => {
        mod $database {
            $(#[test]
            fn $sentence() {
                super::ask(super::Fresh::$database(), super::$sentence);
            })*
        }
    };
}

of_every_database! { memory sqlite postgres mysql; {
    a_unit_is_written_as_a_whole_or_not_at_all
    a_part_may_fail_alone_and_one_that_panics_takes_nothing_else_along
    a_unit_inside_a_unit_is_refused_at_once
    threads_that_add_lose_no_addition
    a_session_waits_too
} }
