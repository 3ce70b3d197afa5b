//! The read models of loyalty.

use bailiwick::ReadModel;
use serde::{Deserialize, Serialize};

/// All orders, under the key `all`.
pub(crate) const TOTAL: ReadModel<Sum> = ReadModel::new("loyalty.total");

/// Orders by month, such as `1997-01`.
pub(crate) const MONTHS: ReadModel<Sum> = ReadModel::new("loyalty.months");

/// Members by the id of the customer.
pub(crate) const MEMBERS: ReadModel<Member> = ReadModel::new("loyalty.members");

/// So many orders for so much.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Sum {
    /// Orders heard of.
    pub(crate) orders: u64,
    /// What they cost, in cents.
    pub(crate) cents: u64,
}

impl Sum {
    /// Takes in one order.
    pub(crate) fn add(&mut self, cents: u64) {
        self.orders += 1;
        self.cents += cents;
    }
}

/// A customer in the eyes of loyalty.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Member {
    /// What the customer has bought.
    #[serde(flatten)]
    pub(crate) bought: Sum,
    /// What that is worth.
    pub(crate) tier: Tier,
}

impl Member {
    /// Takes in one order, which may lift the member.
    pub(crate) fn add(&mut self, cents: u64) {
        self.bought.add(cents);
        self.tier = Tier::of(self.bought.cents);
    }
}

/// How loyal.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Tier {
    /// Below 100 dollars.
    #[default]
    Bronze,
    /// From 100 dollars.
    Silver,
    /// From 500 dollars.
    Gold,
}

impl Tier {
    /// The tier of one who has bought for so many cents.
    #[must_use]
    pub(crate) fn of(cents: u64) -> Self {
        match cents {
            50_000.. => Self::Gold,
            10_000.. => Self::Silver,
            _ => Self::Bronze,
        }
    }

    /// Its name, for people.
    #[must_use]
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Bronze => "bronze",
            Self::Silver => "silver",
            Self::Gold => "gold",
        }
    }
}
