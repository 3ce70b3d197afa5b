//! What a machine does, from its table alone: the order of a transition, who is told what, what is set back.

use super::{
    drive::Call,
    table::{Answers, Arrow, BECAUSE, Expression, FLAGS, Kind, Method, Table, Takes, VERSION, When},
};

/// A machine that is walked.
#[derive(Debug, Clone)]
pub struct Interpreter<'a> {
    table: &'a Table,
    pub state: usize,
    pub flags: [bool; FLAGS],
    pub log: Vec<String>,
    pub trace: Vec<String>,
    /// How often the caller still polls; a future that is not ready by then is dropped.
    polls: usize,
}

/// The caller dropped the future.
#[derive(Debug)]
struct Dropped;

/// A guard that said no.
#[derive(Debug, Clone)]
struct Refusal {
    guard: usize,
    reason: Option<&'static str>,
}

impl<'a> Interpreter<'a> {
    pub fn new(table: &'a Table) -> Self {
        let state = table.states.iter().position(|state| state.initial).unwrap();
        Self { table, state, flags: [false; FLAGS], log: Vec::new(), trace: Vec::new(), polls: 0 }
    }

    /// Calls a method; nothing if it was dropped.
    pub fn call(&mut self, call: &Call) -> Option<String> {
        self.polls = call.polls;
        let (state, logged) = (self.state, self.log.len());
        let answer = self.transition(call);
        if answer.is_err() {
            self.state = state;
            self.log.truncate(logged);
        }
        answer.ok()
    }

    /// What `check_…` answers.
    pub fn check(&mut self, call: &Call) -> String {
        let method = &self.table.methods[call.method];
        match self.choose(method, call) {
            Ok(arrow) => format!("to {}", self.table.states[arrow.target.unwrap_or(self.state)].stored),
            Err(refused) => refused,
        }
    }

    /// The methods that start from the state.
    pub fn available(&self) -> Vec<String> {
        let methods = self.table.methods.iter();
        methods.filter(|method| self.candidates(method).next().is_some()).map(|method| method.name.to_owned()).collect()
    }

