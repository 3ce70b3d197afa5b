//! A table as Rust.

use std::fmt::Write as _;

use super::table::{
    Answers, Arrow, BECAUSE, Expression, FLAGS, Hook, Kind, Method, State, Table, Takes, VERSION, When,
};

/// The module of a machine.
pub fn module(table: &Table) -> String {
    let mut text =
        format!("//! Machine {}, by chance. The renderer wrote it; it is not changed by hand.\n\n", table.number);
    text.push_str(
        "use bailiwick::{State, Transition, TransitionLog, state_machine, state_machine::{Graph, StateMachine as _}};\n\n\
         use super::super::drive::{self, Call, No, Subject, Trace, Turn};\n\n",
    );
    text.push_str(&states(&table.states));
    text.push_str(&fields(table));
    let _ = writeln!(text, "#[state_machine({})]\nimpl {} {{", options(table), table.machine());
    for method in &table.methods {
        text.push_str(&transition(table, method));
    }
    for place in 0..table.guards.len() {
        text.push_str(&guard(table, place));
    }
    for (place, hook) in table.hooks.iter().enumerate() {
        text.push_str(&self::hook(table, place, hook));
    }
    text.push_str("}\n\n");
    text.push_str(&subject(table));
    text
}

fn states(states: &[State]) -> String {
    let cyclic = if states.iter().any(|state| state.terminal) { "" } else { "#[state(cyclic)]\n" };
    let mut text = format!("#[derive(State, Debug, Clone, Copy, PartialEq, Eq)]\n{cyclic}pub enum States {{\n");
    for state in states {
        let mark = match state {
            State { initial: true, .. } => "#[state(initial)] ",
            State { terminal: true, .. } => "#[state(terminal)] ",
            _ => "",
        };
        let _ = writeln!(text, "    {mark}{},", state.name);
    }
    text + "}\n\n"
}

fn fields(table: &Table) -> String {
    let version = if table.version { ", version: u64" } else { "" };
    let log = if table.log { ", log: TransitionLog" } else { "" };
    let name = table.machine();
    let mut text =
        format!("pub struct {name} {{ state: States, flags: [bool; {FLAGS}], trace: Trace{version}{log} }}\n\n");
    let version = if table.version { format!(", version: {VERSION}") } else { String::new() };
    let log = if table.log { ", log: TransitionLog::new()" } else { "" };
    let value =
        format!("Self {{ state: States::INITIAL, flags: [false; {FLAGS}], trace: Trace::default(){version}{log} }}");
    let _ = writeln!(text, "impl {name} {{\n    pub fn new() -> Self {{ {value} }}\n}}\n");
    text
}

fn options(table: &Table) -> String {
    let version = if table.version { ", version = version" } else { "" };
    let log = if table.log { ", log = log" } else { "" };
    format!("states = States, field = state{version}{log}")
}

fn transition(table: &Table, method: &Method) -> String {
    let mut text = format!("    /// To {}.\n    ///\n    /// Later paragraphs stay here.\n", method.name);
    for arrow in &method.arrows {
        let _ = writeln!(text, "    #[transition({})]", self::arrow(table, arrow));
    }
    let (word, turn) = if method.is_async { ("async ", "        Turn::default().await;\n") } else { ("", "") };
    let takes = match method.takes {
        Takes::Nothing => "",
        Takes::Number => ", number: u32",
        Takes::Reason => ", #[reason] reason: &str",
    };
    let (answers, last) = match method.answers {
        Answers::Nothing => ("", None),
        Answers::Number => (" -> u64", Some(("", ""))),
        Answers::Result => (" -> Result<u64, No>", Some(("Ok(", ")"))),
    };
    let _ = writeln!(text, "    pub {word}fn {}(&mut self{takes}){answers} {{", method.name);
    let _ = writeln!(text, "        self.trace.note({:?});", method.name);
    text.push_str(turn);
    if let Some((flag, state)) = method.moves {
        let _ =
            writeln!(text, "        if self.flags[{flag}] {{ self.state = States::{}; }}", table.states[state].name);
    }
    text.push_str(turn);
    if let Some(flag) = method.fails {
        let _ = writeln!(text, "        if self.flags[{flag}] {{ return Err(No); }}");
    }
    if let Some((open, close)) = last {
        let number = if method.takes == Takes::Number { "u64::from(number) + 1" } else { "1" };
        let _ = writeln!(text, "        {open}{number}{close}");
    }
    text + "    }\n\n"
}

/// What stands inside `#[transition(…)]`.
fn arrow(table: &Table, arrow: &Arrow) -> String {
    let name = |state: &usize| table.states[*state].name;
    let sources: Vec<&str> = arrow.any.then_some("_").into_iter().chain(arrow.named.iter().map(name)).collect();
    let guard = arrow.guard.as_ref().map(|guard| format!(" if {}", expression(guard))).unwrap_or_default();
    format!("{}{guard} => {}", sources.join(" | "), arrow.target.as_ref().map_or("_", name))
}

/// Guards, as they are written; brackets where they are needed.
pub fn expression(guard: &Expression) -> String {
    let bracket = |part: &Expression| format!("({})", expression(part));
    match guard {
        Expression::Guard(place) => format!("guard_{place}"),
        Expression::Not(place) => format!("!guard_{place}"),
        Expression::All(parts) => {
            let part = |part: &Expression| match part {
                Expression::All(_) | Expression::Any(_) => bracket(part),
                _ => expression(part),
            };
            parts.iter().map(part).collect::<Vec<_>>().join(" && ")
        }
        Expression::Any(parts) => {
            let part = |part: &Expression| match part {
                Expression::Any(_) => bracket(part),
                _ => expression(part),
            };
            parts.iter().map(part).collect::<Vec<_>>().join(" || ")
        }
    }
}

