//! Values in an order, as keys of rows and of indexes.

use std::cmp::Ordering;

use crate::{entity::Value, plan::Order};

/// Values of the same columns.
#[derive(Debug, Clone)]
pub(crate) struct Key(pub(crate) Vec<Value<'static>>);

impl Key {
    /// A key of one column.
    pub(crate) fn of(value: Value<'_>) -> Self {
        Self(vec![value.into_owned()])
    }

    /// The values of a row in these columns.
    pub(super) fn in_row(row: &[Value<'static>], places: impl IntoIterator<Item = usize>) -> Self {
        Self(places.into_iter().filter_map(|place| row.get(place)).cloned().collect())
    }

    /// Whether there is no value in it that equals no other.
    pub(super) fn is_whole(&self) -> bool {
        self.0.iter().all(|value| !value.is_null())
    }
}

impl Ord for Key {
    fn cmp(&self, other: &Self) -> Ordering {
        let pairs = self.0.iter().zip(&other.0);
        pairs.map(|(left, right)| ascending(left, right)).find(|order| order.is_ne()).unwrap_or(Ordering::Equal)
    }
}

impl PartialOrd for Key {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Key {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Key {}

/// Null before everything.
fn ascending(left: &Value<'_>, right: &Value<'_>) -> Ordering {
    left.compare(right).unwrap_or_else(|| right.is_null().cmp(&left.is_null()))
}

/// How two rows stand to each other in this order.
pub(super) fn by(order: &[Order], left: &[Value<'static>], right: &[Value<'static>]) -> Ordering {
    let one = |key: &Order| match (left.get(key.place), right.get(key.place)) {
        (Some(left), Some(right)) => by_key(key, left, right),
        _ => Ordering::Equal,
    };
    order.iter().map(one).find(|order| order.is_ne()).unwrap_or(Ordering::Equal)
}

/// Whether a row comes after one with these values of the keys of the order.
pub(super) fn after(order: &[Order], row: &[Value<'static>], values: &[Value<'static>]) -> bool {
    let one = |(key, value): (&Order, &Value<'static>)| row.get(key.place).map(|own| by_key(key, own, value));
    order.iter().zip(values).filter_map(one).find(|order| order.is_ne()).is_some_and(Ordering::is_gt)
}

fn by_key(key: &Order, left: &Value<'_>, right: &Value<'_>) -> Ordering {
    match (left.is_null(), right.is_null()) {
        (true, true) => Ordering::Equal,
        (true, false) if key.nulls_first => Ordering::Less,
        (true, false) => Ordering::Greater,
        (false, true) if key.nulls_first => Ordering::Greater,
        (false, true) => Ordering::Less,
        (false, false) if key.descending => ascending(right, left),
        (false, false) => ascending(left, right),
    }
}
