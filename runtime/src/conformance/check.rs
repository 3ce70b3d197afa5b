//! Follows every case of a log through a graph.

use super::{
    Breach, BreachKind, By, Report, Violation,
    cases::{Case, Cases, UNTIMED},
    rules::{Rules, START, Step},
};
use crate::{state_machine::Graph, timestamp::Timestamp};

/// The number of violations that a report shows in full unless it is told otherwise.
const SHOWN: usize = 20;

/// A check that is fed one event after another, in the order in which they arrive. The [module](super) tells the rules.
///
/// It keeps a few bytes for each case and nothing for an event: 28 bytes for an open case, 16 for one that has reached a
/// terminal state, each with the slack of a hash table; an id is kept as a hash. Events whose cases are complete can say so
/// with [`end_case`](Self::end_case), and the case then costs nothing.
#[derive(Debug)]
pub struct Conformance {
    graph: Graph,
    by: By,
    rules: Rules,
    renamed: Vec<(String, String)>,
    limit: usize,
    cases: Cases,
    report: Report,
}

impl Conformance {
    /// A check against `graph`, by state; the graph is copied. It need not be a machine: it may have no terminal state, or
    /// several edges of one name from one state, each of which is then allowed. Edges to a state that it does not have are no
    /// edges. See [`Graph::check`] to hold it against the rules for machines.
    #[must_use]
    pub fn new(graph: &Graph) -> Self {
        Self {
            graph: graph.clone(),
            by: By::State,
            rules: Rules::new(graph, By::State),
            renamed: Vec::new(),
            limit: SHOWN,
            cases: Cases::new(),
            report: Report::default(),
        }
    }

    /// Each event is a state that was entered, by its stored name or an alias. Starts anew: call it before the first event.
    #[must_use]
    pub fn by_state(self) -> Self {
        self.by(By::State)
    }

    /// Each event is a transition that happened, by its name. Starts anew: call it before the first event.
    #[must_use]
    pub fn by_transition(self) -> Self {
        self.by(By::Transition)
    }

    /// What an event is. Starts anew: call it before the first event.
    #[must_use]
    pub fn by(self, by: By) -> Self {
        let mut rules = Rules::new(&self.graph, by);
        for (foreign, own) in &self.renamed {
            rules.rename(foreign, own);
        }
        Self { by, rules, cases: Cases::new(), report: Report::default(), ..self }
    }

    /// How many violations the report shows in full; 20 unless told otherwise. All are counted.
    #[must_use]
    pub fn limit(self, violations: usize) -> Self {
        Self { limit: violations, ..self }
    }

    /// The log says `foreign` where the machine says `own`. If the machine has no `own`, events of that name stay unknown;
    /// [`knows`](Self::knows) tells.
    #[must_use]
    pub fn rename(mut self, foreign: impl Into<String>, own: impl Into<String>) -> Self {
        let (foreign, own) = (foreign.into(), own.into());
        self.rules.rename(&foreign, &own);
        self.renamed.push((foreign, own));
        self
    }

    /// Whether an activity of this name is one of the machine, perhaps by an alias or renamed.
    #[must_use]
    pub fn knows(&self, activity: &str) -> bool {
        self.rules.activity(activity).is_some()
    }

    /// The next event: its case, its activity and, if the log has it, its time.
    ///
    /// Times are compared with that of the event before in the same case and only counted. After a terminal state the
    /// comparison begins anew.
    pub fn feed(&mut self, case: &str, activity: &str, at: Option<Timestamp>) {
        let key = self.cases.key(case);
        let mut now = self.cases.get(key).unwrap_or_else(|| {
            self.report.cases += 1;
            Case::new(START)
        });
        self.report.events += 1;
        now.position = now.position.saturating_add(1);
        self.compare(&mut now, at);
        match self.rules.activity(activity) {
            Some(known) => {
                let step = self.rules.step(now.place, known);
                self.count(step, (case, now.position), activity);
                now.place = step.next;
            }
            None => self.breach((case, now.position), Breach::UnknownActivity { activity: activity.to_owned() }),
        }
        let ended = self.rules.ended(now.place);
        self.cases.put(key, now, ended);
    }

    /// The case has no further events. What follows under the same id is another case.
    pub fn end_case(&mut self, case: &str) {
        let key = self.cases.key(case);
        if let Some(last) = self.cases.remove(key) {
            self.report.unfinished += u64::from(!self.rules.ended(last.place));
        }
    }

    /// What was found so far, as if the log ended here.
    #[must_use]
    pub fn finish(mut self) -> Report {
        let open = self.cases.open().filter(|case| !self.rules.ended(case.place)).count();
        self.report.unfinished += u64::try_from(open).unwrap_or(u64::MAX);
        self.report.name(&self.graph.machine, self.by);
        self.report.add_rows(&self.rules);
        self.report
    }

    fn compare(&mut self, now: &mut Case, at: Option<Timestamp>) {
        let Some(at) = at else { return };
        let (last, micros) = (now.last(), at.as_micros());
        if last != UNTIMED {
            self.report.equal_times += u64::from(micros == last);
            self.report.backward_times += u64::from(micros < last);
        }
        now.set_last(micros);
    }

    fn count(&mut self, step: Step, at: (&str, u32), activity: &str) {
        let row = &mut self.rules.rows[step.row as usize];
        row.count += 1;
        self.report.guarded += u64::from(step.guarded);
        let (Some(kind), place) = (step.breach, row.place) else { return };
        if self.report.first.len() >= self.limit {
            return self.report.violations.add(kind);
        }
        let (activity, from) = (activity.to_owned(), self.rules.label(place));
        self.breach(
            at,
            match kind {
                BreachKind::UnknownActivity => Breach::UnknownActivity { activity },
                BreachKind::NotInitial => Breach::NotInitial { activity },
                BreachKind::Illegal => Breach::Illegal { from, activity },
                BreachKind::AfterTerminal => Breach::AfterTerminal { from, activity },
            },
        );
    }

    fn breach(&mut self, (case, position): (&str, u32), breach: Breach) {
        self.report.violations.add(breach.kind());
        if self.report.first.len() < self.limit {
            let case = case.to_owned();
            self.report.first.push(Violation { case, position, event: self.report.events, breach });
        }
    }
}
