//! What the refusals say, under which codes, and as which kinds of [`Error`].

use std::{borrow::Cow, error::Error as StdError, io};

use super::{GuardFailed, IllegalTransition, Refusal, StateMoved, TransitionError};
use crate::{
    error::{Error, ErrorKind},
    state_machine::{
        Edge, Graph, MachineFacts,
        samples::{Light, edge},
    },
};

const EDGES: &[Edge] = &[
    edge("go", &[Cow::Borrowed("Red")], Some("is_clear && !held"), Some("Green")),
    edge("go", &[Cow::Borrowed("Amber"), Cow::Borrowed("Red")], Some("forced"), Some("Green")),
    edge("stop", &[Cow::Borrowed("Green")], None, Some("Amber")),
    edge("fail", &[Cow::Borrowed("_")], None, Some("Dark")),
];

static FACTS: MachineFacts = facts();
static OTHER: MachineFacts = facts();

const fn facts() -> MachineFacts {
    MachineFacts {
        graph: Graph {
            machine: Cow::Borrowed("Light"),
            states: Cow::Borrowed(Light::NODES),
            edges: Cow::Borrowed(EDGES),
        },
        invalid_transition: "light/invalid_transition",
        guard_failed: "light/guard_failed",
        state_moved: "light/state_moved",
        audit: false,
        emit: false,
    }
}

fn illegal(transition: &'static str) -> TransitionError {
    TransitionError::Illegal(IllegalTransition::new(&FACTS, transition, Light::Dark))
}

fn refused(reason: Option<&str>) -> GuardFailed {
    let second = Refusal::new("go", "forced", None);
    GuardFailed::new(&FACTS, Light::Red, Refusal::new("go", "held", reason.map(Into::into)), vec![second])
}

fn moved() -> TransitionError {
    TransitionError::Moved(StateMoved::new(&FACTS, "stop", Light::Green, Light::Dark))
}

#[test]
fn an_illegal_transition_names_the_states_it_starts_from_each_once() {
    assert_eq!(illegal("go").to_string(), "cannot `go` from `out_of_order`; possible from `red`, `amber`");
    assert_eq!(illegal("fail").to_string(), "cannot `fail` from `out_of_order`; possible from `red`, `amber`, `green`");
    let TransitionError::Illegal(told) = illegal("go") else { unreachable!() };
    assert_eq!((told.machine(), told.transition(), told.from()), ("Light", "go", "out_of_order"));
    assert_eq!(told.allowed_from(), ["red", "amber"]);
}

#[test]
fn a_guard_tells_its_reason_if_it_has_one() {
    assert_eq!(refused(None).to_string(), "guard `held` refused `go` from `red`");
    let why = refused(Some("a train is near"));
    assert_eq!(why.to_string(), "guard `held` refused `go` from `red`: a train is near");
    assert_eq!((why.machine(), why.transition(), why.from(), why.guard()), ("Light", "go", "red", "held"));
    assert_eq!(why.reason(), Some("a train is near"));
    assert_eq!(why.others().iter().map(Refusal::guard).collect::<Vec<_>>(), ["forced"]);
}

#[test]
fn an_action_that_moves_the_state_is_named() {
    let TransitionError::Moved(told) = moved() else { unreachable!() };
    assert_eq!(told.to_string(), "the action of `stop` changed the state itself");
    assert_eq!(
        (told.machine(), told.transition(), told.from(), told.found()),
        ("Light", "stop", "green", "out_of_order")
    );
}

#[test]
fn codes_are_the_machines_own() {
    assert_eq!(illegal("go").code(), "light/invalid_transition");
    assert_eq!(TransitionError::<io::Error>::Guard(refused(None)).code(), "light/guard_failed");
    assert_eq!(moved().code(), "light/state_moved");
    assert_eq!(TransitionError::Action("no").code(), "state_machine/action_failed");
}