/// The same, with the brackets that change nothing left out, as a graph tells it.
pub fn told(guard: &Expression) -> String {
    let part = |part: &Expression| match part {
        Expression::Any(_) => format!("({})", told(part)),
        _ => told(part),
    };
    match guard {
        Expression::All(parts) => parts.iter().map(part).collect::<Vec<_>>().join(" && "),
        Expression::Any(parts) => parts.iter().map(part).collect::<Vec<_>>().join(" || "),
        _ => expression(guard),
    }
}

fn guard(table: &Table, place: usize) -> String {
    let guard = table.guards[place];
    let (takes, answers, body) = match guard.kind {
        Kind::Plain => ("", "bool", format!("self.flags[{}]", guard.flag)),
        Kind::Numbered => (", number: &u32", "bool", format!("self.flags[{}] && number % 2 == 0", guard.flag)),
        Kind::Reasoned => {
            let body = format!("if self.flags[{}] {{ Ok(()) }} else {{ Err({BECAUSE:?}.into()) }}", guard.flag);
            ("", "Result<(), String>", body)
        }
    };
    let note = format!("self.trace.note(\"guard_{place}\");");
    format!("    fn guard_{place}(&self{takes}) -> {answers} {{\n        {note}\n        {body}\n    }}\n\n")
}

fn hook(table: &Table, place: usize, hook: &Hook) -> String {
    let names = |states: &[usize]| {
        let names: Vec<&str> = states.iter().map(|state| table.states[*state].name).collect();
        names.join(" | ")
    };
    let role = match &hook.when {
        When::Enter(states) => format!("on_enter({})", names(states)),
        When::Exit(states) => format!("on_exit({})", names(states)),
        When::Always => "on_transition".into(),
    };
    let (word, turn) = if table.all_async { ("async ", "        Turn::default().await;\n") } else { ("", "") };
    let receiver = if hook.mutable { "&mut self" } else { "&self" };
    let mut text = format!("    #[{role}]\n    {word}fn hook_{place}({receiver}, taken: &Transition<'_, States>) {{\n");
    let _ = writeln!(text, "        self.trace.note(drive::told({place}, taken, self.state));");
    text.push_str(turn);
    if let Some((flag, method)) = hook.follow {
        let name = table.methods[method].name;
        let _ = write!(
            text,
            "        if std::mem::take(&mut self.flags[{flag}]) {{\n            let answer = drive::answer(self.{name}());\n\
             \x20           self.trace.note(format!(\"followed: {{answer}}\"));\n        }}\n"
        );
    }
    text + "    }\n\n"
}

fn subject(table: &Table) -> String {
    let clear = if table.log { " self.log = TransitionLog::new();" } else { "" };
    let log = if table.log { "drive::records(&self.log)" } else { "Vec::new()" };
    let mut text = format!("impl Subject for {} {{\n", table.machine());
    text.push_str("    fn set(&mut self, flag: usize, to: bool) { self.flags[flag] = to; }\n");
    let _ = writeln!(text, "    fn load(&mut self, state: usize) {{ self.state = States::ALL[state];{clear} }}");
    text.push_str("    fn state(&self) -> &'static str { self.state.name() }\n");
    let _ = writeln!(text, "    fn log(&self) -> Vec<String> {{ {log} }}");
    text.push_str("    fn trace(&mut self) -> Vec<String> { self.trace.take() }\n");
    text.push_str("    fn graph(&self) -> Graph { Self::GRAPH }\n");
    let available = "self.available().map(|transition| transition.as_str().to_owned()).collect()";
    let _ = writeln!(text, "    fn available(&self) -> Vec<String> {{ {available} }}\n");
    text.push_str("    fn call(&mut self, call: &Call) -> Option<String> {\n        match call.method {\n");
    for (place, method) in table.methods.iter().enumerate() {
        let (name, argument) = (method.name, argument(method, ""));
        let call = if method.is_async {
            format!("drive::poll(self.{name}({argument}), call.polls).map(drive::answer)")
        } else {
            format!("Some(drive::answer(self.{name}({argument})))")
        };
        let _ = writeln!(text, "            {place} => {call},");
    }
    text.push_str("            _ => None,\n        }\n    }\n\n");
    text.push_str(&asked(table, "check", "String", "drive::checked", "String::new()"));
    text.push_str(&asked(table, "can", "bool", "", "false"));
    text + "}\n"
}

fn asked(table: &Table, verb: &str, answers: &str, wrap: &str, otherwise: &str) -> String {
    let mut text = format!("    fn {verb}(&self, call: &Call) -> {answers} {{\n        match call.method {{\n");
    for (place, method) in table.methods.iter().enumerate() {
        let call = format!("self.{verb}_{}({})", method.name, argument(method, "&"));
        let call = if wrap.is_empty() { call } else { format!("{wrap}({call})") };
        let _ = writeln!(text, "            {place} => {call},");
    }
    let _ = write!(text, "            _ => {otherwise},\n        }}\n    }}\n");
    text
}

fn argument(method: &Method, by: &str) -> String {
    match method.takes {
        Takes::Nothing => String::new(),
        Takes::Number => format!("{by}call.number"),
        Takes::Reason => "&call.reason".into(),
    }
}
