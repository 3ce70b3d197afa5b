//! What is asked of a side, as a side of a case. What it reads is compared with what lies in the table; what it writes is counted there.

use std::rc::Rc;

use super::{
    order::{By, EACH, Orders, PAGE, ROWS, TENANT, id, lines, sum_of_list, sum_of_one, sum_of_page},
    place::Place,
    setting::alone,
    support::Side,
};

/// What a side is to do.
#[derive(Debug, Clone, Copy)]
pub enum Work {
    /// A row by its id.
    Get,
    /// So many rows by their ids, one after another.
    Calls(u64),
    /// The hundred rows of a customer.
    List,
    /// So many new rows in one transaction.
    Insert(u64),
    /// The page after so many rows, from a place that is known.
    Page(By, u64),
    /// The page after so many rows, by its number, and how many rows there are.
    Numbered(u64),
}

/// A side that does it.
pub fn side<O: Orders>(work: Work, place: &Rc<Place>) -> Side {
    match work {
        Work::Get => calls::<O>(place, 1),
        Work::Calls(calls) => self::calls::<O>(place, calls),
        Work::List => list::<O>(place),
        Work::Insert(rows) => insert::<O>(place, rows),
        Work::Page(by, passed) => page::<O>(place, by, passed),
        Work::Numbered(passed) => numbered::<O>(place, passed),
    }
}

/// Rows in an order that no cache foresees.
pub struct Next(i64);

impl Next {
    pub fn new() -> Self {
        Self(0)
    }

    pub fn row(&mut self) -> i64 {
        self.0 = (self.0 + 104_729) % ROWS;
        self.0 + 1
    }
}

/// A side that opens the table and then does `work`, which answers how many rows it has read.
pub fn reading<O: Orders>(place: &Rc<Place>, mut work: impl AsyncFnMut(&mut O) -> u64 + 'static) -> Side {
    let (runtime, place) = (alone(), Rc::clone(place));
    let mut orders = runtime.block_on(O::open(&place, TENANT));
    Side::new(O::NAME, move |timer, times| {
        let _place = &place;
        timer.each(times, || runtime.block_on(work(&mut orders)))
    })
}

fn calls<O: Orders>(place: &Rc<Place>, calls: u64) -> Side {
    let mut next = Next::new();
    reading(place, async move |orders: &mut O| {
        for _call in 0..calls {
            let row = next.row();
            assert_eq!(orders.get(id(row)).await, sum_of_one(row));
        }
        calls
    })
}

fn list<O: Orders>(place: &Rc<Place>) -> Side {
    let mut next = Next::new();
    reading(place, async move |orders: &mut O| {
        let customer = (next.row() / EACH).clamp(1, ROWS / EACH - 1);
        assert_eq!(orders.list(customer).await, sum_of_list(customer));
        EACH.unsigned_abs()
    })
}

fn page<O: Orders>(place: &Rc<Place>, by: By, passed: u64) -> Side {
    let (mut there, expected) = (false, sum_of_page(by, passed));
    reading(place, async move |orders: &mut O| {
        if !there {
            orders.go_to(by, passed).await; // in the round that is dropped
            there = true;
        }
        assert_eq!(orders.page().await, expected);
        PAGE
    })
}

fn numbered<O: Orders>(place: &Rc<Place>, passed: u64) -> Side {
    let expected = sum_of_page(By::Newest, passed);
    reading(place, async move |orders: &mut O| {
        assert_eq!(orders.numbered(passed).await, expected);
        PAGE
    })
}

/// The rows are those of a tenant that is called like the side.
fn insert<O: Orders>(place: &Rc<Place>, rows: u64) -> Side {
    let (runtime, place) = (alone(), Rc::clone(place));
    let tenant = O::NAME.split(' ').next().unwrap();
    let mut orders = runtime.block_on(O::open(&place, tenant));
    let (mut inserted, counted) = (0, Rc::clone(&place));
    Side::new(O::NAME, move |timer, times| {
        let _place = &place;
        let mut done = 0;
        for _time in 0..times {
            let lines = lines(inserted, rows);
            inserted += rows;
            done += timer.time(|| runtime.block_on(orders.insert(lines)));
        }
        done
    })
    .proved(move || counted.count(tenant))
}
