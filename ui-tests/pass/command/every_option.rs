//! Every option and role, generics, `cfg`, and the checks of a command that an aggregate handles.

#![deny(warnings, missing_docs, clippy::pedantic)]

use std::time::Duration;

use bailiwick::{
    Actor, Command, Context,
    command::{Handled, Policy},
    roles,
};
use serde::{Deserialize, Serialize};

/// Renames an order.
#[derive(Command, Debug, Clone, Serialize, Deserialize)]
pub struct RenameOrder {
    /// Which.
    #[target]
    pub order: String,
    /// How.
    pub name: String,
    /// Why; not for everybody.
    #[audit(redact)]
    pub note: Option<String>,
}

/// What was done.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Renamed {
    /// The name before.
    pub before: String,
}

/// Says no.
#[derive(Debug, thiserror::Error, PartialEq)]
#[error("no")]
pub struct OrderError;

#[bailiwick::command(name = "order.rename", audit, timeout = "2s", retry = 5, crate = ::bailiwick)]
impl RenameOrder {
    #[roles::validate]
    fn check(&self) -> Result<(), OrderError> {
        if self.name.is_empty() { Err(OrderError) } else { Ok(()) }
    }

    #[authorize]
    async fn allowed(&self, actor: &Actor) -> bool {
        std::future::ready(()).await;
        format!("{actor:?}") != self.order
    }

    #[execute]
    async fn execute(&self, cx: &mut Context) -> Result<Renamed, OrderError> {
        let _ = cx.now();
        Ok(Renamed { before: self.order.clone() })
    }

    #[undo]
    async fn undo(&self, done: &Renamed, cx: &mut Context) -> Result<(), OrderError> {
        let _ = (done, cx.now());
        Ok(())
    }

    #[cfg(any())]
    #[undo]
    fn undo_otherwise(&self, done: &Renamed) -> Result<(), OrderError> {
        Ok(())
    }
}

/// Neither waits nor asks for its context.
#[derive(Command, Debug, Clone)]
pub struct Ping;

#[bailiwick::command]
impl Ping {
    #[execute]
    fn answer(&self) -> std::io::Result<u8> {
        let Self = self;
        Ok(7)
    }
}

fn main() {
    let policy = Policy::default().named("order.rename").audited().timeout(Duration::from_secs(2)).attempts(5);
    assert_eq!(RenameOrder::policy(), policy);
    assert_eq!(RenameOrder::REGISTER, ".command::<RenameOrder>()");
    let nameless = RenameOrder { order: "o-1".into(), name: String::new(), note: Some("secret".into()) };
    assert_eq!(Handled::validate(&nameless), Err(OrderError));
    let row = Handled::audit_input(&nameless).unwrap().unwrap();
    assert!(row.contains("•••") && !row.contains("secret"));
    assert_eq!(Ping::policy(), Policy::default());
    assert!(Handled::validate(&Ping).is_ok());
}
