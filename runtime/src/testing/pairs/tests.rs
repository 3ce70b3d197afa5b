//! A machine by hand, which does as its graph says, and which does not.

use std::borrow::Cow;

use super::{Pairs, every_pair, every_pair_async};
use crate::{
    error::{Error, ErrorKind},
    state_machine::{
        Edge, Graph, GuardFailed, IllegalTransition, MachineFacts, Refusal, StateMachine, Transition, TransitionError,
        TransitionLog,
        samples::{Light, edge},
    },
};

const EDGES: &[Edge] = &[
    edge("go", &[Cow::Borrowed("Red")], Some("is_clear"), Some("Green")),
    edge("go", &[Cow::Borrowed("Red")], Some("forced"), Some("Amber")),
    edge("stop", &[Cow::Borrowed("Green"), Cow::Borrowed("Amber")], None, Some("Red")),
    edge("blink", &[Cow::Borrowed("_")], None, None),
];
const GRAPH: Graph =
    Graph { machine: Cow::Borrowed("Lamp"), states: Cow::Borrowed(Light::NODES), edges: Cow::Borrowed(EDGES) };
static FACTS: MachineFacts = MachineFacts {
    graph: GRAPH,
    invalid_transition: "lamp/invalid_transition",
    guard_failed: "lamp/guard_failed",
    state_moved: "lamp/state_moved",
    audit: false,
    emit: false,
};

/// A machine by hand, which can be made to go wrong.
struct Lamp {
    state: Light,
    clear: bool,
    log: Option<TransitionLog>,
}

impl StateMachine<Light> for Lamp {
    const GRAPH: Graph = GRAPH;

    fn facts() -> &'static MachineFacts {
        &FACTS
    }

    fn state(&self) -> Light {
        self.state
    }

    fn log(&self) -> Option<&TransitionLog> {
        self.log.as_ref()
    }
}

impl Lamp {
    fn clear(state: Light) -> Self {
        Self { state, clear: true, log: Some(TransitionLog::new()) }
    }

    fn busy(state: Light) -> Self {
        Self { state, clear: false, log: None }
    }

    fn call(&mut self, transition: &str) -> Result<(), Error> {
        let from = self.state;
        let to = match (transition, from) {
            ("go", Light::Red) if self.clear => Light::Green,
            ("go", Light::Red) => {
                let refusal = Refusal::new("go", "is_clear", None);
                return Err(TransitionError::<Error>::Guard(GuardFailed::new(&FACTS, from, refusal, vec![])).into());
            }
            ("stop", Light::Green | Light::Amber) => Light::Red,
            ("blink", Light::Red | Light::Amber | Light::Green) => from,
            _ => {
                let name = EDGES.iter().find(|edge| edge.transition == transition).unwrap();
                let Cow::Borrowed(name) = name.transition else { unreachable!() };
                return Err(TransitionError::<Error>::Illegal(IllegalTransition::new(&FACTS, name, from)).into());
            }
        };
        self.set(transition, to);
        Ok(())
    }

    fn set(&mut self, transition: &str, to: Light) {
        let name = ["go", "stop", "blink"].into_iter().find(|name| *name == transition).unwrap();
        if let Some(log) = &mut self.log {
            log.record(&FACTS, &Transition::new(name, self.state, to, None), None);
        }
        self.state = to;
    }
}

/// The lines of the table for a `call` that goes wrong.
fn faults(make: fn(Light) -> Lamp, call: fn(&mut Lamp, String) -> Result<(), Error>) -> Vec<String> {
    let run = std::panic::catch_unwind(|| every_pair(make, call));
    let text = *run.unwrap_err().downcast::<String>().unwrap();
    text.lines().map(|line| line.split_whitespace().collect::<Vec<_>>().join(" ")).collect()
}

#[test]
fn a_machine_that_does_as_it_says_passes() {
    let clear = every_pair(Lamp::clear, |lamp: &mut Lamp, transition: String| lamp.call(&transition));
    assert_eq!(clear, Pairs { taken: 6, illegal: 6, guarded: 0, failed: 0 });
    let busy = every_pair(Lamp::busy, |lamp: &mut Lamp, transition: String| lamp.call(&transition));
    assert_eq!((busy.taken(), busy.illegal(), busy.guarded(), busy.failed()), (5, 6, 1, 0));
}

