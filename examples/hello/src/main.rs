//! The first program: an account is opened and paid into, in a SQLite file beside you.

use bailiwick::{App, Command, Event, aggregate};
use serde::{Deserialize, Serialize};

#[derive(Event, Debug, Clone, PartialEq, Serialize, Deserialize)]
enum AccountEvent {
    #[event(name = "account.opened")]
    Opened { owner: String },
    #[event(name = "account.deposited")]
    Deposited { cents: u64 },
}

#[derive(Command, Debug, Clone, Serialize, Deserialize)]
struct Open {
    #[target]
    account: String,
    owner: String,
}
#[derive(Command, Debug, Clone, Serialize, Deserialize)]
struct Deposit {
    #[target]
    account: String,
    cents: u64,
}

#[derive(Default, Debug, Clone, Serialize, Deserialize)]
struct Account {
    owner: String,
    cents: u64,
}

#[derive(Debug, thiserror::Error)]
enum AccountError {
    #[error("a deposit must be more than zero")]
    NothingToDeposit,
}

#[aggregate(name = "account", id = String, event = AccountEvent, error = AccountError)]
impl Account {
    #[handle(create)]
    fn open(command: Open) -> Result<AccountEvent, AccountError> {
        Ok(AccountEvent::Opened { owner: command.owner })
    }

    #[handle]
    fn deposit(&self, command: Deposit) -> Result<AccountEvent, AccountError> {
        if command.cents == 0 {
            return Err(AccountError::NothingToDeposit);
        }
        Ok(AccountEvent::Deposited { cents: command.cents })
    }

    #[apply(Opened)]
    fn on_opened(&mut self, owner: &str) {
        self.owner = owner.into()
    }
    #[apply(Deposited)]
    fn on_deposited(&mut self, cents: &u64) {
        self.cents += cents
    }
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let app = App::builder().sqlite("accounts.db").aggregate::<Account>().build().await?;
    app.send(Open { account: "a-1".into(), owner: "Ada".into() }).await?;
    app.send(Deposit { account: "a-1".into(), cents: 500 }).await?;
    let account = app.load::<Account>("a-1").await?;
    println!("{} has {} cents at version {}", account.owner, account.cents, account.version());
    Ok(())
}
