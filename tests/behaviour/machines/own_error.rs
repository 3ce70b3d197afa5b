//! One error type of the user for all transitions of a machine.

use std::error::Error;

use bailiwick::{
    State, TransitionError, state_machine,
    state_machine::{Coded, TriggerError},
};
use serde_json::json;

#[derive(Debug, PartialEq, thiserror::Error)]
enum LampError {
    #[error(transparent)]
    Machine(#[from] TransitionError),
    #[error("the fuse is no good")]
    Fuse(#[from] Blown),
}

#[derive(Debug, PartialEq, thiserror::Error)]
#[error("blown")]
struct Blown;

impl Coded for LampError {
    fn code(&self) -> &'static str {
        match self {
            Self::Machine(refusal) => refusal.code(),
            Self::Fuse(_) => "lamp/blown",
        }
    }
}

#[derive(State, Debug, Clone, Copy, PartialEq, Eq)]
#[state(cyclic)]
enum Lamp {
    #[state(initial)]
    Dark,
    Lit,
}

struct Desk {
    lamp: Lamp,
    blown: bool,
}

#[state_machine(states = Lamp, field = lamp, error = LampError, trigger)]
impl Desk {
    #[transition(Dark => Lit)]
    fn light(&mut self) -> Result<u8, Blown> {
        if self.blown { Err(Blown) } else { Ok(1) }
    }

    #[transition(Lit => Dark)]
    fn darken(&mut self) -> Result<(), LampError> {
        if self.blown { Err(LampError::Fuse(Blown)) } else { Ok(()) }
    }

    #[transition(Lit => Lit)]
    fn flicker(&mut self) {}
}

#[test]
fn one_error_type_serves_all_transitions_of_a_machine() {
    let mut desk = Desk { lamp: Lamp::Dark, blown: true };
    assert_eq!(desk.light(), Err(LampError::Fuse(Blown)));
    assert_eq!(desk.lamp, Lamp::Dark);
    desk.blown = false;
    let light: Result<u8, LampError> = desk.light();
    assert_eq!(light, Ok(1));
    desk.flicker().unwrap();
    desk.blown = true;
    assert_eq!(desk.darken(), Err(LampError::Fuse(Blown)));
    assert_eq!(desk.lamp, Lamp::Lit);
    desk.blown = false;
    desk.darken().unwrap();
    let refused = desk.flicker().unwrap_err();
    assert!(matches!(refused, LampError::Machine(TransitionError::Illegal(_))));
    assert_eq!(refused.to_string(), "cannot `flicker` from `dark`; possible from `lit`");
}

#[test]
fn a_call_by_name_has_the_codes_and_causes_of_the_own_error() {
    let mut desk = Desk { lamp: Lamp::Dark, blown: true };
    let mut call = |name| desk.trigger(name, json!({})).unwrap_err();
    assert_eq!(call("lihgt").code(), "desk/unknown_transition");
    assert_eq!(call("flicker").code(), "desk/invalid_transition");
    let blown = call("light");
    assert_eq!((blown.code(), &blown), ("lamp/blown", &TriggerError::Refused(LampError::Fuse(Blown))));
    assert_eq!(blown.source().and_then(<dyn Error>::downcast_ref), Some(&Blown));
}
