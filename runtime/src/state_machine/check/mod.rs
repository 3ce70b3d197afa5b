//! What can be wrong with a whole graph. The macro sees methods, and not the enum they talk about; these functions see both,
//! while the program compiles.
//!
//! Each answers the text of the first fault, or nothing if all is well. Each answers nothing, too, where a name is unknown:
//! the compiler has said so already, at the word itself. What one check reports, the others leave alone.

mod glance;
mod hooks;
mod names;
mod text;

pub(crate) use glance::{sound, sound_as_seen};
pub(crate) use hooks::hook_state;
pub use text::Text;

use self::names::{Names, STATES, Set, plain, same, sources};
use super::{Edge, StateNode};

/// How many states a sentence names.
const NAMED: usize = 8;

/// Where each state leads.
struct Moves<'a> {
    names: Names<'a>,
    leads: [Set; STATES],
    reached: Set,
}

impl<'a> Moves<'a> {
    const fn of(states: &'a [StateNode], edges: &[Edge]) -> Option<Self> {
        let Some(names) = Names::of(states) else { return None };
        if !names.know(edges) {
            return None;
        }
        let mut moves = Self { names, leads: [Set::NONE; STATES], reached: Set::NONE };
        let mut at = 0;
        while at < edges.len() {
            moves.edge(&edges[at]);
            at += 1;
        }
        moves.reach();
        Some(moves)
    }

    const fn edge(&mut self, edge: &Edge) {
        let Some(target) = self.names.target(edge) else { return };
        let mut from = named(&self.names, edge).all;
        while !from.is_empty() {
            let state = from.first();
            self.leads[state] = self.leads[state].and(target);
            from = from.without(Set::one(state));
        }
    }

    const fn reach(&mut self) {
        let mut open = self.names.starts;
        self.reached = open;
        while !open.is_empty() {
            let state = open.first();
            let new = self.leads[state].without(self.reached);
            self.reached = self.reached.and(new);
            open = open.without(Set::one(state)).and(new);
        }
    }

    const fn stuck(&self) -> Set {
        let (mut stuck, mut at) = (Set::NONE, 0);
        while at < self.names.count() {
            if self.leads[at].is_empty() && self.names.live.has(at) && self.reached.has(at) {
                stuck = stuck.and(Set::one(at));
            }
            at += 1;
        }
        stuck
    }
}

/// The sources of an edge.
struct Sources {
    /// With what `_` stands for.
    all: Set,
    /// By their names alone.
    named: Set,
}

const fn named(names: &Names<'_>, edge: &Edge) -> Sources {
    let mut found = Sources { all: Set::NONE, named: Set::NONE };
    let list = sources(edge);
    let mut at = 0;
    while at < list.len() {
        let name = plain(&list[at]);
        if let Some(states) = names.source(name) {
            found.all = found.all.and(states);
            found.named = if same(name, "_") { found.named } else { found.named.and(states) };
        }
        at += 1;
    }
    found
}

/// A state that no way leads to.
#[must_use]
pub const fn unreachable_state(states: &[StateNode], edges: &[Edge], code: &str) -> Option<Text> {
    let Some(moves) = Moves::of(states, edges) else { return None };
    let names = &moves.names;
    let lost = all(names).without(moves.reached);
    if lost.is_empty() || names.starts.is_empty() {
        return None;
    }
    let text = list(Text::new(), names, lost).add(" cannot be reached from ");
    let text = list(text, names, names.starts).add(" [").add(code).add("]");
    let text =
        text.help("add a transition that leads there, or mark it `#[state(external)]` if stored values start in it");
    Some(section(text, "unreachable_state"))
}

/// A state without a way out that is not `terminal`.
#[must_use]
pub const fn dead_end(states: &[StateNode], edges: &[Edge], code: &str) -> Option<Text> {
    let Some(moves) = Moves::of(states, edges) else { return None };
    let stuck = moves.stuck();
    if stuck.is_empty() {
        return None;
    }
    let text = list(Text::new().add("no transition leaves "), &moves.names, stuck);
    let text = text.add("; only a terminal state may have none [").add(code).add("]");
    let text = text.help("add a transition that leaves it, or mark it `#[state(terminal)]`");
    Some(section(text, "dead_end"))
}

/// A transition that leaves a terminal state.
#[must_use]
pub const fn leaves_terminal(states: &[StateNode], edges: &[Edge], code: &str) -> Option<Text> {
    let Some(names) = Names::of(states) else { return None };
    if !names.know(edges) {
        return None;
    }
    let mut at = 0;
    while at < edges.len() {
        let ended = named(&names, &edges[at]).named.without(names.live);
        if edges[at].target.is_some() && !ended.is_empty() {
            let text = Text::new().at(at).code(plain(&edges[at].transition)).add(" leaves the terminal ");
            let text = list(text, &names, ended).add(" [").add(code).add("]");
            let text = text.help("remove it from the sources, or `terminal` from the variant");
            return Some(section(text, "leaves_terminal"));
        }
        at += 1;
    }
    None
}

