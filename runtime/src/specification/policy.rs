//! What a filter from outside may say.

use std::{fmt, marker::PhantomData};

use super::json::{Asked, read_asked};
use crate::{
    entity::{ColumnDef, Comparable, Entity, Field, Filtering, Kind, Sort},
    error::Error,
};

/// An operator, as filters from outside name it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Operator {
    /// `eq`
    Eq,
    /// `ne`
    Ne,
    /// `lt`
    Lt,
    /// `le`
    Le,
    /// `gt`
    Gt,
    /// `ge`
    Ge,
    /// `between`, with a list of two values
    Between,
    /// `same`, also with `null`
    Same,
    /// `not_same`, also with `null`
    NotSame,
    /// `in`, with a list
    In,
    /// `not_in`, with a list
    NotIn,
    /// `is_null`, without a value
    IsNull,
    /// `not_null`, without a value
    NotNull,
    /// `starts_with`
    StartsWith,
    /// `contains`
    Contains,
    /// `ends_with`
    EndsWith,
    /// `contains_ci`
    ContainsCi,
}

impl Operator {
    /// All of them.
    pub const ALL: [Self; 17] = [
        Self::Eq,
        Self::Ne,
        Self::Lt,
        Self::Le,
        Self::Gt,
        Self::Ge,
        Self::Between,
        Self::Same,
        Self::NotSame,
        Self::In,
        Self::NotIn,
        Self::IsNull,
        Self::NotNull,
        Self::StartsWith,
        Self::Contains,
        Self::EndsWith,
        Self::ContainsCi,
    ];

    /// Its name in JSON.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Eq => "eq",
            Self::Ne => "ne",
            Self::Lt => "lt",
            Self::Le => "le",
            Self::Gt => "gt",
            Self::Ge => "ge",
            Self::Between => "between",
            Self::Same => "same",
            Self::NotSame => "not_same",
            Self::In => "in",
            Self::NotIn => "not_in",
            Self::IsNull => "is_null",
            Self::NotNull => "not_null",
            Self::StartsWith => "starts_with",
            Self::Contains => "contains",
            Self::EndsWith => "ends_with",
            Self::ContainsCi => "contains_ci",
        }
    }

    /// The operator of this name, byte for byte.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|operator| operator.name() == name)
    }

    /// Whether the column has it.
    #[must_use]
    pub fn fits(self, column: &ColumnDef) -> bool {
        let pattern = column.filtering() == Filtering::Pattern && column.kind() == Kind::Text;
        match self {
            _ if column.filtering() == Filtering::No => false,
            Self::Lt | Self::Le | Self::Gt | Self::Ge | Self::Between => column.is_ordered(),
            Self::IsNull | Self::NotNull => column.is_nullable(),
            Self::StartsWith | Self::Contains | Self::EndsWith | Self::ContainsCi => pattern,
            _ => true,
        }
    }
}

impl fmt::Display for Operator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// Which columns and operators a filter from outside may name, and how large it may be.
///
/// The default allows every column that the entity declares as `filter` and not as `sensitive`, with every operator that the
/// column has.
pub struct SpecPolicy<E> {
    rules: Rules,
    entity: PhantomData<fn() -> E>,
}

/// A policy, of whichever entity.
#[derive(Debug, Clone)]
pub(super) struct Rules {
    /// Columns by place with their operators; `None` allows all.
    allowed: Option<Vec<(usize, Vec<Operator>)>>,
    /// In bytes.
    pub(super) max_bytes: usize,
    /// Levels of connectives and negations.
    pub(super) max_depth: usize,
    /// Connectives, negations, tests, and the values of lists.
    pub(super) max_nodes: usize,
    /// In bytes, of a part of a text.
    pub(super) max_pattern: usize,
    /// In bytes, of another text.
    pub(super) max_text: usize,
}

impl Rules {
    pub(super) fn allow(&self, place: usize, operator: Operator) -> bool {
        let Some(allowed) = &self.allowed else { return true };
        allowed.iter().any(|(own, operators)| *own == place && operators.contains(&operator))
    }

    /// Whether the column may be named: one that is sensitive only where it is allowed by its name, for who may ask for parts
    /// of a value learns it.
    pub(super) fn name(&self, place: usize, column: &ColumnDef) -> bool {
        let Some(allowed) = &self.allowed else { return !column.is_sensitive() };
        allowed.iter().any(|(own, _)| *own == place)
    }
}

impl<E> Default for SpecPolicy<E> {
    fn default() -> Self {
        let rules = Rules {
            allowed: None,
            max_bytes: 64 * 1024,
            max_depth: 16,
            max_nodes: 500,
            max_pattern: 256,
            max_text: 1_024,
        };
        Self { rules, entity: PhantomData }
    }
}

impl<E: Entity> SpecPolicy<E> {
    /// Allows nothing but what [`allow`](Self::allow) adds.
    #[must_use]
    pub fn only() -> Self {
        let mut policy = Self::default();
        policy.rules.allowed = Some(Vec::new());
        policy
    }

    /// Allows these operators on a column. On a policy that allows all columns, it narrows it to those that are named so.
    #[must_use]
    pub fn allow<T, F: Comparable, S>(
        mut self,
        field: Field<E, T, F, S>,
        operators: impl IntoIterator<Item = Operator>,
    ) -> Self {
        let allowed = self.rules.allowed.get_or_insert_default();
        allowed.push((field.place(), operators.into_iter().collect()));
        self
    }

    /// Lets a column be sorted by that no operator is allowed on.
    #[must_use]
    pub fn allow_sort<T, F>(mut self, field: Field<E, T, F, Sort>) -> Self {
        self.rules.allowed.get_or_insert_default().push((field.place(), Vec::new()));
        self
    }

    /// Reads a condition, an order and a limit.
    pub(crate) fn read(&self, text: &str) -> Result<Asked, Error> {
        read_asked(E::TABLE, text, &self.rules)
    }

    /// The longest text, in bytes; 65,536 unless it is said.
    #[must_use]
    pub fn max_bytes(mut self, bytes: usize) -> Self {
        self.rules.max_bytes = bytes;
        self
    }

    /// How deep connectives and negations may be nested; 16 unless it is said, at most 60.
    #[must_use]
    pub fn max_depth(mut self, levels: usize) -> Self {
        self.rules.max_depth = levels.min(60);
        self
    }

    /// How many connectives, negations, tests and values of lists there may be together; 500 unless it is said.
    #[must_use]
    pub fn max_nodes(mut self, nodes: usize) -> Self {
        self.rules.max_nodes = nodes;
        self
    }

    /// How long the part of a text may be that is looked for, in bytes; 256 unless it is said.
    #[must_use]
    pub fn max_pattern(mut self, bytes: usize) -> Self {
        self.rules.max_pattern = bytes;
        self
    }

    /// How long any other text may be, in bytes; 1,024 unless it is said.
    #[must_use]
    pub fn max_text(mut self, bytes: usize) -> Self {
        self.rules.max_text = bytes;
        self
    }

    pub(super) const fn rules(&self) -> &Rules {
        &self.rules
    }
}

impl<E> Clone for SpecPolicy<E> {
    fn clone(&self) -> Self {
        Self { rules: self.rules.clone(), entity: PhantomData }
    }
}

impl<E> fmt::Debug for SpecPolicy<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.rules.fmt(f)
    }
}
