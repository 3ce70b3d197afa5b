//! Does what happened elsewhere follow the machine? Checks the log of a foreign system against a [`Graph`], event by event.
//!
//! ```
//! use bailiwick::{conformance::{Breach, Conformance}, state_machine::Graph};
//!
//! let graph: Graph = serde_json::from_str(r#"{
//!     "machine": "Order",
//!     "states": [
//!         { "name": "pending", "variant": "Pending", "initial": true },
//!         { "name": "paid", "variant": "Paid" },
//!         { "name": "delivered", "variant": "Delivered", "terminal": true }
//!     ],
//!     "edges": [
//!         { "transition": "pay", "sources": ["Pending"], "target": "Paid" },
//!         { "transition": "deliver", "sources": ["Paid"], "target": "Delivered" }
//!     ]
//! }"#)?;
//!
//! let mut check = Conformance::new(&graph).by_state().rename("settled", "paid");
//! for (order, state) in [("1", "pending"), ("2", "pending"), ("1", "settled"), ("2", "delivered"), ("1", "delivered")] {
//!     check.feed(order, state, None);
//! }
//! let report = check.finish();
//!
//! assert_eq!((report.events, report.cases, report.violations.total()), (5, 2, 1));
//! let skipped = Breach::Illegal { from: "pending".into(), activity: "delivered".into() };
//! assert_eq!((&*report.first[0].case, report.first[0].position, &report.first[0].breach), ("2", 2, &skipped));
//! assert!(report.to_string().contains("1  pending -> paid : pay"));
//! # Ok::<(), serde_json::Error>(())
//! ```
//!
//! # What an event is
//! By state (the default) each event is a state that was entered, by its stored name or an alias. By transition each event is
//! a transition that happened, by its name. The names of a log that differ are [renamed](Conformance::rename). Events are
//! taken in the order in which they arrive, the cases in any mixture; equal and backward times are counted, nothing is sorted.
//!
//! # What a violation is
//! | [`Breach`] | when | the case goes on |
//! |---|---|---|
//! | `UnknownActivity` | the machine has no such state or transition | where it was |
//! | `NotInitial` | the first state is neither initial nor external; the first transition starts from none of these | as below |
//! | `Illegal` | no edge leads there | by state: in the state that was seen; by transition: where the transition leads, if that is one state wherever it starts, else where it was |
//! | `AfterTerminal` | the same, from a terminal state | as above |
//!
//! So one mistake counts once. A state that follows itself needs an edge from it to itself: an internal transition enters
//! nothing and is no step by state.
//!
//! Guards are not evaluated. Steps along guarded edges are counted, and so are cases that end in a state that is not
//! terminal; neither is a violation. Where the guards of a transition choose between targets, a log by transition does not
//! say which was taken: the case is then in any of them, and what one of them allows is allowed.
//!
//! The graph need not be a machine: one that was found in a log may have no terminal state, and several edges of one name from
//! one state, each of which is allowed. [`Graph::check`] says whether it is one.
//!
//! # Files
//! With the feature `conformance`, `read_file`, `read_csv` and `read_xes` feed a [`Conformance`] from CSV and XES, plain or
//! compressed with gzip, and a `LogMap` says what the log calls its columns. A CSV that was cut between two rows cannot be told
//! from a whole one, unless it is compressed.
//!
//! [`Graph`]: crate::state_machine::Graph
//! [`Graph::check`]: crate::state_machine::Graph::check

mod cases;
mod check;
#[cfg(feature = "conformance")]
mod read;
mod report;
mod rules;
mod table;

pub use check::Conformance;
#[cfg(feature = "conformance")]
pub use read::{LogError, LogErrorKind, LogMap, read_csv, read_file, read_xes};
pub use report::{Breach, BreachCount, BreachKind, By, EdgeCount, Report, Violation, Violations};
