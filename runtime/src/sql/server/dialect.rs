//! What a session must know of its server.

use std::{
    future::{Future, ready},
    time::Duration,
};

use super::{Failure, Limits, ServerError};
use crate::error::Error;

/// A kind of server, and how it is spoken to.
pub(in super::super) trait Dialect: Send + Sync + 'static {
    /// A connection of the driver.
    type Connection: sqlx::Connection + Send;
    /// What the user has set.
    type Options: Clone + Send + Sync + 'static;
    /// Who serves a connection.
    type Server: Clone + Send + Sync;
    /// An error of the driver, and what it means with this server.
    type Error: ServerError;

    /// Where the database is, without secrets.
    fn place(options: &Self::Options) -> String;

    /// How long a call waits for a connection.
    fn patience(options: &Self::Options) -> Duration;

    /// How connections of callers are waited for and kept.
    fn limits(options: &Self::Options) -> Limits;

    /// Connects.
    fn open(options: &Self::Options) -> impl Future<Output = Result<Self::Connection, Error>> + Send;

    /// Refuses a database whose tables are not this program's.
    fn check(
        connection: &mut Self::Connection,
    ) -> impl Future<Output = Result<Self::Server, Failure<Self::Error>>> + Send;

    /// Whether the server is to keep tenants apart by itself.
    fn keeps_tenants(_: &Self::Options) -> bool {
        false
    }

    /// Refuses a user whom the server would let reach the rows of all tenants, where it is to keep them apart.
    fn admit(
        _: &mut Self::Connection,
        _: &Self::Options,
    ) -> impl Future<Output = Result<(), Failure<Self::Error>>> + Send {
        ready(Ok(()))
    }

    /// Whether the server works for a connection; asked on another one.
    fn works(
        connection: &mut Self::Connection,
        server: &Self::Server,
    ) -> impl Future<Output = Result<bool, Failure<Self::Error>>> + Send;
}
