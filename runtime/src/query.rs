//! Queries: what somebody wants to know. They change nothing.

/// A query: `#[derive(Query)]`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a query",
    label = "needs `#[derive(Query)]`",
    note = "a command is sent with `send` or `run`"
)]
pub trait Query: Send + Sync + 'static {
    /// Its name in traces and errors: the Rust name, unless `#[query(name = "…")]` says otherwise.
    const NAME: &'static str;
}

/// A query whose answer is declared at the message: `#[query(output = T)]`. The handler must answer the same type.
pub trait Answers {
    /// The answer.
    type Output;
}
