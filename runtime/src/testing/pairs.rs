//! Every transition in every state, against the graph.

use std::{fmt::Write as _, marker::PhantomData, str::FromStr};

use crate::{
    error::Error,
    state_machine::{Edge, MachineFacts, State, StateMachine, StateNode},
};

/// Calls each transition of a machine in each of its states, and compares what happens with the graph:
///
/// | the graph says | what must happen |
/// |---|---|
/// | no edge starts here | refused as illegal |
/// | edges start here | taken, to where one of them leads; or the action failed |
/// | all of these have guards | this, or refused by a guard |
///
/// What is refused or fails leaves the state and the log as they were; what is taken is the first new record of the log, if
/// there is one, and each further record starts where the one before it led. A machine whose hooks go on to a further
/// transition needs a log for that.
///
/// `make` makes a machine in a state, with whatever its guards ask for; `call` calls a transition. The transition comes as
/// anything that its name can be parsed into: the enum that `#[state_machine]` generates, so that a `match` misses none, or a
/// `String`. Inside `call`, `?` turns every refusal into an [`Error`].
///
/// The answer counts what happened. [`every_pair_async`] is the same for `async` transitions.
///
/// ```
/// use bailiwick::{Error, State, state_machine, testing};
///
/// #[derive(State, Debug, Clone, Copy, PartialEq, Eq)]
/// enum DoorState { #[state(initial)] Open, Shut, #[state(terminal)] Bricked }
///
/// struct Door { state: DoorState, inside: u32 }
///
/// #[state_machine(states = DoorState, field = state)]
/// impl Door {
///     #[transition(Open if empty => Shut)]
///     fn shut(&mut self) {}
///     #[transition(Shut => Open)]
///     fn open(&mut self) {}
///     #[transition(_ => Bricked)]
///     fn brick(&mut self) {}
///
///     fn empty(&self) -> bool { self.inside == 0 }
/// }
///
/// let door = |state| Door { state, inside: 0 };
/// let pairs = testing::every_pair(door, |door, transition: DoorTransition| {
///     match transition {
///         DoorTransition::Shut => door.shut()?,
///         DoorTransition::Open => door.open()?,
///         DoorTransition::Brick => door.brick()?,
///     }
///     Ok(())
/// });
/// assert_eq!((pairs.taken(), pairs.illegal(), pairs.guarded(), pairs.failed()), (4, 5, 0, 0));
/// ```
///
/// # Panics
/// If anything else happens, with one line for each pair; or if `T` does not know the name of a transition.
#[track_caller]
pub fn every_pair<S, M, T>(make: impl Fn(S) -> M, mut call: impl FnMut(&mut M, T) -> Result<(), Error>) -> Pairs
where
    S: State,
    M: StateMachine<S>,
    T: FromStr,
{
    let mut table = Table::<S, M>::new();
    for (state, transition) in table.pairs() {
        let mut machine = make(state);
        let answer = table.ready(&machine, (state, transition)).then(|| call(&mut machine, parse(transition)));
        table.judge(&machine, (state, transition), answer);
    }
    match table.end() {
        Ok(pairs) => pairs,
        Err(text) => panic!("{text}"),
    }
}

