//! The first program of the guide, word for word, without its database.

use bailiwick::{Command, Event, aggregate};
use serde::{Deserialize, Serialize};

#[derive(Event, Debug, Clone, PartialEq, Serialize, Deserialize)]
enum AccountEvent {
    #[event(name = "account.opened")]    Opened { owner: String },
    #[event(name = "account.deposited")] Deposited { cents: u64 },
}

#[derive(Command, Debug, Clone, Serialize, Deserialize)]
struct Open { #[target] account: String, owner: String }
#[derive(Command, Debug, Clone, Serialize, Deserialize)]
struct Deposit { #[target] account: String, cents: u64 }

#[derive(Default, Debug, Clone, Serialize, Deserialize)]
struct Account { owner: String, cents: u64 }

#[derive(Debug, thiserror::Error)]
enum AccountError { #[error("a deposit must be more than zero")] NothingToDeposit }

#[aggregate(name = "account", id = String, event = AccountEvent, error = AccountError)]
impl Account {
    #[handle(create)]
    fn open(command: Open) -> Result<AccountEvent, AccountError> { Ok(AccountEvent::Opened { owner: command.owner }) }

    #[handle]
    fn deposit(&self, command: Deposit) -> Result<AccountEvent, AccountError> {
        if command.cents == 0 { return Err(AccountError::NothingToDeposit) }
        Ok(AccountEvent::Deposited { cents: command.cents })
    }

    #[apply(Opened)]    fn on_opened(&mut self, owner: &str)     { self.owner = owner.into() }
    #[apply(Deposited)] fn on_deposited(&mut self, cents: &u64) { self.cents += cents }
}

fn main() {
    let mut account = bailiwick::Root::<Account>::new("a-1");
    account.decide(Open { account: "a-1".into(), owner: "Ada".into() }).unwrap();
    account.decide(Deposit { account: "a-1".into(), cents: 500 }).unwrap();
    assert!(account.decide(Deposit { account: "a-1".into(), cents: 0 }).is_err());
    assert_eq!((account.owner.as_str(), account.cents), ("Ada", 500));
}
