//! Calls a machine and its table alike, and compares.

use std::{
    fmt::Debug,
    future::Future,
    pin::{Pin, pin},
    sync::{Mutex, PoisonError},
    task::{Context, Poll, Waker},
};

use bailiwick::{TransitionError, TransitionLog, state_machine::Graph};

use super::{
    chance::Dice,
    interpreter::Interpreter,
    table::{FLAGS, Table},
};

/// One call of a method.
#[derive(Debug, Clone)]
pub struct Call {
    pub method: usize,
    pub number: u32,
    pub reason: String,
    /// After so many polls the caller drops the future.
    pub polls: usize,
}

impl Call {
    /// A call of a method without arguments that waits for nothing.
    pub fn plain(method: usize) -> Self {
        Self { method, number: 0, reason: String::new(), polls: usize::MAX }
    }
}

/// A machine that was compiled.
pub trait Subject {
    /// Sets a flag.
    fn set(&mut self, flag: usize, to: bool);
    /// Puts it into a state with an empty log, as if it were loaded.
    fn load(&mut self, state: usize);
    /// Calls a method; nothing if the future was dropped.
    fn call(&mut self, call: &Call) -> Option<String>;
    /// Asks `check_…`.
    fn check(&self, call: &Call) -> String;
    /// Asks `can_…`.
    fn can(&self, call: &Call) -> bool;
    /// The transitions that start from the state.
    fn available(&self) -> Vec<String>;
    /// The stored name of the state.
    fn state(&self) -> &'static str;
    /// The log.
    fn log(&self) -> Vec<String>;
    /// What was noted since the last time.
    fn trace(&mut self) -> Vec<String>;
    /// The graph.
    fn graph(&self) -> Graph;
}

/// What guards, bodies and hooks note.
#[derive(Debug, Default)]
pub struct Trace(Mutex<Vec<String>>);