/// A transition that an earlier one of the same method, without a guard, always comes before. `_` is what it stands for.
#[must_use]
pub const fn ambiguous(states: &[StateNode], edges: &[Edge], code: &str) -> Option<Text> {
    let Some(names) = Names::of(states) else { return None };
    if !names.know(edges) {
        return None;
    }
    let (mut taken, mut at, mut method) = (Set::NONE, 0, 0);
    while at < edges.len() {
        if !same(plain(&edges[at].transition), plain(&edges[method].transition)) {
            (taken, method) = (Set::NONE, at);
        }
        if let Some(source) = idle(&names, &edges[at], taken) {
            return Some(never(&names, edges, (method, at, source), code));
        }
        if edges[at].guard.is_none() {
            taken = taken.and(named(&names, &edges[at]).all);
        }
        at += 1;
    }
    None
}

/// The source whose states are all taken.
const fn idle(names: &Names<'_>, edge: &Edge, taken: Set) -> Option<usize> {
    let (list, mut at) = (sources(edge), 0);
    while at < list.len() {
        match names.source(plain(&list[at])) {
            Some(states) if !states.is_empty() && states.without(taken).is_empty() => return Some(at),
            _ => at += 1,
        }
    }
    None
}

const fn never(names: &Names<'_>, edges: &[Edge], (method, loser, source): (usize, usize, usize), code: &str) -> Text {
    let source = plain(&sources(&edges[loser])[source]);
    let wanted = match names.source(source) {
        Some(states) => states,
        None => Set::NONE,
    };
    let mut winner = method;
    while edges[winner].guard.is_some() || named(names, &edges[winner]).all.meets(wanted).is_empty() {
        winner += 1;
    }
    let text = Text::new().at(loser).code(plain(&edges[loser].transition)).add(" never takes ");
    let text = edge(text, &edges[loser]).add(" from ").code(source).add(": ");
    let text = edge(text, &edges[winner]).add(" comes before it and has no guard [").add(code).add("]");
    let text = text.help("give the earlier one a guard, or remove the later one");
    section(text, "ambiguous")
}

/// A state that the typestate facade would not know. It is told of transitions alone, and must hear the name of each state
/// in one, and of each that can be left as the source of one that moves: a terminal state may be that of one that stays.
#[must_use]
pub const fn typestate_unnamed(states: &[StateNode], edges: &[Edge], code: &str) -> Option<Text> {
    let Some(moves) = Moves::of(states, edges) else { return None };
    let names = &moves.names;
    let (mut heard, mut left, mut at) = (Set::NONE, Set::NONE, 0);
    while at < edges.len() {
        let from = named(names, &edges[at]).named;
        heard = heard.and(from);
        if let (Some(target), Some(_)) = (names.target(&edges[at]), &edges[at].target) {
            (heard, left) = (heard.and(target), left.and(from));
        }
        at += 1;
    }
    let judged = moves.reached.without(moves.stuck());
    let (absent, unleft) = (judged.without(heard), judged.meets(names.live).without(left));
    if absent.and(unleft).is_empty() {
        return None;
    }
    let (wrong, what, remedy) = if absent.is_empty() {
        (unleft, "only `_` leaves ", "name it as a source, beside `_` or in its place, or remove `typestate`")
    } else {
        (absent, "no transition names ", "name it as a source or target, or remove `typestate`")
    };
    let text = list(Text::new().add(what), names, wrong).add(", and `typestate` knows only what is named [");
    Some(section(text.add(code).add("]").help(remedy), "typestate_unnamed"))
}

const fn all(names: &Names<'_>) -> Set {
    let (mut all, mut at) = (Set::NONE, 0);
    while at < names.count() {
        all = all.and(Set::one(at));
        at += 1;
    }
    all
}

const fn list(mut text: Text, names: &Names<'_>, states: Set) -> Text {
    let (mut left, mut said) = (states, 0);
    while !left.is_empty() {
        if said == NAMED {
            return text.add(", …");
        }
        text = text.add(if said == 0 { "" } else { ", " }).code(names.name(left.first()));
        left = left.without(Set::one(left.first()));
        said += 1;
    }
    text
}

/// An edge as it is written.
const fn edge(text: Text, edge: &Edge) -> Text {
    let mut text = text.add("`");
    let (list, mut at) = (sources(edge), 0);
    while at < list.len() {
        text = text.add(if at == 0 { "" } else { " | " }).add(plain(&list[at]));
        at += 1;
    }
    if let Some(guard) = &edge.guard {
        text = text.add(" if ").add(plain(guard));
    }
    match &edge.target {
        Some(target) => text.add(" => ").add(plain(target)).add("`"),
        None => text.add(" => _`"),
    }
}

const fn section(text: Text, rule: &str) -> Text {
    text.help("see the section ").code(rule).add(" in the documentation of `#[state_machine]`")
}

#[cfg(test)]
mod tests;
