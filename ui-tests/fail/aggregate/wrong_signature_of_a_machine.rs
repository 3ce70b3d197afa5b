// errors: 1
use bailiwick::{Command, Event, State, TransitionError, aggregate, state_machine};
use serde::{Deserialize, Serialize};

#[derive(Event, Debug, Clone, Serialize, Deserialize)]
enum BedEvent {
    #[event(name = "bed.taken")]
    Taken,
}

#[derive(Command, Clone)]
struct Take {
    #[target]
    bed: String,
}

#[derive(State, Debug, Default, Clone, Copy, PartialEq, Eq)]
enum BedState {
    #[default]
    #[state(initial)]
    Free,
    #[state(terminal)]
    Used,
}

#[derive(Default)]
struct Bed {
    state: BedState,
}

#[state_machine(states = BedState, field = state)]
impl Bed {
    #[transition(Free => Used)]
    fn take(&mut self) {}
}

#[aggregate(name = "bed", id = String, event = BedEvent, error = TransitionError)]
impl Bed {
    #[handle]
    fn takes(&mut self, _command: Take) -> Result<BedEvent, TransitionError> {
        self.take()?;
        Ok(BedEvent::Taken)
    }

    #[apply(Taken)]
    fn on_taken(&mut self) {
        self.state = BedState::Used;
    }
}

fn main() {}
