//! What loyalty answers: totals, tiers and the best customers.

use std::cmp::Reverse;

use serde::Serialize;

use super::{Member, Sum, Tier};

/// Totals, tiers and the best customers.
#[derive(Debug, Clone, Default)]
pub(crate) struct Overview {
    /// All orders.
    pub(crate) total: Sum,
    /// How many members there are.
    pub(crate) members: u64,
    /// How many of them in each tier.
    pub(crate) tiers: Tiers,
    /// Those who have bought for most, the best first; of two equal ones the lower id first.
    pub(crate) best: Vec<(String, Member)>,
}

/// Members in each tier.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub(crate) struct Tiers {
    /// See [`Tier::Bronze`].
    pub(crate) bronze: u64,
    /// See [`Tier::Silver`].
    pub(crate) silver: u64,
    /// See [`Tier::Gold`].
    pub(crate) gold: u64,
}

impl Overview {
    /// One of so many orders, without members yet.
    pub(super) fn new(total: Sum) -> Self {
        Self { total, ..Self::default() }
    }

    /// Takes in some members and keeps the best.
    pub(super) fn take(&mut self, members: Vec<(String, Member)>, best: usize) {
        self.members += members.len() as u64;
        for (_, member) in &members {
            *self.tiers.of(member.tier) += 1;
        }
        self.best.extend(members);
        self.best.sort_by(|(a, x), (b, y)| (Reverse(x.bought.cents), a).cmp(&(Reverse(y.bought.cents), b)));
        self.best.truncate(best);
    }
}

impl Tiers {
    fn of(&mut self, tier: Tier) -> &mut u64 {
        match tier {
            Tier::Bronze => &mut self.bronze,
            Tier::Silver => &mut self.silver,
            Tier::Gold => &mut self.gold,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_best_of_all_pages_are_kept() {
        let member = |cents| {
            let mut member = Member::default();
            member.add(cents);
            member
        };
        let mut overview = Overview::new(Sum::default());
        overview.take(vec![("a".into(), member(500)), ("b".into(), member(60_000))], 2);
        overview.take(vec![("c".into(), member(10_000)), ("d".into(), member(10_000))], 2);
        let best: Vec<&str> = overview.best.iter().map(|(id, _)| id.as_str()).collect();
        assert_eq!((best, overview.members), (vec!["b", "c"], 4));
        assert_eq!(overview.tiers, Tiers { bronze: 1, silver: 2, gold: 1 });
    }
}
