//! A report for people.

use std::fmt;

use super::{Breach, BreachCount, BreachKind, By, EdgeCount, Report, Violation, Violations};

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        head(f, self)?;
        writeln!(f, "\n{:>10}  edge", "count")?;
        for edge in &self.edges {
            writeln!(f, "{:>10}  {edge}", edge.count)?;
        }
        if !self.breaches.is_empty() {
            writeln!(f, "\n{:>10}  not in the graph", "count")?;
        }
        for row in &self.breaches {
            writeln!(f, "{:>10}  {row}", row.count)?;
        }
        if !self.first.is_empty() {
            writeln!(f, "\nthe first {} of {} violations", self.first.len(), self.violations.total())?;
        }
        self.first.iter().try_for_each(|violation| writeln!(f, "  {violation}"))
    }
}

fn head(f: &mut fmt::Formatter<'_>, report: &Report) -> fmt::Result {
    let Report { machine, by, events, cases, violations, guarded, unfinished, .. } = report;
    writeln!(f, "{machine} by {by}: {events} events, {cases} cases, {} violations", violations.total())?;
    let Violations { unknown_activity, not_initial, illegal, after_terminal } = violations;
    write!(f, "  unknown activity {unknown_activity}, not initial {not_initial}, ")?;
    writeln!(f, "illegal {illegal}, after terminal {after_terminal}")?;
    writeln!(f, "  {guarded} steps along guarded edges, {unfinished} cases not in a terminal state")?;
    writeln!(f, "  {} equal and {} backward times", report.equal_times, report.backward_times)
}

impl fmt::Display for BreachCount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {} -> {}", self.kind, self.from.escape_debug(), self.activity.escape_debug())
    }
}

impl fmt::Display for By {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::State => "state",
            Self::Transition => "transition",
        })
    }
}

impl fmt::Display for BreachKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::UnknownActivity => "unknown activity",
            Self::NotInitial => "not initial",
            Self::Illegal => "illegal",
            Self::AfterTerminal => "after terminal",
        })
    }
}

impl fmt::Display for EdgeCount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} -> {}", self.from.escape_debug(), self.to.escape_debug())?;
        if !self.transition.is_empty() {
            write!(f, " : {}", self.transition.escape_debug())?;
        }
        f.write_str(if self.guarded { " [guarded]" } else { "" })
    }
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { case, position, event, breach } = self;
        write!(f, "event {event}, number {position} of case `{}`: {breach}", case.escape_debug())
    }
}

impl fmt::Display for Breach {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::UnknownActivity { activity } => write!(f, "`{}` is unknown", activity.escape_debug()),
            Self::NotInitial { activity } => write!(f, "a case does not start with `{}`", activity.escape_debug()),
            Self::Illegal { from, activity } => refused(f, from, activity),
            Self::AfterTerminal { from, activity } => {
                refused(f, from, activity)?;
                f.write_str(", which is terminal")
            }
        }
    }
}

/// By state an activity is where the case went, by transition what happened; both read well like this.
fn refused(f: &mut fmt::Formatter<'_>, from: &str, activity: &str) -> fmt::Result {
    write!(f, "no `{}` from `{}`", activity.escape_debug(), from.escape_debug())
}
