//! The door of generated code. Nothing here is for people: each helper can be written by hand against the public API, and
//! `tests/behaviour/by_hand/` does so.

mod call;
mod column;
mod guard;
mod listing;
mod machine;
mod message;
mod newtype;
mod place;
mod undo;

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
pub use std::{
    borrow::Cow::{self, Borrowed},
    boxed::Box,
    string::String,
    vec,
    vec::Vec,
};

pub use futures_core::Stream;
pub use serde;

pub use self::{
    call::{Call, cannot_be_refused, general},
    column::{
        Column, NO_TABLE, NOTHING, Stamped, Whole, column, hear_transition, json_column, never, nobody, noted,
        stamp_actor, stamp_tenant, stamp_time, stamp_version, version_of, whole_column,
    },
    guard::{Asked, GuardAnswer},
    listing::{Available, available, transition},
    machine::{AFurtherStateMachineOfATypeNeedsAName, Machine, Texts, agreed, edge, no_graph, refuse, refuse_at},
    message::{
        AnswersAnything, AnswersDeclared, CommandOrQuery, Message, ReadEvent, ReadNothing, TellCommand, TellNeither,
        TellNoCommand, TellNoQuery, TellQuery, TellStream, answer, source_of,
    },
    newtype::{RawId, id_column, id_from, newtype},
    place::{Answer, Held, NoDebug, NoPlace, Place, PlainAnswer, Reason, SaysThatItFails, VersionNumber, reason},
    undo::{Undo, assert_send},
};
pub use crate::{
    actor::Actor,
    aggregate::{
        Aggregate, Creation, Decide, EventSourced, IntoEvents, Persist, SnapshotPolicy, SnapshotSchema, StatePolicy,
        StateSchema, StateStored,
    },
    clock::Clock,
    codec::{Json, Upcast, decode, encode},
    command::{Command, Handled, Policy, Targeted},
    entity::{
        Changes, ColumnDef, Compare, Entity, EntityId, Field, GlobalEntity, Index, Key, Logged, Logs, NoFilter, NoSort,
        Patch, Patchable, Pattern, Relation, Role, RowReader, SoftDelete, Sort, Stamps, Table, TenantEntity, UniqueKey,
        Unversioned, Unwritten, Value, Versioned,
    },
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
    sensitive::SensitiveField,
    state_machine::{
        Edge, Graph, MachineFacts, Refused, State, StateMachine, StateNode, Transition, TransitionError, TransitionLog,
        TriggerError, UnknownState, UnknownTransition,
        check::{Text, ambiguous, dead_end, leaves_terminal, typestate_unnamed, unreachable_state},
        state::{
            deserialize as deserialize_state, known as known_state, known_or as known_state_or, node as state_node,
            parse as parse_state, serialize as serialize_state, show as show_state,
        },
    },
    store::Transaction,
    value_object::{Invalid, ValueObject, Verdict},
    version::Version,
};

/// What a message without `#[command] impl` answers; an inherent function of the same name, which that macro writes, wins.
pub trait Unchecked {
    #[doc(hidden)]
    #[must_use]
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

/// The name of a sensitive field, whose type is one that hides.
#[must_use]
pub const fn sensitive<T: SensitiveField>(field: &'static str) -> &'static str {
    field
}

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

/// A `Result` under whatever name.
#[diagnostic::on_unimplemented(message = "`{Self}` is not a `Result`", label = "write `Result<T, E>`")]
pub trait Outcome {
    /// The good answer.
    type Output;
    /// The other.
    type Error;
}

impl<T, E> Outcome for Result<T, E> {
    type Output = T;
    type Error = E;
}

/// A stream that nobody will poll: the stand-in for a method that does not compile.
pub fn no_stream<T>() -> futures_util::stream::Empty<T> {
    futures_util::stream::empty()
}
