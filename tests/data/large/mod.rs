//! Very many rows: written at once, read by their ids, streamed.

mod estimates;
mod inserts;
mod shapes;
mod snapshots;

use bailiwick::{
    Id, TenantId, Timestamp, Uuid,
    entity::{Date, Decimal, Entity},
    repository::{Db, Migrations, OnError, Scope, Scoped},
};

sentences! {
    large, crate::large::tables, {
        inserts:
            any_number_of_rows_is_stored_as_it_was_given
            a_duplicate_in_the_middle_keeps_all_out_or_is_named
            texts_and_nothing_are_told_apart
            rows_that_are_inserted_in_a_unit_end_with_it
            many_ids_are_read_in_their_order;
        snapshots:
            a_snapshot_shows_the_rows_of_one_moment
            a_stream_that_is_dropped_half_way_leaves_nothing_however_often
            in_a_unit_a_snapshot_is_what_the_unit_sees;
    } of memory sqlite postgres secured mysql
}

#[derive(Id)]
pub struct WideId(Uuid);

/// A row with a column of each kind, most of which may be null.
#[derive(Entity, Debug, Clone, PartialEq)]
#[entity(table = "wide", unique(place))]
pub struct Wide {
    #[id]
    pub id: WideId,
    #[tenant]
    pub tenant: TenantId,
    #[col(filter, sort)]
    pub place: i64,
    #[col(filter, max = 80)]
    pub label: Option<String>,
    pub note: Option<String>,
    pub flag: Option<bool>,
    pub pieces: Option<i64>,
    pub weight: Option<f64>,
    #[col(decimal(18, 4))]
    pub total: Option<Decimal>,
    pub due: Option<Date>,
    pub seen: Option<Timestamp>,
    pub picture: Option<Vec<u8>>,
    pub owner: Option<Uuid>,
    #[col(json)]
    pub tags: Vec<String>,
}

pub fn tables() -> Migrations {
    crate::rows::shop::tables().ddl::<Wide>("0005_wide")
}

/// Texts that mean something else where they are not bound.
pub const TEXTS: [&str; 12] =
    ["", "\t", "a\tb", "\n", "\r\n", "\\N", "\\.", "\\", "a\\tb", "'\"`", "NULL", "𝔗ë\u{10FFFF}"];

/// A row at this place, most of it null.
pub fn wide(place: i64) -> NewWide {
    let text = TEXTS[usize::try_from(place).unwrap() % TEXTS.len()];
    let on = |every: i64| place % every == 0;
    NewWide {
        id: Some(WideId::from(Uuid::from_u128(place.unsigned_abs().into()))),
        place,
        label: on(3).then(|| text.to_owned()),
        note: on(5).then(|| text.repeat(3)),
        flag: on(7).then_some(on(2)),
        pieces: on(11).then_some(-place),
        weight: on(13).then_some(place as f64 / 7.0),
        total: on(4).then(|| Decimal::new(place * 10_001, 4)),
        due: on(17).then(|| Date::new(2026, 2, 28).unwrap()),
        seen: on(6).then(|| Timestamp::from_micros(1_700_000_000_000_001 + place)),
        picture: on(19).then(|| vec![0, 92, 10, 255]),
        owner: on(23).then(|| Uuid::from_u128(u128::MAX - place.unsigned_abs() as u128)),
        tags: if on(9) { vec![text.to_owned()] } else { Vec::new() },
    }
}

pub fn of(db: &Db, tenant: &str) -> Scoped {
    db.scoped(Scope::tenant(tenant).unwrap())
}

/// Rows at these places.
pub async fn fill(acme: &Scoped, places: std::ops::Range<i64>) -> Vec<Wide> {
    let rows = places.map(wide).collect();
    acme.repository::<Wide>().insert_many(rows, OnError::Abort).await.unwrap().stored
}
