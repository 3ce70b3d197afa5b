//! Whether a condition holds, in memory: the three-valued logic of SQL.

use std::cmp::Ordering;

use super::{Node, Test};
use crate::entity::{Entity, Value};

/// What a condition says of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Truth {
    /// It does not hold.
    False,
    /// A value that it speaks of is null.
    Unknown,
    /// It holds.
    True,
}

impl Truth {
    fn of(holds: bool) -> Self {
        if holds { Self::True } else { Self::False }
    }

    fn opposite(self) -> Self {
        match self {
            Self::False => Self::True,
            Self::Unknown => Self::Unknown,
            Self::True => Self::False,
        }
    }
}

/// What has columns.
pub trait Columns {
    /// What stands in the column at this place.
    fn column(&self, place: usize) -> Value<'_>;
}

impl<E: Entity> Columns for E {
    fn column(&self, place: usize) -> Value<'_> {
        self.value(place)
    }
}

/// A row that is kept as values.
impl Columns for [Value<'static>] {
    fn column(&self, place: usize) -> Value<'_> {
        self.get(place).map_or(Value::Null(crate::entity::Kind::Text), Value::borrowed)
    }
}

impl Node {
    /// What it says of a row.
    #[must_use]
    pub fn truth<C: Columns + ?Sized>(&self, row: &C) -> Truth {
        match self {
            // False is the least: one of them decides.
            Self::All(parts) => extreme(parts, row, Truth::True, Truth::False),
            Self::Any(parts) => extreme(parts, row, Truth::False, Truth::True),
            Self::Not(inner) => inner.truth(row).opposite(),
            Self::Cmp { place, test, value } => test.truth(&row.column(*place), value),
            Self::In { place, values } => among(&row.column(*place), values),
            Self::IsNull { place } => Truth::of(row.column(*place).is_null()),
        }
    }
}

/// The least truth of all parts, or the greatest; looks no further once it is `decided`.
fn extreme<C: Columns + ?Sized>(parts: &[Node], row: &C, start: Truth, decided: Truth) -> Truth {
    let mut so_far = start;
    for part in parts {
        let truth = part.truth(row);
        so_far = if start == Truth::True { so_far.min(truth) } else { so_far.max(truth) };
        if so_far == decided {
            break;
        }
    }
    so_far
}

fn among(own: &Value<'_>, values: &[Value<'static>]) -> Truth {
    if values.is_empty() {
        return Truth::False;
    }
    if own.is_null() {
        return Truth::Unknown;
    }
    Truth::of(values.iter().any(|value| own.compare(value) == Some(Ordering::Equal)))
}

impl Test {
    fn truth(self, own: &Value<'_>, other: &Value<'static>) -> Truth {
        match (own, other) {
            (Value::Null(_), _) if self == Self::Same => Truth::False,
            (Value::Null(_), _) => Truth::Unknown,
            (Value::Text(own), Value::Text(part)) if self > Self::Same => Truth::of(self.finds(own, part)),
            _ => own.compare(other).map_or(Truth::of(self == Self::Ne), |order| Truth::of(self.admits(order))),
        }
    }

    fn admits(self, order: Ordering) -> bool {
        match self {
            Self::Eq | Self::Same => order.is_eq(),
            Self::Ne => order.is_ne(),
            Self::Lt => order.is_lt(),
            Self::Le => order.is_le(),
            Self::Gt => order.is_gt(),
            Self::Ge => order.is_ge(),
            _ => false,
        }
    }

    fn finds(self, own: &str, part: &str) -> bool {
        match self {
            Self::StartsWith => own.starts_with(part),
            Self::Contains => own.contains(part),
            Self::EndsWith => own.ends_with(part),
            Self::ContainsCi => own.to_ascii_lowercase().contains(&part.to_ascii_lowercase()),
            _ => false,
        }
    }
}
