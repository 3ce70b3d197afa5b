//! An account with a snapshot, and events after it.

use bailiwick::{
    App, Clock, Command, Expected, aggregate,
    store::{AnyStore, Append, Commit},
};
use serde::{Deserialize, Serialize};

use super::{
    accounts::{AccountError, AccountEvent, deposited, envelopes, stream},
    work::{SAVED, TAIL},
};

/// The account.
pub const ACCOUNT: &str = "account-1";

#[derive(Command, Debug, Clone)]
struct Cross {
    #[target]
    account: String,
}

#[derive(Default, Debug, Serialize, Deserialize)]
pub struct Saved {
    pub cents: u64,
}

#[aggregate(
    name = "account", id = String, event = AccountEvent, error = AccountError, snapshot(every = 1000, version = 1)
)]
impl Saved {
    #[handle]
    fn cross(&self, command: Cross) -> Result<AccountEvent, AccountError> {
        let _target = command.account;
        Ok(deposited(1))
    }

    #[apply(Deposited)]
    fn on_deposited(&mut self, cents: &u64, reference: &str, branch: &str, note: &str) {
        let _read = (reference, branch, note);
        self.cents += cents;
    }
}

/// The state of a snapshot written by hand.
pub fn state() -> Vec<u8> {
    serde_json::to_vec(&Saved { cents: SAVED.unsigned_abs() }).unwrap()
}

/// The cents of such a state.
pub fn cents(state: &[u8]) -> u64 {
    let Saved { cents } = serde_json::from_slice(state).unwrap();
    cents
}

/// Fills the store: the command that crosses a thousand stores the snapshot, and the others come after it.
pub async fn fill(store: &AnyStore) -> App {
    let clock = Clock::system();
    let append =
        |events| Append { stream: stream(ACCOUNT), expected: Expected::Any, events: envelopes(&clock, events) };
    let before = Commit { appends: vec![append(SAVED - 1)], ..Commit::default() };
    store.commit(before).await.unwrap();
    let app = App::builder().any_store(store.clone()).aggregate::<Saved>().build().await.unwrap();
    app.send(Cross { account: ACCOUNT.into() }).await.unwrap();
    store.commit(Commit { appends: vec![append(TAIL)], ..Commit::default() }).await.unwrap();
    app
}
