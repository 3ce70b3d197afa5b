//! The cases, on either database.

use std::{cell::OnceCell, rc::Rc};

use super::{
    by_hand::{ByHand, PostgresHeld, PostgresPooled, SqliteHeld, SqlitePooled},
    order::{By, PAGE, sum_of_page},
    ours::Ours,
    peers,
    place::{Kind, Place},
    setting::of,
    sides::{Work, reading, side},
    support::{Area, Case, Gate, Mode, Side},
    unit,
};

/// The database that a mode is measured on. What only reads shares one table.
pub struct Setting {
    pub kind: Kind,
    mode: Mode,
    place: OnceCell<Rc<Place>>,
}

/// All cases of a database.
pub fn cases(area: &mut Area, kind: Kind, mode: Mode) {
    if kind == Kind::Postgres && std::env::var_os("BAILIWICK_TEST_POSTGRES_URL").is_none_or(|url| url.is_empty()) {
        println!(
            "PostgreSQL, {}: skipped: BAILIWICK_TEST_POSTGRES_URL is not set; see `tests/run servers`",
            mode.name()
        );
        return;
    }
    let setting = Setting { kind, mode, place: OnceCell::new() };
    for (name, times, work, most) in works(kind) {
        area.case(&setting.name(name), || setting.case(times, work).gate(Gate::must("ours", most, "base")));
    }
    smart_or(area, &setting);
    deep(area, &setting);
    unit::cases(area, &setting);
}

/// What is measured against the same by hand from a pool: how often in a round, and how much it may take.
fn works(kind: Kind) -> [(&'static str, u64, Work, f64); 7] {
    let either = |sqlite, postgres| if kind == Kind::Sqlite { sqlite } else { postgres };
    [
        ("get by id", 200, Work::Get, 1.05),
        ("list of 100", 100, Work::List, either(1.15, 1.10)),
        ("insert one", 100, Work::Insert(1), 1.05),
        ("keyset page, row values", 100, Work::Page(By::Newest, 1_000), 1.15),
        ("insert 1,000", 5, Work::Insert(1_000), either(0.9, 0.6)),
        ("insert 10,000", 2, Work::Insert(10_000), either(0.9, 0.4)),
        ("page and count at offset 100,000", 5, Work::Numbered(100_000), 1.1),
    ]
}

impl Setting {
    pub fn name(&self, case: &str) -> String {
        let database = if self.kind == Kind::Sqlite { "" } else { "PostgreSQL, " };
        format!("{database}{case}, {}", self.mode.name())
    }

    /// Where is read.
    pub fn place(&self) -> &Rc<Place> {
        self.place.get_or_init(|| Rc::new(Place::filled(self.kind, self.mode)))
    }

    fn case(&self, times: u64, work: Work) -> Case {
        // Who writes to SQLite has a file of his own; on PostgreSQL the sides of a case share a table.
        let shared = OnceCell::new();
        let bare = || Rc::new(Place::filled(self.kind, self.mode).without_indexes());
        let place = || match (work, self.kind) {
            (Work::Insert(_), Kind::Sqlite) => bare(),
            (Work::Insert(_), Kind::Postgres) => Rc::clone(shared.get_or_init(bare)),
            _ => Rc::clone(self.place()),
        };
        let [base, held] = self.by_hand(work, &place);
        let case = Case::database(of(self.mode, times, times.div_ceil(2)), base).side(held);
        beside(case.side(side::<Ours>(work, &place())), work, &place)
    }

    /// The pool and the held connection.
    pub fn by_hand(&self, work: Work, place: &dyn Fn() -> Rc<Place>) -> [Side; 2] {
        match self.kind {
            Kind::Sqlite => [side::<SqlitePooled>(work, &place()), side::<SqliteHeld>(work, &place())],
            Kind::Postgres => [side::<PostgresPooled>(work, &place()), side::<PostgresHeld>(work, &place())],
        }
    }
}

/// By keys of both directions no index is searched by a row of values: base is the page of one direction.
fn smart_or(area: &mut Area, setting: &Setting) {
    area.case(&setting.name("keyset page, smart OR"), || {
        let (newest, mixed) = (Work::Page(By::Newest, 1_000), Work::Page(By::Mixed, 1_000));
        let place = || Rc::clone(setting.place());
        let [base, _] = setting.by_hand(newest, &place);
        let [pooled, held] = setting.by_hand(mixed, &place);
        let case = Case::database(100, base).side(pooled.named("smart OR by hand")).side(held);
        beside(case.side(side::<Ours>(mixed, &place())), mixed, &place).gate(Gate::must("ours", 1.3, "base"))
    });
}

/// A place is gone to, and not counted up to.
fn deep(area: &mut Area, setting: &Setting) {
    const PASSED: u64 = 100_000;
    area.case(&setting.name("keyset page at row 100,000"), || {
        let (work, place) = (Work::Page(By::Newest, PASSED), || Rc::clone(setting.place()));
        let base = match setting.kind {
            Kind::Sqlite => offset::<SqlitePooled>(&place(), PASSED),
            Kind::Postgres => offset::<PostgresPooled>(&place(), PASSED),
        };
        let [_, held] = setting.by_hand(work, &place);
        let case = Case::database(10, base).side(held).side(side::<Ours>(work, &place()));
        beside(case, work, &place).gate(Gate::must("ours", 1.0 / 50.0, "base"))
    });
}

/// The same page, counted up to.
fn offset<O: ByHand>(place: &Rc<Place>, passed: u64) -> Side {
    let expected = sum_of_page(By::Newest, passed);
    reading(place, async move |orders: &mut O| {
        assert_eq!(orders.offset(passed).await, expected);
        PAGE
    })
}

/// The peers that ours must not be slower than, and those that are shown.
fn beside(case: Case, work: Work, place: &dyn Fn() -> Rc<Place>) -> Case {
    peers::shown(work, place).into_iter().fold(case.beside(peers::sides(work, place)), Case::side)
}
