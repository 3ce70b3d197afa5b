//! The shape of a plan: what its statement looks like, whatever the values. Statements of one shape have one text, but for how
//! long a list in them is.

use super::{Batch, Reach, Select, Set, Upsert, Write};
use crate::specification::Node;

/// FNV-1a over whole numbers: cheap enough to be counted for every statement, and the same in every process.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Shape(u64);

impl Shape {
    /// Of an operation on the rows of a table.
    pub(crate) fn new(operation: &str, table: &str) -> Self {
        operation.bytes().chain(table.bytes()).fold(Self(0xcbf2_9ce4_8422_2325), |shape, byte| shape.and(byte.into()))
    }

    pub(crate) const fn number(self) -> u64 {
        self.0
    }

    pub(crate) const fn and(self, part: u64) -> Self {
        Self((self.0 ^ part).wrapping_mul(0x0000_0100_0000_01b3))
    }

    pub(crate) fn select(self, plan: &Select) -> Self {
        let shape = plan.order.iter().fold(self.reach(&plan.reach), |shape, order| {
            shape.and(order.place as u64).and(u64::from(order.descending)).and(u64::from(order.nulls_first))
        });
        let lock = plan.lock.map_or(0, |lock| 1 + lock as u64);
        shape.and(u64::from(plan.seek.is_some())).and(u64::from(plan.offset > 0)).and(lock)
    }

    pub(crate) fn reach(self, reach: &Reach) -> Self {
        let shape = reach.parts.iter().fold(self, Self::node);
        reach.related.iter().fold(shape, |shape, related| shape.and(u64::from(related.lacking)).reach(&related.reach))
    }

    pub(crate) fn write(self, write: &Write) -> Self {
        match write {
            Write::Insert { .. } => self.and(1),
            Write::Update { reach, set } => self.and(2).set(set).reach(reach),
            Write::Delete { reach } => self.and(3).reach(reach),
        }
    }

    /// The writes of a batch are mostly of one shape.
    pub(crate) fn batch(self, plan: &Batch) -> Self {
        plan.writes.first().map_or(self, |write| self.write(write))
    }

    pub(crate) fn upsert(self, plan: &Upsert) -> Self {
        self.set(&plan.set).reach(&plan.reach)
    }

    fn set(self, set: &[(usize, Set)]) -> Self {
        set.iter().fold(self, |shape, (place, _)| shape.and(*place as u64))
    }

    fn node(self, node: &Node) -> Self {
        match node {
            Node::All(parts) => parts.iter().fold(self.and(11), Self::node).and(12),
            Node::Any(parts) => parts.iter().fold(self.and(13), Self::node).and(14),
            Node::Not(inner) => self.and(15).node(inner),
            Node::Cmp { place, test, .. } => self.and(16).and(*place as u64).and(*test as u64),
            Node::In { place, .. } => self.and(17).and(*place as u64),
            Node::IsNull { place } => self.and(18).and(*place as u64),
        }
    }
}