impl Trace {
    pub fn note(&self, text: impl Into<String>) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(text.into());
    }

    pub fn take(&self) -> Vec<String> {
        std::mem::take(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// The failure of a body.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("no")]
pub struct No;

/// A future that is not ready when it is first polled.
#[derive(Debug, Default)]
pub struct Turn(bool);

impl Future for Turn {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        if std::mem::replace(&mut self.0, true) {
            return Poll::Ready(());
        }
        cx.waker().wake_by_ref();
        Poll::Pending
    }
}

/// Polls a future so many times at most.
pub fn poll<F: Future>(future: F, polls: usize) -> Option<F::Output> {
    let mut future = pin!(future);
    let mut cx = Context::from_waker(Waker::noop());
    (0..polls).find_map(|_| match future.as_mut().poll(&mut cx) {
        Poll::Ready(output) => Some(output),
        Poll::Pending => None,
    })
}

/// The answer of a method as text.
pub fn answer<T: Debug, E: std::fmt::Display>(answer: Result<T, TransitionError<E>>) -> String {
    match answer {
        Ok(output) => format!("ok {output:?}"),
        Err(error) => refused(error),
    }
}

/// The answer of `check_…` as text.
pub fn checked<S: bailiwick::State>(answer: Result<S, TransitionError>) -> String {
    match answer {
        Ok(state) => format!("to {}", state.name()),
        Err(error) => refused(error),
    }
}

fn refused<E: std::fmt::Display>(error: TransitionError<E>) -> String {
    match error {
        TransitionError::Illegal(no) => {
            format!("{} illegal: {} from {}, not {:?}", no.machine(), no.transition(), no.from(), no.allowed_from())
        }
        TransitionError::Guard(no) => {
            let others: Vec<_> =
                no.others().iter().map(|other| format!("{} {:?}", other.guard(), other.reason())).collect();
            let said = (no.guard(), no.reason());
            let (machine, name, from) = (no.machine(), no.transition(), no.from());
            format!("{machine} guard: {name} from {from}, {} {:?}, others {others:?}", said.0, said.1)
        }
        TransitionError::Moved(no) => {
            format!("{} moved: {} from {}, found {}", no.machine(), no.transition(), no.from(), no.found())
        }
        TransitionError::Action(no) => format!("action: {no}"),
        _ => "a refusal that is not known".into(),
    }
}

/// The records of a log as text.
pub fn records(log: &TransitionLog) -> Vec<String> {
    let text = |record: &bailiwick::state_machine::TransitionRecord| {
        let what = format!("{} {} {}>{}", record.machine(), record.transition(), record.from(), record.to());
        let (internal, reason, version) = (record.is_internal(), record.reason(), record.version());
        format!("{what} internal {internal} reason {reason:?} version {version:?}")
    };
    log.records().iter().map(text).collect()
}

/// What a hook was told, as text.
pub fn told<S: bailiwick::State>(hook: usize, taken: &bailiwick::Transition<'_, S>, now: S) -> String {
    let what = format!("{} {}>{}", taken.transition(), taken.from().name(), taken.to().name());
    format!("hook_{hook} {what} internal {} reason {:?}, now {}", taken.is_internal(), taken.reason(), now.name())
}

/// Drives a machine and its table with the same random calls.
///
/// # Panics
/// If they differ.
pub fn compare(table: &Table, subject: &mut dyn Subject, seed: u64, calls: usize) {
    let mut dice = Dice::new(seed);
    let mut model = Interpreter::new(table);
    subject.load(model.state);
    (0..FLAGS).for_each(|flag| subject.set(flag, false));
    let mut story = Vec::new();
    for _ in 0..calls {
        story.push(step(table, &mut model, subject, &mut dice));
        let expected = (table.states[model.state].stored, &model.log, model.available());
        let (state, log, available) = (subject.state(), subject.log(), subject.available());
        let same = expected == (state, &log, available.clone());
        assert!(
            same,
            "{table:#?}\n{story:#?}\nseed {seed}: expected {expected:?}, found {state}, {log:?}, {available:?}"
        );
        let (expected, found) = (std::mem::take(&mut model.trace), subject.trace());
        assert_eq!(found, expected, "{table:#?}\n{story:#?}\nseed {seed}: not in this order");
    }
}

fn step(table: &Table, model: &mut Interpreter<'_>, subject: &mut dyn Subject, dice: &mut Dice) -> String {
    match dice.below(10) {
        0..3 => {
            let (flag, to) = (dice.below(FLAGS), dice.percent(50));
            model.flags[flag] = to;
            subject.set(flag, to);
            format!("flag {flag} {to}")
        }
        3 => {
            let state = dice.below(table.states.len());
            model.state = state;
            model.log.clear();
            subject.load(state);
            format!("load {}", table.states[state].stored)
        }
        4 => checks(table, model, subject, &a_call(table, model, dice)),
        _ => called(table, model, subject, &a_call(table, model, dice)),
    }
}

/// Twice in three times a method that starts from the state.
fn a_call(table: &Table, model: &Interpreter<'_>, dice: &mut Dice) -> Call {
    let available = model.available();
    let method = if !available.is_empty() && dice.percent(67) {
        let name = &available[dice.below(available.len())];
        table.methods.iter().position(|method| method.name == name).unwrap()
    } else {
        dice.below(table.methods.len())
    };
    let polls = if dice.percent(30) { 1 + dice.below(6) } else { 1_000 };
    let number = u32::try_from(dice.below(10)).unwrap();
    Call { method, number, reason: format!("because {number}"), polls }
}

fn checks(table: &Table, model: &mut Interpreter<'_>, subject: &dyn Subject, call: &Call) -> String {
    let story = format!("check {} {call:?}", table.methods[call.method].name);
    let (expected, found) = (model.check(call), subject.check(call));
    assert_eq!(found, expected, "{table:#?}\n{story}");
    model.check(call);
    assert_eq!(subject.can(call), expected.starts_with("to "), "{table:#?}\n{story}: can");
    story
}

fn called(table: &Table, model: &mut Interpreter<'_>, subject: &mut dyn Subject, call: &Call) -> String {
    let story = format!("call {} {call:?} in {}", table.methods[call.method].name, subject.state());
    let (expected, found) = (model.call(call), subject.call(call));
    assert_eq!(found, expected, "{table:#?}\n{story}\nflags {:?}", model.flags);
    story
}
