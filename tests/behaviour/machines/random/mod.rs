//! Machines by chance, compiled, against an interpreter of their tables.
//!
//! The machines of the corpus are committed under `generated/`. After a change of the renderer they are written anew by
//! `BAILIWICK_WRITE_MACHINES=1 cargo test -p tests --test behaviour machines::random`. More machines than the corpus, as a
//! program of their own: `BAILIWICK_MACHINES=200 cargo test -p tests --test behaviour -- --ignored machines_by_chance`;
//! the seed is printed and can be given as `BAILIWICK_SEED`.

mod chance;
pub mod drive;
mod generated;
mod interpreter;
mod on_demand;
mod render;
mod table;

use std::{borrow::Cow, fs, path::Path};

use bailiwick::state_machine::{Edge, Graph, StateNode};
use drive::compare;
use table::{Method, State, Table, Takes};

/// How many machines are committed.
const CORPUS: usize = 24;
/// Runs of each, and calls of each run.
const RUNS: u64 = 40;
const CALLS: usize = 80;

#[test]
fn the_corpus_is_what_the_renderer_writes() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("behaviour/machines/random/generated");
    let mut files = vec![("mod.rs".to_owned(), on_demand::list(CORPUS, "machines::random"))];
    files.extend((1..=CORPUS).map(|number| (format!("m{number:02}.rs"), render::module(&table(number)))));
    for (name, text) in files {
        let file = folder.join(name);
        if std::env::var_os("BAILIWICK_WRITE_MACHINES").is_some() {
            fs::write(&file, &text).unwrap();
        }
        assert_eq!(fs::read_to_string(&file).unwrap(), text, "{} is not what the renderer writes", file.display());
    }
}

#[test]
fn a_machine_does_what_its_table_says() {
    for (number, mut subject) in (1..).zip(generated::all()) {
        for run in 0..RUNS {
            compare(&table(number), &mut *subject, run, CALLS);
        }
    }
}

#[test]
fn the_graph_is_the_table() {
    for (number, subject) in (1..).zip(generated::all()) {
        assert_eq!(subject.graph(), graph(&table(number)));
    }
}

fn table(number: usize) -> Table {
    chance::table(number, number as u64)
}

fn graph(table: &Table) -> Graph {
    let edges = table.methods.iter().flat_map(|method| edges(table, method));
    Graph { machine: table.machine().into(), states: table.states.iter().map(node).collect(), edges: edges.collect() }
}

fn node(state: &State) -> StateNode {
    StateNode {
        name: state.stored.into(),
        variant: state.name.into(),
        initial: state.initial,
        terminal: state.terminal,
        external: false,
        aliases: Cow::Borrowed(&[]),
    }
}

fn edges(table: &Table, method: &Method) -> impl Iterator<Item = Edge> {
    let argument = match method.takes {
        Takes::Nothing => None,
        Takes::Number => Some("number"),
        Takes::Reason => Some("reason"),
    };
    method.arrows.iter().map(move |arrow| {
        let named = arrow.named.iter().map(|state| table.states[*state].name);
        Edge {
            transition: method.name.into(),
            sources: arrow.any.then_some("_").into_iter().chain(named).map(Cow::Borrowed).collect(),
            target: arrow.target.map(|state| table.states[state].name.into()),
            guard: arrow.guard.as_ref().map(|guard| render::told(guard).into()),
            is_async: method.is_async,
            arguments: argument.into_iter().map(Cow::Borrowed).collect(),
            doc: format!("To {}.", method.name).into(),
        }
    })
}
