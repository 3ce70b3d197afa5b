//! Specifications: conditions on entities, written once and held in memory, by three databases, and as text.
//!
//! ```
//! # use bailiwick::{State, entity::Entity};
//! #[derive(State, Debug, Clone, Copy, PartialEq, Eq, Hash)]
//! enum Status {
//!     #[state(initial)]
//!     Pending,
//!     #[state(terminal)]
//!     Paid,
//! }
//!
//! #[derive(Entity)]
//! #[entity(table = "orders")]
//! struct Order {
//!     #[id]
//!     id: i64,
//!     #[col(filter)]
//!     status: Status,
//!     #[col(filter, sort)]
//!     cents: i64,
//!     #[col(filter(contains), max = 200)]
//!     label: Option<String>,
//! }
//!
//! let due = (Order::status().eq(Status::Pending) & Order::cents().gt(100)) | Order::label().contains("rush");
//! assert!(due.matches(&Order { id: 1, status: Status::Pending, cents: 200, label: None }));
//! assert!(!due.matches(&Order { id: 2, status: Status::Paid, cents: 200, label: None }));
//! assert_eq!(due.to_string(), r#"(status = "pending" AND cents > 100) OR label CONTAINS "rush""#);
//! ```
//!
//! A rule that is used twice is a function that returns a [`Spec`]. A specification speaks of the entity's own columns
//! alone, and only of those that the entity declares as `filter`; therefore [`Spec::matches`] answers for every entity,
//! without a database and without an error.
//!
//! # Null
//! As in SQL, a comparison with null is neither true nor false but unknown; NOT unknown is unknown; AND is false if one side
//! is, OR true if one side is. What is unknown in the end does not match. In memory and in every database it is the same
//! logic, so `!Order::label().eq("rush")` does not find orders without a label: [`not_same`](crate::entity::Field::not_same)
//! does.

mod eval;
mod json;
mod node;
mod operators;
mod policy;
mod text;

use std::{
    fmt,
    marker::PhantomData,
    ops::{BitAnd, BitOr, Not},
};

pub use eval::{Columns, Truth};
pub(crate) use json::Asked;
pub use node::{Node, Test};
pub use policy::{Operator, SpecPolicy};

use crate::{entity::Entity, error::Error};

/// A condition on entities `E`.
#[must_use = "a specification does nothing by itself"]
pub struct Spec<E> {
    node: Node,
    entity: PhantomData<fn() -> E>,
}

impl<E: Entity> Spec<E> {
    pub(crate) const fn of(node: Node) -> Self {
        Self { node, entity: PhantomData }
    }

    /// Every entity.
    pub const fn all() -> Self {
        Self::of(Node::All(Vec::new()))
    }

    /// No entity.
    pub const fn none() -> Self {
        Self::of(Node::Any(Vec::new()))
    }

    /// Those for which each of these holds; of no conditions, every entity.
    pub fn all_of(specs: impl IntoIterator<Item = Self>) -> Self {
        Self::of(Node::All(specs.into_iter().map(|spec| spec.node).collect()))
    }

    /// Those for which one of these holds; of no conditions, no entity.
    pub fn any_of(specs: impl IntoIterator<Item = Self>) -> Self {
        Self::of(Node::Any(specs.into_iter().map(|spec| spec.node).collect()))
    }

    /// Whether the condition holds for this entity. Unknown does not.
    #[must_use]
    pub fn matches(&self, entity: &E) -> bool {
        self.node.truth(entity) == Truth::True
    }

    /// The tree.
    #[must_use]
    pub const fn node(&self) -> &Node {
        &self.node
    }

    /// The same condition in the form that does not depend on the order in which it was written.
    pub fn normal(self) -> Self {
        Self::of(self.node.normal())
    }

    /// The condition as JSON, which [`from_json`](Self::from_json) reads.
    ///
    /// # Errors
    /// `filter/type` if it holds a value that no column can, such as a number that is not finite.
    pub fn to_json(&self) -> Result<String, Error> {
        json::write(E::TABLE, &self.node)
    }

    /// Reads a condition from JSON that comes from outside, for instance
    /// `{"v":1,"where":{"all":[{"field":"status","op":"in","value":["paid","shipped"]},{"not":{"field":"label","op":"is_null"}}]}}`.
    ///
    /// Only columns that are declared as `filter` can be named, and of these only what the policy allows. Names match byte for
    /// byte. Operators: `eq ne lt le gt ge between same not_same in not_in is_null not_null starts_with contains ends_with
    /// contains_ci`. Whole numbers are written as numbers or as texts; decimals, UUIDs, dates and times (RFC 3339) as texts;
    /// `null` stands with `same` and `not_same` alone.
    ///
    /// # Errors
    /// `filter/syntax` if it is no such JSON, `filter/field` for a column that cannot be named, `filter/operator` for an
    /// operator that the column does not have or the policy does not allow, `filter/type` for a value that the column
    /// cannot hold, `filter/budget` if it is longer, deeper or larger than the policy allows.
    pub fn from_json(text: &str, policy: &SpecPolicy<E>) -> Result<Self, Error> {
        json::read(E::TABLE, text, policy.rules()).map(Self::of)
    }
}

impl<E> Clone for Spec<E> {
    fn clone(&self) -> Self {
        Self { node: self.node.clone(), entity: PhantomData }
    }
}

impl<E> PartialEq for Spec<E> {
    fn eq(&self, other: &Self) -> bool {
        self.node == other.node
    }
}

/// As [`Display`](fmt::Display): the tree itself shows every value.
impl<E: Entity> fmt::Debug for Spec<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// As a person would write it: `(status = "pending" AND total > 100) OR NOT label IS NULL`. Values of sensitive columns are
/// not shown, of long lists the first five.
impl<E: Entity> fmt::Display for Spec<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        text::Shown { table: E::TABLE, node: &self.node, inside: false }.fmt(f)
    }
}

impl<E: Entity> BitAnd for Spec<E> {
    type Output = Self;

    fn bitand(self, other: Self) -> Self {
        Self::of(self.node.and(other.node))
    }
}

impl<E: Entity> BitOr for Spec<E> {
    type Output = Self;

    fn bitor(self, other: Self) -> Self {
        Self::of(self.node.or(other.node))
    }
}

impl<E: Entity> Not for Spec<E> {
    type Output = Self;

    fn not(self) -> Self {
        // Of unknown the opposite is unknown, so two of them are none.
        Self::of(match self.node {
            Node::Not(inner) => *inner,
            node => Node::Not(Box::new(node)),
        })
    }
}