#[test]
fn an_action_that_fails_is_counted() {
    let pairs = every_pair(Lamp::busy, |lamp: &mut Lamp, transition: String| {
        let stops = transition == "stop" && lamp.state == Light::Green;
        if stops { Err(Error::new(ErrorKind::Transient, "wire/cut", "cut")) } else { lamp.call(&transition) }
    });
    assert_eq!(pairs.failed(), 1);
}

#[test]
fn all_that_goes_wrong_is_in_one_table() {
    let found = faults(Lamp::busy, |lamp, transition| {
        lamp.set(&transition, Light::Dark);
        Ok(())
    });
    assert_eq!(found.len(), 2 + 12);
    assert_eq!(found[0], "12 of 12 pairs of `Lamp` are not as its graph says");
    assert_eq!(found[1], "state transition the graph says what happened");
    assert_eq!(found[2], "red go to green if is_clear, else to amber if forced taken, to out_of_order");
    assert_eq!(found[3], "red stop illegal taken, to out_of_order");
    assert_eq!(found[4], "red blink to red taken, to out_of_order");
}

#[test]
fn a_refusal_that_the_graph_does_not_know_is_a_fault() {
    let found = faults(Lamp::busy, |lamp, transition| {
        let refusal = Refusal::new("stop", "tired", None);
        let tired = TransitionError::<Error>::Guard(GuardFailed::new(&FACTS, lamp.state, refusal, vec![]));
        if transition == "stop" { Err(tired.into()) } else { lamp.call(&transition) }
    });
    assert_eq!(found[0], "4 of 12 pairs of `Lamp` are not as its graph says");
    assert_eq!(found[3], "amber stop to red guard `tired` refused `stop` from `amber`");
}

#[test]
fn a_refusal_leaves_state_and_log() {
    let found = faults(Lamp::clear, |lamp, transition| {
        let answer = lamp.call(&transition);
        match (transition.as_str(), answer.is_err()) {
            ("go", true) => lamp.state = Light::Red,
            ("stop", true) => lamp.set("stop", lamp.state),
            _ => {}
        }
        answer
    });
    let expected = [
        "red stop illegal refused, but the log has 1 more",
        "amber go illegal refused, but it is red now",
        "green go illegal refused, but it is red now",
        "out_of_order go illegal refused, but it is red now",
        "out_of_order stop illegal refused, but the log has 1 more",
    ];
    assert_eq!(found[2..], expected);
}

#[test]
fn the_log_is_read() {
    let silent = faults(Lamp::clear, |lamp, transition| {
        let answer = lamp.call(&transition);
        lamp.log = Some(TransitionLog::new());
        answer
    });
    assert_eq!(silent[2], "red go to green if is_clear, else to amber if forced taken, but not recorded");
    let further = every_pair(Lamp::clear, |lamp: &mut Lamp, transition: String| {
        lamp.call(&transition)?;
        if transition == "go" { lamp.call("stop") } else { Ok(()) }
    });
    assert_eq!(further.taken(), 6);
    let torn = faults(Lamp::clear, |lamp, transition| {
        lamp.call(&transition)?;
        lamp.state = Light::Dark;
        Ok(())
    });
    assert!(torn[2].ends_with("taken, to out_of_order; the log says green"), "{}", torn[2]);
}

#[test]
fn a_machine_in_another_state_is_a_fault() {
    let found = faults(|_| Lamp::busy(Light::Red), |lamp, transition| lamp.call(&transition));
    assert_eq!(found[0], "9 of 12 pairs of `Lamp` are not as its graph says");
    assert_eq!(found[2], "amber go a machine in this state `make` made one in red");
}

#[tokio::test]
async fn an_async_machine_is_called_the_same_way() {
    let pairs = every_pair_async(Lamp::clear, async |lamp: &mut Lamp, transition: String| {
        tokio::task::yield_now().await;
        lamp.call(&transition)
    });
    assert_eq!(pairs.await.taken(), 6);
}
