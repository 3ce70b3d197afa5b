//! The one domain that the behaviour tests share: accounts, their money, and who is told of it.

use std::sync::{
    Arc,
    atomic::{AtomicU32, Ordering},
};

use bailiwick::{
    BoxError, Command, Context, Event, Query, ReadModel, Recorded, Transaction, aggregate, command, projection, service,
};
use serde::{Deserialize, Serialize};

/// What happens to an account.
#[derive(Event, Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum AccountEvent {
    /// It exists.
    #[event(name = "account.opened")]
    Opened {
        /// Whose it is.
        owner: String,
    },
    /// Money came.
    #[event(name = "account.deposited")]
    Deposited {
        /// How much.
        cents: u64,
    },
}

/// Opens an account.
#[derive(Command, Debug, Clone, Serialize, Deserialize)]
pub struct Open {
    /// Which.
    #[target]
    pub account: String,
    /// Whose.
    pub owner: String,
}

/// Pays money in.
#[derive(Command, Debug, Clone, Serialize, Deserialize)]
pub struct Deposit {
    /// Where.
    #[target]
    pub account: String,
    /// How much.
    pub cents: u64,
}

/// An account.
#[derive(Default, Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Account {
    /// Whose it is.
    pub owner: String,
    /// What is in it.
    pub cents: u64,
}

/// Why not.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum AccountError {
    /// Zero is no deposit.
    #[error("a deposit must be more than zero")]
    NothingToDeposit,
    /// The framework could not.
    #[error("the bank is closed: {0}")]
    Closed(String),
}

impl From<bailiwick::Error> for AccountError {
    fn from(error: bailiwick::Error) -> Self {
        Self::Closed(error.code().into())
    }
}

#[aggregate(name = "account", id = String, event = AccountEvent, error = AccountError, snapshot(every = 10, version = 1))]
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
        self.owner = owner.into();
    }

    #[apply(Deposited)]
    fn on_deposited(&mut self, cents: &u64) {
        self.cents += cents;
    }
}

/// A transfer was carried out: a fact for others.
#[derive(Event, Debug, Clone, PartialEq, Serialize, Deserialize)]
#[event(name = "bank.transferred", kind = notification, topic = "bank", key = to)]
pub struct Transferred {
    /// To which account.
    pub to: String,
    /// How much.
    pub cents: u64,
}

/// Pays into two accounts at once.
#[derive(Command, Debug, Clone, Serialize, Deserialize)]
pub struct Split {
    /// The first.
    pub first: String,
    /// The second.
    pub second: String,
    /// How much each.
    pub cents: u64,
}

/// Asks for the sum of all transfers.
#[derive(Query, Debug, Clone, Serialize, Deserialize)]
#[query(output = u64)]
pub struct Sum;

/// What was transferred, by account.
pub const TRANSFERRED: ReadModel<u64> = ReadModel::new("transferred");
/// How much lies in the bank, kept inline.
pub const DEPOSITS: ReadModel<u64> = ReadModel::new("deposits");
/// The same, kept from a checkpoint.
pub const DEPOSITS_LATER: ReadModel<u64> = ReadModel::new("deposits_later");

/// The bank's desk. It can be told to fail.
#[derive(Debug, Clone, Default)]
pub struct Desk {
    /// So many of the next deliveries panic.
    pub panics: Arc<AtomicU32>,
    /// So many of the next deliveries for account `a` fail.
    pub failures: Arc<AtomicU32>,
    /// How often a subscriber was called.
    pub calls: Arc<AtomicU32>,
}

fn take(count: &AtomicU32) -> bool {
    count.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| left.checked_sub(1)).is_ok()
}

#[service]
impl Desk {
    #[handle]
    async fn split(&self, command: Split, cx: &mut Context) -> Result<u64, AccountError> {
        for account in [&command.first, &command.second] {
            let deposit = Deposit { account: account.clone(), cents: command.cents };
            cx.send(deposit).await.map_err(|error| AccountError::Closed(error.to_string()))?;
            cx.publish(Transferred { to: account.clone(), cents: command.cents });
        }
        Ok(2 * command.cents)
    }

