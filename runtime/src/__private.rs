//! The door of generated code. Nothing here is for people: each helper can be written by hand against the public API, and
//! `tests/behaviour/by_hand.rs` does so.

pub use core::{
    clone::Clone,
    convert::Into,
    default::Default,
    future::Future,
    marker::{Send, Sync},
    option::Option::{self, None, Some},
    result::Result::{self, Err, Ok},
    time::Duration,
};
pub use std::{boxed::Box, string::String, vec, vec::Vec};

pub use futures_core::Stream;
pub use serde;

pub use crate::{
    actor::Actor,
    aggregate::{Aggregate, Creation, Decide, IntoEvents, SnapshotPolicy},
    clock::Clock,
    codec::{Json, Upcast, decode, encode},
    command::{Command, Handled, Policy, Targeted},
    envelope::{EventKind, Recorded, StoredEvent},
    error::{BoxError, Error},
    event::{AnyEvent, Event, EventSpec, read_stored},
    id::{Id, Uuid, parse as parse_id},
    mediator::{
        AggregateHome, AggregateRegistrar, Context, HandleCommand, HandleQuery, HandleStream, Operation,
        OperationRegistrar, PatternSubscriber, Service, ServiceRegistrar, Source, Subscriber, Undoable,
    },
    projection::{Mode, Projection},
    query::{Answers, Query},
    store::Transaction,
    value_object::{Invalid, ValueObject, Verdict},
};

/// What a message without `#[command] impl` answers; an inherent function of the same name, which that macro writes, wins.
pub trait Unchecked {
    #[doc(hidden)]
    fn __bailiwick_policy() -> Policy {
        Policy::default()
    }

    #[doc(hidden)]
    fn __bailiwick_validate<E>(&self) -> Result<(), E> {
        Ok(())
    }

    #[doc(hidden)]
    fn __bailiwick_authorize(&self, _actor: &Actor) -> core::future::Ready<bool> {
        core::future::ready(true)
    }

    #[doc(hidden)]
    fn __bailiwick_audit_input(&self) -> Result<Option<String>, Error> {
        Ok(None)
    }
}

impl<T: ?Sized> Unchecked for T {}

/// The text of an order key.
pub fn key_text<K: std::fmt::Display + ?Sized>(key: &K) -> String {
    key.to_string()
}

/// The verdict of a value object's check, with the type's name.
///
/// # Errors
/// [`Invalid`] with the reason.
pub fn judge<V: Verdict>(type_name: &'static str, verdict: V) -> Result<(), Invalid> {
    verdict.verdict().map_err(|reason| Invalid::new(type_name, reason))
}

/// A message as JSON with some fields hidden.
///
/// # Errors
/// `message/unencodable` if `Serialize` refuses.
pub fn audit_json<M: serde::Serialize + ?Sized>(message: &M, redacted: &[&str]) -> Result<Option<String>, Error> {
    crate::codec::redact(message, redacted).map(Some)
}
