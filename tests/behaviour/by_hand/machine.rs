//! A state machine.

use std::borrow::Cow;

use bailiwick::{
    State, StateMachine, Transition, state_machine,
    state_machine::{
        Edge, Graph, GuardFailed, IllegalTransition, MachineFacts, Refusal, StateMoved, TransitionError, TransitionLog,
    },
};

use super::No;

#[derive(State, Debug, Clone, Copy, PartialEq, Eq)]
enum Stage {
    #[state(initial)]
    Draft,
    Open,
    #[state(terminal)]
    Closed,
}

#[derive(Debug, Clone, PartialEq)]
struct Written {
    stage: Stage,
    seats: u32,
    version: u64,
    log: TransitionLog,
    told: Vec<String>,
}

/// The body of `open`, once.
fn opened(stage: &mut Stage, seats: &mut u32, wanted: u32) -> Result<u32, No> {
    match wanted {
        13 => {
            *stage = Stage::Closed;
            Err(No)
        }
        14 => {
            *stage = Stage::Closed;
            Ok(0)
        }
        _ => {
            *seats = wanted;
            Ok(wanted)
        }
    }
}

#[state_machine(states = Stage, field = stage, version = version, log = log)]
impl Written {
    /// People may come.
    #[transition(Draft if enough => Open)]
    fn open(&mut self, wanted: u32, #[reason] why: &str) -> Result<u32, No> {
        opened(&mut self.stage, &mut self.seats, wanted)
    }

    #[transition(_ => Closed)]
    fn close(&mut self) {}

    fn enough(&self, wanted: &u32, why: &str) -> Result<(), String> {
        if *wanted > 1 && !why.is_empty() { Ok(()) } else { Err(format!("{wanted} is not enough")) }
    }

    #[on_enter(Open)]
    fn entered(&mut self, transition: &Transition<Stage>) {
        self.told.push(format!("{transition:?}"));
    }
}

/// The same, by hand.
#[derive(Debug, Clone, PartialEq)]
struct ByHand(Written);

const EDGES: &[Edge] = &[
    Edge {
        transition: Cow::Borrowed("open"),
        sources: Cow::Borrowed(&[Cow::Borrowed("Draft")]),
        target: Some(Cow::Borrowed("Open")),
        guard: Some(Cow::Borrowed("enough")),
        is_async: false,
        arguments: Cow::Borrowed(&[Cow::Borrowed("wanted"), Cow::Borrowed("why")]),
        doc: Cow::Borrowed("People may come."),
    },
    Edge {
        transition: Cow::Borrowed("close"),
        sources: Cow::Borrowed(&[Cow::Borrowed("_")]),
        target: Some(Cow::Borrowed("Closed")),
        guard: None,
        is_async: false,
        arguments: Cow::Borrowed(&[]),
        doc: Cow::Borrowed(""),
    },
];

const GRAPH: Graph =
    Graph { machine: Cow::Borrowed("Written"), states: Cow::Borrowed(Stage::FACTS), edges: Cow::Borrowed(EDGES) };

static FACTS: MachineFacts = MachineFacts {
    graph: GRAPH,
    invalid_transition: "written/invalid_transition",
    guard_failed: "written/guard_failed",
    state_moved: "written/state_moved",
    audit: false,
    emit: false,
};

impl StateMachine<Stage> for ByHand {
    const GRAPH: Graph = GRAPH;
    const LOGGED: bool = true;

    fn facts() -> &'static MachineFacts {
        &FACTS
    }

    fn state(&self) -> Stage {
        self.0.stage
    }

    fn log(&self) -> Option<&TransitionLog> {
        Some(&self.0.log)
    }
}

impl ByHand {
    fn check_open(&self, wanted: &u32, why: &str) -> Result<Stage, TransitionError> {
        let from = self.0.stage;
        if from != Stage::Draft {
            return Err(TransitionError::Illegal(IllegalTransition::new(&FACTS, "open", from)));
        }
        self.0.enough(wanted, why).map(|()| Stage::Open).map_err(|reason| {
            let refusal = Refusal::new("open", "enough", Some(reason.into()));
            TransitionError::Guard(GuardFailed::new(&FACTS, from, refusal, Vec::new()))
        })
    }

    fn open(&mut self, wanted: u32, why: &str) -> Result<u32, TransitionError<No>> {
        let (from, to) = (self.0.stage, self.check_open(&wanted, why).map_err(TransitionError::widen)?);
        let out = opened(&mut self.0.stage, &mut self.0.seats, wanted);
        let found = std::mem::replace(&mut self.0.stage, from);
        let out = out.map_err(TransitionError::Action)?;
        if found != from {
            return Err(TransitionError::Moved(StateMoved::new(&FACTS, "open", from, found)));
        }
        let taken = Transition::new("open", from, to, Some(why));
        self.0.stage = to;
        self.0.log.record(&FACTS, &taken, Some(self.0.version));
        self.0.entered(&taken);
        Ok(out)
    }

    fn close(&mut self) -> Result<(), TransitionError> {
        let from = self.0.stage;
        if from == Stage::Closed {
            return Err(TransitionError::Illegal(IllegalTransition::new(&FACTS, "close", from)));
        }
        let taken = Transition::new("close", from, Stage::Closed, None);
        self.0.stage = Stage::Closed;
        self.0.log.record(&FACTS, &taken, Some(self.0.version));
        Ok(())
    }
}

fn pair(stage: Stage) -> (Written, ByHand) {
    let one = Written { stage, seats: 0, version: 7, log: TransitionLog::new(), told: Vec::new() };
    (one.clone(), ByHand(one))
}

/// What a refusal tells.
fn told<T: std::fmt::Debug>(answer: Result<T, TransitionError<No>>) -> String {
    match answer {
        Ok(out) => format!("{out:?}"),
        Err(error) => format!("{} {error}", error.code()),
    }
}

#[test]
fn a_machine() {
    for stage in [Stage::Draft, Stage::Open, Stage::Closed] {
        for (wanted, why) in [(0, "x"), (2, ""), (2, "x"), (13, "x"), (14, "x")] {
            let (mut written, mut by_hand) = pair(stage);
            let checked = (written.check_open(&wanted, why), by_hand.check_open(&wanted, why));
            assert_eq!(
                told(checked.0.map_err(TransitionError::widen)),
                told(checked.1.map_err(TransitionError::widen))
            );
            assert_eq!(told(written.open(wanted, why)), told(by_hand.open(wanted, why)));
            let closed = (written.close(), by_hand.close());
            assert_eq!(told(closed.0.map_err(TransitionError::widen)), told(closed.1.map_err(TransitionError::widen)));
            assert_eq!(written, by_hand.0);
            assert_eq!(format!("{:?}", written.log), format!("{:?}", by_hand.0.log));
            let versions = |log: &TransitionLog| log.records().iter().map(|one| one.version()).collect::<Vec<_>>();
            assert_eq!(versions(&written.log), versions(&by_hand.0.log));
        }
    }
}

#[test]
fn the_graph_of_a_machine() {
    assert_eq!(Written::GRAPH, GRAPH);
    assert_eq!(
        <Written as StateMachine<Stage>>::facts().state_moved,
        <ByHand as StateMachine<Stage>>::facts().state_moved
    );
    let (written, by_hand) = pair(Stage::Open);
    assert_eq!(StateMachine::state(&written), StateMachine::state(&by_hand));
    assert_eq!(StateMachine::log(&written).unwrap().len(), 0);
    assert_eq!(written.available().map(WrittenTransition::as_str).collect::<Vec<_>>(), ["close"]);
}
