//! The domain: an account, what happens to it and what it refuses.

use bailiwick::{Command, Event, Json, aggregate};
use serde::{Deserialize, Serialize};

use crate::money::Cents;

/// What happens to an account.
#[derive(Event, Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) enum AccountEvent {
    /// It exists. Version 1 had its limit in whole euros.
    #[event(name = "account.opened", version = 2, upcast(1 => euros_to_cents))]
    Opened {
        /// Whose it is.
        owner: String,
        /// How far below zero it may go.
        limit_cents: i64,
    },
    /// Money came.
    #[event(name = "account.deposited")]
    Deposited {
        /// How much.
        cents: i64,
    },
    /// Money went.
    #[event(name = "account.withdrawn")]
    Withdrawn {
        /// How much.
        cents: i64,
    },
}

fn euros_to_cents(mut opened: Json) -> Json {
    let euros = opened["limit"].as_i64().unwrap_or_default();
    opened["limit_cents"] = (100 * euros).into();
    opened
}

/// Opens an account.
#[derive(Command, Debug, Clone)]
pub(crate) struct Open {
    #[target]
    pub(crate) account: String,
    pub(crate) owner: String,
    pub(crate) limit_cents: i64,
}

/// Pays money in.
#[derive(Command, Debug, Clone)]
pub(crate) struct Deposit {
    #[target]
    pub(crate) account: String,
    pub(crate) cents: i64,
}

/// Takes money out.
#[derive(Command, Debug, Clone)]
pub(crate) struct Withdraw {
    #[target]
    pub(crate) account: String,
    pub(crate) cents: i64,
}

/// Why the bank says no.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub(crate) enum Refusal {
    /// Nothing, or less.
    #[error("an amount is more than zero")]
    NoAmount,
    /// More than there is.
    #[error("{balance} and a limit of {limit} do not cover {wanted}")]
    Uncovered {
        /// What is there.
        balance: Cents,
        /// How far below zero the account may go.
        limit: Cents,
        /// What was asked for.
        wanted: Cents,
    },
}

/// How many events lie between two snapshots.
pub(crate) const EVERY: u32 = 20;

/// An account: the fold of its events.
#[derive(Default, Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Account {
    pub(crate) owner: String,
    pub(crate) cents: i64,
    pub(crate) limit_cents: i64,
    /// The last three, the newest at the end.
    pub(crate) movements: Vec<i64>,
}

#[aggregate(
    name = "account", id = String, event = AccountEvent, error = Refusal, snapshot(every = 20, version = 1)
)]
impl Account {
    #[handle(create)]
    fn open(command: Open) -> Result<AccountEvent, Refusal> {
        Ok(AccountEvent::Opened { owner: command.owner, limit_cents: command.limit_cents })
    }

    #[handle]
    fn deposit(&self, command: Deposit) -> Result<AccountEvent, Refusal> {
        Ok(AccountEvent::Deposited { cents: positive(command.cents)? })
    }

    #[handle]
    fn withdraw(&self, command: Withdraw) -> Result<AccountEvent, Refusal> {
        let cents = positive(command.cents)?;
        if self.cents + self.limit_cents < cents {
            let (balance, limit) = (Cents(self.cents), Cents(self.limit_cents));
            return Err(Refusal::Uncovered { balance, limit, wanted: Cents(cents) });
        }
        Ok(AccountEvent::Withdrawn { cents })
    }

    #[apply(Opened)]
    fn on_opened(&mut self, owner: &str, limit_cents: i64) {
        self.owner = owner.into();
        self.limit_cents = limit_cents;
    }

    #[apply(Deposited)]
    fn on_deposited(&mut self, cents: i64) {
        self.book(cents);
    }

    #[apply(Withdrawn)]
    fn on_withdrawn(&mut self, cents: i64) {
        self.book(-cents);
    }
}

impl Account {
    fn book(&mut self, cents: i64) {
        self.cents += cents;
        self.movements.push(cents);
        if self.movements.len() > 3 {
            self.movements.remove(0);
        }
    }
}

fn positive(cents: i64) -> Result<i64, Refusal> {
    if cents > 0 { Ok(cents) } else { Err(Refusal::NoAmount) }
}

#[cfg(test)]
mod tests {
    use bailiwick::testing::GivenWhenThen as _;

    use super::{Account, AccountEvent, Cents, Refusal, Withdraw};

    #[test]
    fn an_account_goes_down_to_its_limit_and_no_further() {
        let past =
            || [AccountEvent::Opened { owner: "Ada".into(), limit_cents: 50 }, AccountEvent::Deposited { cents: 10 }];
        let withdraw = |cents| Withdraw { account: "a".into(), cents };
        Account::given(past()).when(withdraw(60)).then([AccountEvent::Withdrawn { cents: 60 }]);
        let refusal = Refusal::Uncovered { balance: Cents(10), limit: Cents(50), wanted: Cents(61) };
        Account::given(past()).when(withdraw(61)).rejects(refusal);
        Account::given(past()).when(withdraw(0)).rejects(Refusal::NoAmount);
    }
}
