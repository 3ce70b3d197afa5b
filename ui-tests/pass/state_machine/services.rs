//! Services with several bounds, a retired transition, states whose names are not in camel case, one that `cfg` removes, and
//! a machine that is called like a helper of the other.

#![deny(warnings)]

use bailiwick::{State, state_machine, state_machine::TransitionLog};

#[derive(State, Debug, Clone, Copy, PartialEq, Eq)]
#[allow(non_camel_case_types)]
pub enum Stage {
    #[state(initial)]
    raw,
    #[cfg(any())]
    gone,
    #[state(terminal)]
    done,
}

#[derive(State, Debug, Clone, Copy, PartialEq, Eq)]
pub enum Noted {
    #[state(initial)]
    Blank,
    #[state(terminal)]
    Full,
}

pub trait Tool {
    fn force(&self) -> u32;
}

impl Tool for u32 {
    fn force(&self) -> u32 {
        *self
    }
}

pub struct Part {
    stage: Stage,
    noted: Noted,
    log: TransitionLog,
}

#[state_machine(states = Stage, field = stage, log = log, trigger, typestate)]
impl Part {
    #[transition(raw if strong => done, no_trigger)]
    pub fn cut(&mut self, tool: impl Tool + Send) -> u32 {
        tool.force()
    }

    /// Use `cut`.
    #[deprecated]
    #[transition(raw => done)]
    pub async fn break_off(&mut self, force: u32) -> u32 {
        force
    }

    #[cfg(any())]
    #[transition(raw => gone)]
    pub fn lose(&mut self) {}

    #[cfg(any())]
    #[transition(gone => raw)]
    pub fn find(&mut self) {}

    fn strong(&self, tool: &(impl Tool + Send)) -> bool {
        tool.force() > 1
    }
}

#[state_machine(states = Noted, field = noted, name = log, log = log)]
impl Part {
    #[transition(Blank => Full)]
    pub fn note(&mut self) {}
}

fn main() {
    let new = || Part { stage: Stage::raw, noted: Noted::Blank, log: TransitionLog::new() };
    let mut part = new();
    assert!(!part.can_cut(&1) && part.can_cut(&2));
    assert_eq!(part.cut(2), Ok(2));
    assert_eq!(part.note(), Ok(()));
    assert_eq!(part.log.records().iter().map(|record| record.machine()).collect::<Vec<_>>(), ["Part", "Part.log"]);
    assert!(matches!(new().typed(), PartTyped::raw(_)));
}
