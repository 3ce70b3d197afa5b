//! One error type of the user for all transitions of a machine.

use bailiwick::{State, TransitionError, state_machine};

#[derive(Debug, PartialEq, thiserror::Error)]
enum LampError {
    #[error(transparent)]
    Machine(#[from] TransitionError),
    #[error("the fuse is blown")]
    Fuse(#[from] Blown),
}

#[derive(Debug, PartialEq, thiserror::Error)]
#[error("blown")]
struct Blown;

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

#[state_machine(states = Lamp, field = lamp, error = LampError)]
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
