#![doc = include_str!("guide/README.md")]

// composition
#[doc(hidden)]
pub mod __private;
#[doc(hidden)]
pub use __private as __private_0_1_0;
pub mod app;
#[cfg(feature = "blocking")]
pub mod blocking;
pub mod guide;
#[cfg(feature = "testing")]
pub mod testing;

// machinery: drives the ports
pub mod history;
pub mod mediator;
pub mod projection;
pub mod relay;
pub mod subscription;
pub mod unit_of_work;

// ports, each with an in-memory adapter; the SQL adapter; the logs of others
pub mod archive;
pub mod bus;
pub mod conformance;
mod plan;
pub mod repository;
#[cfg(any(feature = "sqlite", feature = "postgres", feature = "mysql"))]
pub mod sql;
pub mod store;

// domain: pure values and functions
pub mod aggregate;
pub mod command;
pub mod entity;
pub mod event;
pub mod query;
pub mod sensitive;
pub mod specification;
pub mod state_machine;
pub mod value_object;

// vocabulary
pub mod actor;
pub mod clock;
pub mod codec;
pub mod envelope;
pub mod error;
pub mod id;
pub mod resilience;
pub mod telemetry;
pub mod tenant;
pub mod timestamp;
pub mod version;

pub use actor::Actor;
pub use aggregate::{Aggregate, Root};
pub use app::App;
pub use clock::Clock;
pub use codec::Json;
pub use command::Command;
pub use envelope::{Envelope, EventKind, Recorded};
pub use error::{BoxError, Error, ErrorKind, SendError};
pub use event::{AnyEvent, Event};
pub use id::{Id, Uuid};
pub use mediator::{Behaviour, Context, Service};
pub use projection::Projection;
pub use query::Query;
pub use sensitive::Sensitive;
pub use state_machine::{State, StateMachine, Transition, TransitionError, TransitionLog};
pub use store::{ReadModel, Store, Transaction};
pub use tenant::TenantId;
pub use timestamp::Timestamp;
pub use value_object::{Invalid, ValueObject};
pub use version::{Expected, Position, Version};

#[cfg(feature = "macros")]
pub use bailiwick_macros::{
    Command, Event, Id, Query, State, ValueObject, aggregate, command, projection, service, state_machine,
};
#[cfg(feature = "macros")]
pub mod roles;