    #[handle]
    async fn sum(&self, _query: Sum, cx: &Context) -> Result<u64, AccountError> {
        Ok(cx.read(TRANSFERRED).all().await?.into_iter().map(|(_, cents)| cents).sum())
    }

    #[subscribe]
    async fn note(&self, event: &Recorded<Transferred>, cx: &mut Context) -> Result<(), BoxError> {
        self.calls.fetch_add(1, Ordering::SeqCst);
        let cents = event.cents;
        cx.update(TRANSFERRED, &event.to, move |sum| *sum += cents);
        assert!(!take(&self.panics), "told to panic");
        if event.to == "a" && take(&self.failures) {
            return Err("told to fail".into());
        }
        Ok(())
    }
}

/// Adds deposits up in the transaction that makes them.
#[derive(Debug, Clone, Default)]
pub struct Inline {
    /// So many of the next events are refused.
    pub failures: Arc<AtomicU32>,
    /// So many of the next events make it panic.
    pub panics: Arc<AtomicU32>,
}

#[projection(name = "deposits", version = 1, inline)]
impl Inline {
    #[project]
    async fn deposited(&self, event: &Recorded<AccountEvent>, tx: &mut Transaction) -> Result<(), BoxError> {
        assert!(!take(&self.panics), "told to panic");
        if take(&self.failures) {
            return Err("told to fail".into());
        }
        if let AccountEvent::Deposited { cents } = **event {
            tx.update(DEPOSITS, "all", move |sum| *sum += cents);
        }
        Ok(())
    }
}

/// Adds deposits up from a checkpoint.
#[derive(Debug, Clone, Default)]
pub struct Later;

#[projection(name = "deposits_later", version = 1)]
impl Later {
    #[project]
    async fn deposited(&self, event: &Recorded<AccountEvent>, tx: &mut Transaction) -> Result<(), BoxError> {
        if let AccountEvent::Deposited { cents } = **event {
            tx.update(DEPOSITS_LATER, "all", move |sum| *sum += cents);
        }
        Ok(())
    }
}

/// Renames the owner's label; audited, and undone by giving the old label back.
#[derive(Command, Debug, Clone, Serialize, Deserialize)]
pub struct Relabel {
    /// Which account.
    #[target]
    pub account: String,
    /// The new label.
    pub label: String,
    /// Something private.
    #[audit(redact)]
    pub note: Option<String>,
}

/// Labels by account.
pub const LABELS: ReadModel<String> = ReadModel::new("labels");

#[command(name = "account.relabel", audit)]
impl Relabel {
    #[validate]
    fn check(&self) -> Result<(), AccountError> {
        if self.label.is_empty() { Err(AccountError::Closed("a label has letters".into())) } else { Ok(()) }
    }

    #[authorize]
    fn allowed(&self, actor: &bailiwick::Actor) -> bool {
        actor.id() != "mallory"
    }

    #[execute]
    async fn execute(&self, cx: &mut Context) -> Result<Option<String>, AccountError> {
        let before = cx.get(LABELS, &self.account).await?;
        cx.put(LABELS, &self.account, &self.label)?;
        Ok(before)
    }

    #[undo]
    async fn undo(&self, before: &Option<String>, cx: &mut Context) -> Result<(), AccountError> {
        match before {
            Some(label) => cx.put(LABELS, &self.account, label)?,
            None => cx.delete(LABELS, &self.account),
        }
        Ok(())
    }
}

/// Opens an account of Ada's.
#[must_use]
pub fn open(account: &str) -> Open {
    Open { account: account.into(), owner: "Ada".into() }
}

/// Pays in.
#[must_use]
pub fn deposit(account: &str, cents: u64) -> Deposit {
    Deposit { account: account.into(), cents }
}