    fn candidates<'t>(&self, method: &'t Method) -> impl Iterator<Item = &'t Arrow> + use<'t, 'a> {
        let (table, state) = (self.table, self.state);
        method.arrows.iter().filter(move |arrow| arrow.sources(&table.states).contains(&state))
    }

    fn choose(&mut self, method: &'a Method, call: &Call) -> Result<&'a Arrow, String> {
        let mut refused = Vec::new();
        for arrow in self.candidates(method).collect::<Vec<_>>() {
            match arrow.guard.as_ref().map_or(Ok(()), |guard| self.ask(guard, call)) {
                Ok(()) => return Ok(arrow),
                Err(refusal) => refused.push(refusal),
            }
        }
        Err(self.refusal(method, &refused))
    }

    /// Left to right, no further than needed; who says no is who was asked last.
    fn ask(&mut self, guard: &Expression, call: &Call) -> Result<(), Refusal> {
        match guard {
            Expression::Guard(guard) => self.look(*guard, call),
            Expression::Not(guard) => match self.look(*guard, call) {
                Ok(()) => Err(Refusal { guard: *guard, reason: None }),
                Err(_) => Ok(()),
            },
            Expression::All(parts) => parts.iter().try_for_each(|part| self.ask(part, call)),
            Expression::Any(parts) => {
                let mut last = None;
                for part in parts {
                    match self.ask(part, call) {
                        Ok(()) => return Ok(()),
                        Err(refusal) => last = Some(refusal),
                    }
                }
                last.map_or(Ok(()), Err)
            }
        }
    }

    fn look(&mut self, place: usize, call: &Call) -> Result<(), Refusal> {
        let guard = self.table.guards[place];
        self.trace.push(format!("guard_{place}"));
        let holds = self.flags[guard.flag] && (guard.kind != Kind::Numbered || call.number.is_multiple_of(2));
        let reason = (guard.kind == Kind::Reasoned).then_some(BECAUSE);
        if holds { Ok(()) } else { Err(Refusal { guard: place, reason }) }
    }

    fn refusal(&self, method: &Method, refused: &[Refusal]) -> String {
        let (machine, name) = (self.table.machine(), method.name);
        let from = self.table.states[self.state].stored;
        let [first, others @ ..] = refused else {
            let mut allowed: Vec<&str> = Vec::new();
            for source in method.arrows.iter().flat_map(|arrow| arrow.sources(&self.table.states)) {
                let stored = self.table.states[source].stored;
                if !allowed.contains(&stored) {
                    allowed.push(stored);
                }
            }
            return format!("{machine} illegal: {name} from {from}, not {allowed:?}");
        };
        let others: Vec<String> =
            others.iter().map(|other| format!("guard_{} {:?}", other.guard, other.reason)).collect();
        format!("{machine} guard: {name} from {from}, guard_{} {:?}, others {others:?}", first.guard, first.reason)
    }

    fn transition(&mut self, call: &Call) -> Result<String, Dropped> {
        let table = self.table;
        let method = &table.methods[call.method];
        let arrow = match self.choose(method, call) {
            Ok(arrow) => arrow,
            Err(refused) => return Ok(refused),
        };
        let from = self.state;
        let answer = self.body(method, call)?;
        let found = std::mem::replace(&mut self.state, from);
        if let Err(failed) = answer {
            return Ok(failed);
        }
        let (machine, name) = (table.machine(), method.name);
        if found != from {
            let (from, found) = (table.states[from].stored, table.states[found].stored);
            return Ok(format!("{machine} moved: {name} from {from}, found {found}"));
        }
        self.arrive(method, arrow, call)?;
        Ok(answer.unwrap_or_default())
    }

    fn body(&mut self, method: &Method, call: &Call) -> Result<Result<String, String>, Dropped> {
        self.trace.push(method.name.to_owned());
        if method.is_async {
            self.wait()?;
        }
        if let Some((flag, state)) = method.moves
            && self.flags[flag]
        {
            self.state = state;
        }
        if method.is_async {
            self.wait()?;
        }
        if method.fails.is_some_and(|flag| self.flags[flag]) {
            return Ok(Err("action: no".into()));
        }
        let number = if method.takes == Takes::Number { u64::from(call.number) } else { 0 };
        Ok(Ok(match method.answers {
            Answers::Nothing => "ok ()".to_owned(),
            Answers::Number | Answers::Result => format!("ok {}", number + 1),
        }))
    }

    fn arrive(&mut self, method: &Method, arrow: &Arrow, call: &Call) -> Result<(), Dropped> {
        let (from, to) = (self.state, arrow.target.unwrap_or(self.state));
        let internal = arrow.target.is_none();
        let reason = (method.takes == Takes::Reason).then(|| call.reason.clone());
        let names = (self.table.states[from].stored, self.table.states[to].stored);
        let told = format!("{} {}>{} internal {internal} reason {reason:?}", method.name, names.0, names.1);
        if !internal {
            self.hooks(&told, |when| matches!(when, When::Exit(states) if states.contains(&from)))?;
        }
        self.state = to;
        if self.table.log {
            let version = self.table.version.then_some(VERSION);
            self.log.push(format!("{} {told} version {version:?}", self.table.machine()));
        }
        if !internal {
            self.hooks(&told, |when| matches!(when, When::Enter(states) if states.contains(&to)))?;
        }
        self.hooks(&told, |when| matches!(when, When::Always))
    }

    fn hooks(&mut self, told: &str, runs: impl Fn(&When) -> bool) -> Result<(), Dropped> {
        let table = self.table;
        for (place, hook) in table.hooks.iter().enumerate().filter(|(_, hook)| runs(&hook.when)) {
            self.trace.push(format!("hook_{place} {told}, now {}", table.states[self.state].stored));
            if table.all_async {
                self.wait()?;
            }
            if let Some((flag, method)) = hook.follow
                && std::mem::take(&mut self.flags[flag])
            {
                let answer = self.transition(&Call::plain(method))?;
                self.trace.push(format!("followed: {answer}"));
            }
        }
        Ok(())
    }

    /// A future that is not ready when it is first polled.
    fn wait(&mut self) -> Result<(), Dropped> {
        self.polls -= 1;
        if self.polls == 0 { Err(Dropped) } else { Ok(()) }
    }
}
