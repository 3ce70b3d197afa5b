//! How long connections are waited for, and kept.

use std::time::Duration;

/// The limits of the connections of callers.
#[derive(Debug, Clone, Copy)]
pub(in crate::sql) struct Limits {
    /// So long a call waits for a connection that others use.
    pub(in crate::sql) acquire: Duration,
    /// One that rested so long is asked before it is used: the server, or what lies between, may have ended it.
    pub(in crate::sql) ask_after: Duration,
    /// One that rested so long is closed.
    pub(in crate::sql) idle: Duration,
    /// One that is so old is closed.
    pub(in crate::sql) lifetime: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            acquire: Duration::from_secs(5),
            ask_after: Duration::from_secs(30),
            idle: Duration::from_secs(600),
            lifetime: Duration::from_secs(1_800),
        }
    }
}
