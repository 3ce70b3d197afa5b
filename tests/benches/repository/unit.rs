//! Units of work: a few calls in one, and one without any.

use std::rc::Rc;

use bailiwick::unit_of_work::Begin;

use super::{
    by_hand::{ByHand, PostgresHeld, PostgresPooled},
    cases::Setting,
    order::{Order, OrderId, id, sum_of_one},
    ours::{Ours, sum_of},
    place::{Kind, Place},
    sides::{Next, Work, reading, side},
    support::{Area, Case, Gate, Side},
};

pub fn cases(area: &mut Area, setting: &Setting) {
    for calls in [3, 10] {
        area.case(&setting.name(&format!("{calls} calls of one")), || {
            let (work, place) = (Work::Calls(calls), || Rc::clone(setting.place()));
            let [base, held] = setting.by_hand(work, &place);
            let case = Case::database(100, base).side(held).side(side::<Ours>(work, &place()));
            let case = case.side(session(&place(), calls)).side(unit(&place(), calls));
            case.gate(Gate::must("session", 0.6, "base")).gate(Gate::must("unit", 0.6, "base"))
        });
    }
    if setting.kind == Kind::Postgres {
        area.case(&setting.name("empty unit"), || {
            Case::database(100, nothing::<PostgresPooled>(setting.place()))
                .side(nothing::<PostgresHeld>(setting.place()))
                .side(empty(setting.place()))
                .gate(Gate::must("ours", 1.1, "base"))
        });
    }
}

/// Rows by their ids in a session, which is begun and left.
fn session(place: &Rc<Place>, calls: u64) -> Side {
    let mut next = Next::new();
    let work = async move |ours: &mut Ours| {
        let mut session = ours.shop.session();
        for _call in 0..calls {
            let row = next.row();
            let found = session.repository::<Order>().get(OrderId::from(id(row))).await.unwrap();
            assert_eq!(sum_of(&[found]), sum_of_one(row));
        }
        calls
    };
    reading(place, work).named("session")
}

/// Rows by their ids in a unit of work, with its beginning and its commit.
fn unit(place: &Rc<Place>, calls: u64) -> Side {
    let mut next = Next::new();
    let work = async move |ours: &mut Ours| {
        let mut unit = ours.shop.begin(Begin::write()).await.unwrap();
        for _call in 0..calls {
            let row = next.row();
            let found = unit.repository::<Order>().get(OrderId::from(id(row))).await.unwrap();
            assert_eq!(sum_of(&[found]), sum_of_one(row));
        }
        unit.commit().await.unwrap();
        calls
    };
    reading(place, work).named("unit")
}

fn empty(place: &Rc<Place>) -> Side {
    reading(place, async |ours: &mut Ours| {
        ours.shop.begin(Begin::write()).await.unwrap().rollback().await.unwrap();
        1
    })
}

fn nothing<O: ByHand>(place: &Rc<Place>) -> Side {
    reading(place, async |orders: &mut O| {
        orders.nothing().await;
        1
    })
}