/// [`every_pair`] of a machine with `async` transitions.
///
/// ```
/// # tokio::runtime::Builder::new_current_thread().build()?.block_on(async {
/// use bailiwick::{State, state_machine, testing};
///
/// #[derive(State, Debug, Clone, Copy, PartialEq, Eq)]
/// enum LampState { #[state(initial)] Off, On, #[state(terminal)] Broken }
///
/// struct Lamp { state: LampState }
///
/// #[state_machine(states = LampState, field = state)]
/// impl Lamp {
///     #[transition(Off => On)]
///     async fn turn_on(&mut self) {}
///     #[transition(On => Broken)]
///     fn drop_it(&mut self) {}
/// }
///
/// let pairs = testing::every_pair_async(|state| Lamp { state }, async |lamp, transition: LampTransition| {
///     match transition {
///         LampTransition::TurnOn => lamp.turn_on().await?,
///         LampTransition::DropIt => lamp.drop_it()?,
///     }
///     Ok(())
/// })
/// .await;
/// assert_eq!((pairs.taken(), pairs.illegal()), (2, 4));
/// # });
/// # Ok::<(), std::io::Error>(())
/// ```
///
/// # Panics
/// As [`every_pair`] does.
pub async fn every_pair_async<S, M, T>(
    make: impl Fn(S) -> M,
    mut call: impl AsyncFnMut(&mut M, T) -> Result<(), Error>,
) -> Pairs
where
    S: State,
    M: StateMachine<S>,
    T: FromStr,
{
    let mut table = Table::<S, M>::new();
    for (state, transition) in table.pairs() {
        let mut machine = make(state);
        let answer = match table.ready(&machine, (state, transition)) {
            true => Some(call(&mut machine, parse(transition)).await),
            false => None,
        };
        table.judge(&machine, (state, transition), answer);
    }
    match table.end() {
        Ok(pairs) => pairs,
        Err(text) => panic!("{text}"),
    }
}

fn parse<T: FromStr>(transition: &str) -> T {
    transition.parse().unwrap_or_else(|_| panic!("`{transition}` is no `{}`", std::any::type_name::<T>()))
}

/// What came of [`every_pair`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Pairs {
    taken: usize,
    illegal: usize,
    guarded: usize,
    failed: usize,
}

impl Pairs {
    /// How many pairs are a transition that was taken.
    #[must_use]
    pub fn taken(&self) -> usize {
        self.taken
    }

    /// How many do not start from their state.
    #[must_use]
    pub fn illegal(&self) -> usize {
        self.illegal
    }

    /// How many a guard refused. Their edges are not tried: make machines whose guards agree, in a second run.
    #[must_use]
    pub fn guarded(&self) -> usize {
        self.guarded
    }

    /// How many failed in their action.
    #[must_use]
    pub fn failed(&self) -> usize {
        self.failed
    }
}

struct Table<S, M> {
    pairs: Pairs,
    faults: Vec<[String; 4]>,
    /// The length of the log before the call.
    records: usize,
    of: PhantomData<fn(S) -> M>,
}

impl<S: State, M: StateMachine<S>> Table<S, M> {
    fn new() -> Self {
        Self { pairs: Pairs::default(), faults: Vec::new(), records: 0, of: PhantomData }
    }

