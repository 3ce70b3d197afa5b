//! Commands: what somebody wants done. Exactly one home handles each.

use std::{
    future::{Future, ready},
    time::Duration,
};

use crate::{actor::Actor, error::Error};

/// A message that something handles: the macro on its home writes this.
///
/// `#[handle]` of an `#[aggregate]` or a `#[service]` and `#[execute]` of a `#[command]` implement it, so sending a message
/// that nothing handles does not compile, and a second handler is a conflicting implementation.
#[diagnostic::on_unimplemented(
    message = "nothing handles `{Self}`",
    label = "no handler in this crate",
    note = "add a `#[handle]` method to a service or an aggregate, or `#[command] impl {Self}` with `#[execute]`"
)]
pub trait Handled: Send + Sync + 'static {
    /// What the handler answers.
    type Output: Send + 'static;
    /// How the domain says no.
    type Error: std::error::Error + Send + Sync + 'static;
    /// The type that handles it; it must be registered with the application.
    type Home: ?Sized + 'static;
    /// The builder's line that registers the home, for the error that says it is missing.
    const REGISTER: &'static str;

    /// How the dispatch treats the message: the options of `#[command(…)]`.
    #[must_use]
    fn policy() -> Policy {
        Policy::default()
    }

    /// The message's own check, before anything is read: `#[validate]`.
    ///
    /// # Errors
    /// The domain's no.
    fn validate(&self) -> Result<(), Self::Error> {
        Ok(())
    }

    /// Whether the actor may: `#[authorize]`.
    fn authorize(&self, actor: &Actor) -> impl Future<Output = bool> + Send {
        let _ = actor;
        ready(true)
    }

    /// The message as JSON for its audit row, with the fields marked `#[audit(redact)]` as `•••`; `None` without `audit`.
    ///
    /// # Errors
    /// `message/unencodable` if `Serialize` refuses.
    fn audit_input(&self) -> Result<Option<String>, Error> {
        Ok(None)
    }
}

/// How a dispatch treats one type of message.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Policy {
    /// A stable name for audit rows and traces instead of the Rust name.
    pub name: Option<&'static str>,
    /// Whether each run leaves an audit row.
    pub audit: bool,
    /// How long one run may take, instead of the application's default.
    pub timeout: Option<Duration>,
    /// How often a lost race may be repeated, all attempts counted; `None` is the default of its home.
    pub attempts: Option<u32>,
}

impl Policy {
    /// A stable name for audit rows and traces.
    #[must_use]
    pub const fn named(mut self, name: &'static str) -> Self {
        self.name = Some(name);
        self
    }

    /// Each run leaves an audit row.
    #[must_use]
    pub const fn audited(mut self) -> Self {
        self.audit = true;
        self
    }

    /// How long one run may take.
    #[must_use]
    pub const fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = Some(timeout);
        self
    }

    /// How often a lost race may be repeated, all attempts counted.
    #[must_use]
    pub const fn attempts(mut self, attempts: u32) -> Self {
        self.attempts = Some(attempts);
        self
    }
}

/// A command: `#[derive(Command)]`. It is `Clone`, because a lost race repeats it.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a command",
    label = "needs `#[derive(Command)]`",
    note = "a command is `Clone`; a query is sent with `query` or `stream`"
)]
pub trait Command: Clone + Send + Sync + 'static {
    /// Its name in traces, audit rows and errors: the Rust name, unless `#[command(name = "…")]` says otherwise.
    const NAME: &'static str;

    /// The fields that an audit row shows as `•••`: those marked `#[audit(redact)]`.
    const REDACTED: &'static [&'static str] = &[];

    /// The id of the aggregate it is for, as text, if a field is marked `#[target]`.
    fn target(&self) -> Option<String> {
        None
    }
}

/// A command that names its aggregate: a field is marked `#[target]`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not say which aggregate it is for",
    label = "mark the field that holds the aggregate's id with `#[target]`",
    note = "`#[derive(Command)]` reads the mark; the field's type must be the aggregate's `id` type"
)]
pub trait Targeted: Command {
    /// The type of the id.
    type Id;

    /// The id.
    fn target_id(&self) -> &Self::Id;
}
