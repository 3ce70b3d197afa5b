//! A machine as a table: what the renderer writes as Rust, and what the interpreter walks.

/// A machine. States, guards and methods are named by their places.
#[derive(Debug, Clone)]
pub struct Table {
    pub number: usize,
    pub states: Vec<State>,
    /// Whether records carry the version.
    pub version: bool,
    /// Whether there is a log.
    pub log: bool,
    /// Whether every method and every hook is `async`.
    pub all_async: bool,
    pub guards: Vec<Guard>,
    pub methods: Vec<Method>,
    pub hooks: Vec<Hook>,
}

/// A state.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct State {
    pub name: &'static str,
    pub stored: &'static str,
    pub initial: bool,
    pub terminal: bool,
}

/// A guard: it looks at one flag.
#[derive(Debug, Clone, Copy)]
pub struct Guard {
    pub flag: usize,
    pub kind: Kind,
}

/// What a guard answers, and what it is given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// `bool`.
    Plain,
    /// `Result<(), String>`.
    Reasoned,
    /// `bool`, given the number: it must be even besides.
    Numbered,
}

/// A transition: a method with one arrow or several.
#[derive(Debug, Clone)]
pub struct Method {
    pub name: &'static str,
    pub takes: Takes,
    pub answers: Answers,
    pub arrows: Vec<Arrow>,
    /// The flag by which the body fails, if it can.
    pub fails: Option<usize>,
    /// The flag by which the body sets the state itself, and to what.
    pub moves: Option<(usize, usize)>,
    pub is_async: bool,
}

/// Arguments.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Takes {
    Nothing,
    Number,
    Reason,
}

/// What the body answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answers {
    Nothing,
    Number,
    Result,
}

/// One `#[transition]`.
#[derive(Debug, Clone)]
pub struct Arrow {
    /// `_`: every state that is not terminal.
    pub any: bool,
    pub named: Vec<usize>,
    pub guard: Option<Expression>,
    /// Nothing is an internal transition.
    pub target: Option<usize>,
}

/// Guards, as written.
#[derive(Debug, Clone)]
pub enum Expression {
    Guard(usize),
    Not(usize),
    All(Vec<Expression>),
    Any(Vec<Expression>),
}

/// A hook.
#[derive(Debug, Clone)]
pub struct Hook {
    pub when: When,
    pub mutable: bool,
    /// A flag that it clears to call a method in turn.
    pub follow: Option<(usize, usize)>,
}

/// When a hook runs.
#[derive(Debug, Clone)]
pub enum When {
    Enter(Vec<usize>),
    Exit(Vec<usize>),
    Always,
}

/// How many flags a machine has.
pub const FLAGS: usize = 5;
/// How many guards a machine has at most.
pub const GUARDS: usize = 6;
/// The version of every machine.
pub const VERSION: u64 = 7;
/// What a guard says that can say why.
pub const BECAUSE: &str = "the flag is down";

impl Arrow {
    /// The states that it starts from.
    pub fn sources(&self, states: &[State]) -> Vec<usize> {
        let everywhere = (0..states.len()).filter(|state| self.any && !states[*state].terminal);
        everywhere.chain(self.named.iter().copied()).collect()
    }

    /// Whether its guards agree, if each guard answers by its bit.
    pub fn holds(&self, answers: u32) -> bool {
        self.guard.as_ref().is_none_or(|guard| guard.holds(answers))
    }
}

impl Expression {
    fn holds(&self, answers: u32) -> bool {
        match self {
            Self::Guard(guard) => answers >> guard & 1 == 1,
            Self::Not(guard) => answers >> guard & 1 == 0,
            Self::All(parts) => parts.iter().all(|part| part.holds(answers)),
            Self::Any(parts) => parts.iter().any(|part| part.holds(answers)),
        }
    }
}

impl Table {
    /// `Machine7`.
    pub fn machine(&self) -> String {
        format!("Machine{}", self.number)
    }

    /// Whether a method may be called from a hook, which cannot wait and gives no arguments.
    pub fn can_follow(&self, method: usize) -> bool {
        let method = &self.methods[method];
        !method.is_async && method.takes == Takes::Nothing
    }
}
