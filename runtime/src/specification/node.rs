//! The closed tree that every form of a specification is made from.

use std::cmp::Ordering;

use crate::entity::Value;

/// A condition on the columns of one table. Columns are named by their places.
#[derive(Debug, Clone, PartialEq)]
pub enum Node {
    /// Each of these holds; without any, true.
    All(Vec<Node>),
    /// One of these holds; without any, false.
    Any(Vec<Node>),
    /// This does not hold; unknown stays unknown.
    Not(Box<Node>),
    /// The column stands to the value as the test says.
    Cmp {
        /// The column.
        place: usize,
        /// How it stands.
        test: Test,
        /// To what.
        value: Value<'static>,
    },
    /// The column is one of these values; of none, never, not even where it is null.
    In {
        /// The column.
        place: usize,
        /// The values.
        values: Vec<Value<'static>>,
    },
    /// The column is null.
    IsNull {
        /// The column.
        place: usize,
    },
}

/// How the value of a column stands to another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Test {
    /// It is equal.
    Eq,
    /// It is another.
    Ne,
    /// It is less.
    Lt,
    /// It is less, or equal.
    Le,
    /// It is more.
    Gt,
    /// It is more, or equal.
    Ge,
    /// It is equal; if it is null, it is not.
    Same,
    /// Its text begins so.
    StartsWith,
    /// Its text has this part.
    Contains,
    /// Its text ends so.
    EndsWith,
    /// Its text has this part, the letters A to Z in either case.
    ContainsCi,
}

impl Node {
    /// Both hold.
    #[must_use]
    pub(super) fn and(self, other: Self) -> Self {
        Self::All([self.parts(true), other.parts(true)].concat())
    }

    /// One of both holds.
    #[must_use]
    pub(super) fn or(self, other: Self) -> Self {
        Self::Any([self.parts(false), other.parts(false)].concat())
    }

    /// What a conjunction or a disjunction is made of; everything else is made of itself.
    fn parts(self, all: bool) -> Vec<Self> {
        match self {
            Self::All(parts) if all => parts,
            Self::Any(parts) if !all => parts,
            other => vec![other],
        }
    }

    /// How many connectives, negations and tests it is made of.
    #[must_use]
    pub fn size(&self) -> usize {
        match self {
            Self::All(parts) | Self::Any(parts) => 1 + parts.iter().map(Self::size).sum::<usize>(),
            Self::Not(inner) => 1 + inner.size(),
            Self::Cmp { .. } | Self::In { .. } | Self::IsNull { .. } => 1,
        }
    }

    /// How many levels of connectives and negations it has; a test is one.
    #[must_use]
    pub fn depth(&self) -> usize {
        match self {
            Self::All(parts) | Self::Any(parts) => 1 + parts.iter().map(Self::depth).max().unwrap_or(0),
            Self::Not(inner) => 1 + inner.depth(),
            Self::Cmp { .. } | Self::In { .. } | Self::IsNull { .. } => 1,
        }
    }

    /// The form that is the same for conditions that say the same in another order: nested connectives of one kind are
    /// one, those of one part are the part, two negations are none, parts are sorted by column and test.
    #[must_use]
    pub fn normal(self) -> Self {
        match self {
            Self::All(parts) => connective(parts, true),
            Self::Any(parts) => connective(parts, false),
            Self::Not(inner) => match inner.normal() {
                Self::Not(inside) => *inside,
                other => Self::Not(Box::new(other)),
            },
            Self::In { place, mut values } => {
                values.sort_by(by_value);
                values.dedup_by(|left, right| by_value(left, right).is_eq());
                Self::In { place, values }
            }
            leaf => leaf,
        }
    }

    /// The place of a condition among others: by column, then by test, then by value.
    fn order(&self, other: &Self) -> Ordering {
        self.rank().cmp(&other.rank()).then_with(|| match (self, other) {
            (Self::Cmp { value: left, .. }, Self::Cmp { value: right, .. }) => by_value(left, right),
            (Self::In { values: left, .. }, Self::In { values: right, .. }) => lexicographic(left, right, &by_value),
            (Self::Not(left), Self::Not(right)) => left.order(right),
            (Self::All(left) | Self::Any(left), Self::All(right) | Self::Any(right)) => {
                lexicographic(left, right, &Self::order)
            }
            _ => Ordering::Equal,
        })
    }

    /// Leaves by column, then what is made of others.
    fn rank(&self) -> (usize, u8) {
        match self {
            Self::Cmp { place, test, .. } => (*place, *test as u8),
            Self::In { place, .. } => (*place, 100),
            Self::IsNull { place } => (*place, 101),
            Self::Not(inner) => (inner.rank().0, 102),
            Self::All(_) => (usize::MAX, 103),
            Self::Any(_) => (usize::MAX, 104),
        }
    }
}

fn connective(parts: Vec<Node>, all: bool) -> Node {
    let mut parts: Vec<Node> = parts.into_iter().flat_map(|part| part.normal().parts(all)).collect();
    parts.sort_by(Node::order);
    match parts.len() {
        1 => parts.remove(0),
        _ if all => Node::All(parts),
        _ => Node::Any(parts),
    }
}

/// An order of all values, also of those that have none among themselves.
fn by_value(left: &Value<'static>, right: &Value<'static>) -> Ordering {
    let rank = |value: &Value<'static>| (value.kind() as u8, value.is_null(), matches!(value, Value::Unfit(..)));
    match (left, right) {
        (Value::Float(left), Value::Float(right)) => left.total_cmp(right),
        _ => left.compare(right).unwrap_or_else(|| rank(left).cmp(&rank(right))),
    }
}

fn lexicographic<T>(left: &[T], right: &[T], order: &dyn Fn(&T, &T) -> Ordering) -> Ordering {
    let first = left.iter().zip(right).map(|(left, right)| order(left, right)).find(|order| order.is_ne());
    first.unwrap_or_else(|| left.len().cmp(&right.len()))
}