    fn facts() -> &'static MachineFacts {
        M::facts()
    }

    fn pairs(&self) -> Vec<(S, &'static str)> {
        let transitions = Self::facts().graph.transitions();
        S::ALL.iter().flat_map(|state| transitions.iter().map(|transition| (*state, *transition))).collect()
    }

    /// Whether the machine is in the state.
    fn ready(&mut self, machine: &M, pair: (S, &str)) -> bool {
        self.records = machine.log().map_or(0, |log| log.len());
        let ready = machine.state() == pair.0;
        if !ready {
            self.fault(pair, "a machine in this state", format!("`make` made one in {}", machine.state().name()));
        }
        ready
    }

    fn judge(&mut self, machine: &M, pair: (S, &'static str), answer: Option<Result<(), Error>>) {
        let Some(answer) = answer else { return };
        let edges = edges_of::<S>(Self::facts(), pair);
        let table = told(&edges, pair.0);
        let happened = match answer {
            Ok(()) => self.took(machine, pair, &edges),
            Err(error) => self.refused(&error, &edges).and_then(|()| self.untouched(machine, pair.0)),
        };
        if let Err(happened) = happened {
            self.fault(pair, &table, happened);
        }
    }

    fn took(&mut self, machine: &M, (from, transition): (S, &str), edges: &[&Edge]) -> Result<(), String> {
        self.pairs.taken += 1;
        let leads = |name: &str| edges.iter().any(|edge| target(edge, from) == variant_of::<S>(name));
        let now = machine.state().name();
        let Some(log) = machine.log() else {
            return if leads(now) { Ok(()) } else { Err(format!("taken, to {now}")) };
        };
        let Some([first, more @ ..]) = log.records().get(self.records..) else {
            return Err(String::from("taken, but not recorded"));
        };
        if (first.transition(), first.from()) != (transition, from.name()) || !leads(first.to()) {
            return Err(format!("taken, recorded as {first:?}"));
        }
        let mut at = first.to();
        for record in more {
            if record.from() != at {
                return Err(format!("taken, and then {record:?} although it was {at}"));
            }
            at = record.to();
        }
        if at == now { Ok(()) } else { Err(format!("taken, to {now}; the log says {at}")) }
    }

    fn refused(&mut self, error: &Error, edges: &[&Edge]) -> Result<(), String> {
        let (facts, code) = (Self::facts(), error.code());
        let guarded = edges.iter().all(|edge| edge.guard.is_some());
        let (count, fits) = if code == facts.invalid_transition {
            (&mut self.pairs.illegal, edges.is_empty())
        } else if code == facts.guard_failed {
            (&mut self.pairs.guarded, !edges.is_empty() && guarded)
        } else {
            (&mut self.pairs.failed, !edges.is_empty() && code != facts.state_moved)
        };
        *count += 1;
        if fits { Ok(()) } else { Err(error.to_string()) }
    }

    fn untouched(&self, machine: &M, from: S) -> Result<(), String> {
        if machine.state() != from {
            return Err(format!("refused, but it is {} now", machine.state().name()));
        }
        let new = machine.log().map_or(0, |log| log.len()).saturating_sub(self.records);
        if new == 0 { Ok(()) } else { Err(format!("refused, but the log has {new} more")) }
    }

    fn fault(&mut self, (state, transition): (S, &str), table: &str, happened: String) {
        self.faults.push([state.name().to_owned(), transition.to_owned(), table.to_owned(), happened]);
    }

    fn end(self) -> Result<Pairs, String> {
        if self.faults.is_empty() {
            return Ok(self.pairs);
        }
        let (all, machine) = (self.pairs().len(), &Self::facts().graph.machine);
        let mut text = format!("{} of {all} pairs of `{machine}` are not as its graph says\n", self.faults.len());
        let head = ["state", "transition", "the graph says", "what happened"].map(String::from);
        let rows = || std::iter::once(&head).chain(&self.faults);
        let widths = [0, 1, 2].map(|column| rows().map(|row| row[column].chars().count()).max().unwrap_or(0));
        for [state, transition, table, happened] in rows() {
            let [first, second, third] = widths;
            let _ = writeln!(text, "  {state:first$}  {transition:second$}  {table:third$}  {happened}");
        }
        Err(text)
    }
}

fn edges_of<S: State>(facts: &'static MachineFacts, (state, transition): (S, &str)) -> Vec<&'static Edge> {
    let from = variant(state);
    facts.graph.edges_from(from).filter(|edge| edge.transition == transition).collect()
}

/// What the graph says, in short.
fn told<S: State>(edges: &[&Edge], from: S) -> String {
    let stored = |variant: &str| S::FACTS.iter().find(|node| node.variant == variant).map_or("?", |node| &node.name);
    let edge = |edge: &&Edge| match edge.guard.as_deref() {
        Some(guard) => format!("to {} if {guard}", stored(target(edge, from))),
        None => format!("to {}", stored(target(edge, from))),
    };
    if edges.is_empty() { String::from("illegal") } else { edges.iter().map(edge).collect::<Vec<_>>().join(", else ") }
}

fn target<S: State>(edge: &Edge, from: S) -> &str {
    edge.target.as_deref().unwrap_or_else(|| variant(from))
}

fn variant<S: State>(state: S) -> &'static str {
    S::FACTS.get(state.index()).map_or("", |node: &StateNode| &node.variant)
}

fn variant_of<S: State>(name: &str) -> &'static str {
    S::FACTS.iter().find(|node| node.name == name).map_or("", |node| &node.variant)
}

#[cfg(test)]
mod tests {
    use std::borrow::Cow;

    use super::{Pairs, every_pair, every_pair_async};
    use crate::{
        error::{Error, ErrorKind},
        state_machine::{
            Edge, Graph, GuardFailed, IllegalTransition, MachineFacts, Refusal, StateMachine, Transition,
            TransitionError, TransitionLog,
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
}
