//! What a check found.

use serde::{Deserialize, Serialize};

use super::rules::{Row, Rules};

/// What each event of a log is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum By {
    /// A state that was entered.
    #[default]
    State,
    /// A transition that happened.
    Transition,
}

/// What a check found. Its `Display` is a table for people, its `Serialize` the same for programs.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
#[non_exhaustive]
pub struct Report {
    /// The machine, as its graph names it.
    pub machine: String,
    /// What each event was.
    pub by: By,
    /// How many events there were.
    pub events: u64,
    /// How many cases there were.
    pub cases: u64,
    /// How many violations there were, by kind.
    pub violations: Violations,
    /// Steps along an edge that has a guard, which is not evaluated: the log cannot tell whether it would have passed.
    pub guarded: u64,
    /// Cases whose last event left them in a state that is not terminal. This is no violation: they may go on.
    pub unfinished: u64,
    /// Events at the same time as the one before in their case.
    pub equal_times: u64,
    /// Events at an earlier time than the one before in their case.
    pub backward_times: u64,
    /// The edges of the graph, each with how often it was taken; also those that never were.
    pub edges: Vec<EdgeCount>,
    /// What the graph does not allow, each with how often it happened. Unknown activities are no edges and are not here.
    pub breaches: Vec<BreachCount>,
    /// The first violations in full, in the order of the log.
    pub first: Vec<Violation>,
}

/// How many violations there were, by kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
#[non_exhaustive]
pub struct Violations {
    /// The machine has no such state or transition.
    pub unknown_activity: u64,
    /// A case did not start in the initial or an external state.
    pub not_initial: u64,
    /// No edge leads there.
    pub illegal: u64,
    /// The case was in a terminal state.
    pub after_terminal: u64,
}

/// How often an edge was taken. Where there are several states or transitions that the log does not tell apart, they stand
/// next to each other with ` | ` between.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct EdgeCount {
    /// The state before; `[*]` where a case starts.
    pub from: String,
    /// The state after.
    pub to: String,
    /// The transition; empty where a case starts.
    pub transition: String,
    /// Every way along it has a guard.
    pub guarded: bool,
    /// How often.
    pub count: u64,
}

/// How often something happened that the graph does not allow.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct BreachCount {
    /// What is wrong with it.
    pub kind: BreachKind,
    /// The state before; `[*]` where a case starts.
    pub from: String,
    /// The name that the machine has for the activity.
    pub activity: String,
    /// How often.
    pub count: u64,
}

/// One event that the graph does not allow.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Violation {
    /// The id of its case.
    pub case: String,
    /// Which event of its case it is; the first is 1.
    pub position: u32,
    /// Which event of the log it is; the first is 1.
    pub event: u64,
    /// What is wrong with it.
    #[serde(flatten)]
    pub breach: Breach,
}

/// What is wrong with an event. Activities are as the log calls them, states have their stored names.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
#[non_exhaustive]
pub enum Breach {
    /// The machine has no such state or transition. The case stays where it was.
    UnknownActivity {
        /// The activity.
        activity: String,
    },
    /// A case does not start like this.
    NotInitial {
        /// The activity.
        activity: String,
    },
    /// No edge leads there.
    Illegal {
        /// The state before.
        from: String,
        /// The activity.
        activity: String,
    },
    /// The case was in a terminal state.
    AfterTerminal {
        /// The terminal state.
        from: String,
        /// The activity.
        activity: String,
    },
}

/// The kind of a [`Breach`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum BreachKind {
    /// The machine has no such state or transition.
    UnknownActivity,
    /// A case does not start like this.
    NotInitial,
    /// No edge leads there.
    Illegal,
    /// The case was in a terminal state.
    AfterTerminal,
}

impl Report {
    /// Whether there is no violation.
    #[must_use]
    pub fn conforms(&self) -> bool {
        self.violations.total() == 0
    }

    pub(super) fn name(&mut self, machine: &str, by: By) {
        machine.clone_into(&mut self.machine);
        self.by = by;
    }

    pub(super) fn add_rows(&mut self, rules: &Rules) {
        for row in &rules.rows {
            match row.breach {
                Some(kind) => self.breaches.push(BreachCount {
                    kind,
                    from: rules.label(row.place),
                    activity: rules.activities[row.activity as usize].clone(),
                    count: row.count,
                }),
                None => self.edges.push(edge(rules, row)),
            }
        }
    }
}

fn edge(rules: &Rules, row: &Row) -> EdgeCount {
    let ways: Vec<_> = rules.leaps(row).collect();
    let names = ways.iter().map(|leap| &*leap.transition);
    let mut targets: Vec<u32> = ways.iter().map(|leap| leap.to).collect();
    if ways.is_empty() {
        targets.push(row.activity); // a start: only by state, where an activity is a state
    }
    EdgeCount {
        from: rules.label(row.place),
        to: joined(targets.iter().map(|to| &*rules.states[*to as usize].name)),
        transition: joined(names),
        guarded: !ways.is_empty() && ways.iter().all(|leap| leap.guard),
        count: row.count,
    }
}

impl Rules {
    /// The names of the states of a place.
    pub(super) fn label(&self, place: u32) -> String {
        let place = &self.places[place as usize];
        if !place.begun {
            return "[*]".to_owned();
        }
        joined(place.states.iter().map(|state| &*self.states[*state as usize].name))
    }
}

fn joined<'a>(names: impl Iterator<Item = &'a str>) -> String {
    let mut seen: Vec<&str> = Vec::new();
    for name in names {
        if !seen.contains(&name) {
            seen.push(name);
        }
    }
    seen.join(" | ")
}

impl Violations {
    /// All of them.
    #[must_use]
    pub fn total(&self) -> u64 {
        self.unknown_activity + self.not_initial + self.illegal + self.after_terminal
    }

    pub(super) fn add(&mut self, kind: BreachKind) {
        match kind {
            BreachKind::UnknownActivity => self.unknown_activity += 1,
            BreachKind::NotInitial => self.not_initial += 1,
            BreachKind::Illegal => self.illegal += 1,
            BreachKind::AfterTerminal => self.after_terminal += 1,
        }
    }
}

impl Breach {
    /// Its kind.
    #[must_use]
    pub fn kind(&self) -> BreachKind {
        match self {
            Self::UnknownActivity { .. } => BreachKind::UnknownActivity,
            Self::NotInitial { .. } => BreachKind::NotInitial,
            Self::Illegal { .. } => BreachKind::Illegal,
            Self::AfterTerminal { .. } => BreachKind::AfterTerminal,
        }
    }
}