#[test]
fn a_refusal_becomes_an_error_with_its_code_and_text() {
    for (refusal, kind) in [
        (illegal("go"), ErrorKind::Invalid),
        (TransitionError::Guard(refused(Some("full"))), ErrorKind::Invalid),
        (moved(), ErrorKind::Internal),
    ] {
        assert_eq!((refusal.kind(), refusal.is_conflict(), refusal.is_transient()), (kind, false, false));
        let (code, text) = (refusal.code(), refusal.to_string());
        let error = Error::from(refusal);
        assert_eq!((error.kind(), error.code()), (kind, code));
        assert!(error.to_string().contains(&text), "{error}");
        assert!(!error.is_conflict() && !error.is_transient());
    }
}

#[test]
fn what_an_action_answers_keeps_its_kind_or_becomes_the_cause() {
    let busy = Error::new(ErrorKind::Transient, "store/busy", "busy");
    let error = Error::from(TransitionError::Action(busy));
    assert_eq!((error.kind(), error.code()), (ErrorKind::Transient, "store/busy"));

    let error = Error::from(TransitionError::Action(io::Error::other("the carrier is closed")));
    assert_eq!((error.kind(), error.code()), (ErrorKind::Invalid, "state_machine/action_failed"));
    assert!(error.to_string().contains("the carrier is closed"), "{error}");
    assert!(error.cause::<io::Error>().is_some());
}

#[derive(Debug, thiserror::Error)]
enum PayError {
    #[error("declined")]
    Declined,
    #[error("the payment is not booked")]
    NotBooked(#[source] Box<PayError>),
    #[error("the book is closed")]
    Book(#[from] Error),
}

#[test]
fn an_action_error_is_of_the_kind_of_the_first_error_of_the_framework_in_it() {
    let of = |error: &TransitionError<PayError>| (error.kind(), error.is_conflict(), error.is_transient());
    let by = |kind| {
        let deep = PayError::Book(Error::new(kind, "store/x", "x"));
        TransitionError::Action(PayError::NotBooked(Box::new(deep)))
    };
    assert_eq!(of(&TransitionError::Action(PayError::Declined)), (ErrorKind::Invalid, false, false));
    assert_eq!(of(&by(ErrorKind::Conflict)), (ErrorKind::Conflict, true, false));
    assert_eq!(of(&by(ErrorKind::Transient)), (ErrorKind::Transient, false, true));
    let unknown = Error::from(by(ErrorKind::UnknownOutcome));
    assert_eq!((unknown.kind(), unknown.code()), (ErrorKind::UnknownOutcome, "state_machine/action_failed"));
    let own = TransitionError::Action(Error::new(ErrorKind::Conflict, "store/conflict", "x"));
    assert!(own.is_conflict() && !own.is_transient());
}

#[test]
fn an_action_error_shows_through() {
    let inner = io::Error::other(io::Error::other("deep"));
    let error = TransitionError::Action(inner);
    assert_eq!(error.to_string(), "deep");
    assert_eq!(
        error.source().map(ToString::to_string),
        error.action().and_then(|own| own.source()).map(ToString::to_string)
    );
    assert!(illegal("go").source().is_none() && illegal("go").action().is_none());
}

#[test]
fn equal_is_what_says_the_same_of_the_same_machine() {
    assert_eq!(illegal("go"), illegal("go"));
    assert_ne!(illegal("go"), illegal("stop"));
    let other = TransitionError::Illegal(IllegalTransition::new(&OTHER, "go", Light::Dark));
    assert_ne!(illegal("go"), other, "another machine");
    assert_ne!(refused(None), refused(Some("x")));
    assert_eq!(moved().widen::<u8>(), moved().widen::<u8>());
    assert_ne!(TransitionError::Action(1), TransitionError::Action(2));
}

#[test]
fn debug_is_short() {
    let text = format!("{:?}", illegal("go"));
    assert_eq!(text, r#"Illegal(IllegalTransition { machine: "Light", transition: "go", from: "out_of_order" })"#);
}
