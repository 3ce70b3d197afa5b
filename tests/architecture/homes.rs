//! What has only one home, and what has none.

use syn::{ItemMod, UseGlob, visit::Visit};

use super::{
    Finding,
    budgets::is_test,
    source::Source,
    tokens::{Token, is},
};

/// Words that only some modules of `runtime` may say: rule, words, homes, what to do instead.
const HOMES: &[(&str, &[&str], &[&str], &str)] = &[
    ("sql", &["rusqlite", "sqlx", "libsqlite3_sys"], &["sql"], "only `sql` speaks to a database"),
    ("json", &["serde_json"], &["codec"], "only `codec` knows JSON"),
    ("time", &["SystemTime", "now_v7", "new_v7", "ContextV7"], &["clock"], "only `clock` reads the time"),
    (
        "spans",
        &["info_span", "debug_span", "trace_span", "error_span"],
        &["telemetry"],
        "only `telemetry` spells a span",
    ),
    ("tasks", &["spawn_blocking", "spawn_local"], &["app"], "only `app` starts tasks"),
    ("tasks", &["JoinSet"], &["app", "testing"], "only `app` starts tasks, and the suites, which join their writers"),
];

/// Words that nothing of ours says.
const NOWHERE: &[(&str, &str)] = &[
    ("async_trait", "write native `async fn`; box in a private twin trait"),
    ("todo", "write it, or leave it out"),
    ("unimplemented", "write it, or leave it out"),
];

const STATEMENTS: &[&str] =
    &["SELECT", "INSERT", "UPDATE", "DELETE", "CREATE", "DROP", "ALTER", "PRAGMA", "BEGIN", "COMMIT", "SAVEPOINT"];

/// Checks every file.
pub fn check(sources: &[Source]) -> Vec<Finding> {
    sources.iter().flat_map(|source| [everywhere(source), in_runtime(source)].concat()).collect()
}

fn everywhere(source: &Source) -> Vec<Finding> {
    let mut findings = Vec::new();
    let page = source.text.starts_with("#![doc = include_str!(");
    if !page && !source.text.starts_with("//!") {
        findings.push(Finding::new(&source.path, 1, "head", "the file does not open with `//!` and what it is"));
    }
    for (at, token) in source.tokens.iter().enumerate() {
        // The body that a macro writes for an item with faults, which never compiles, is no gap of ours.
        let emitted = token.text == "unimplemented" && source.path.starts_with("macros/");
        let macro_name = matches!(token.text.as_str(), "todo" | "unimplemented");
        if macro_name && (emitted || !is(&source.tokens, at + 1, &["!"])) {
            continue;
        }
        if let Some((word, why)) = NOWHERE.iter().find(|(word, _)| *word == token.text) {
            findings.push(Finding::new(&source.path, token.line, "nowhere", format!("`{word}`: {why}")));
        }
    }
    if source.runtime_module().is_some() {
        findings.extend(conditional(source));
    }
    if source.runtime_module().is_some() || source.path.starts_with("macros/") {
        findings.extend(globs(source));
    }
    findings
}

/// A module of tests may say `use super::*`; nothing else is a glob.
fn globs(source: &Source) -> Vec<Finding> {
    let mut walk = Globs { lines: Vec::new() };
    walk.visit_file(&source.syntax);
    let what = "a glob hides where a name comes from: list the names";
    walk.lines.into_iter().map(|line| Finding::new(&source.path, line, "globs", what)).collect()
}

struct Globs {
    lines: Vec<usize>,
}

impl<'ast> Visit<'ast> for Globs {
    fn visit_use_glob(&mut self, glob: &'ast UseGlob) {
        self.lines.push(glob.star_token.span.start().line);
    }

    fn visit_item_mod(&mut self, item: &'ast ItemMod) {
        if !is_test(&item.attrs) {
            syn::visit::visit_item_mod(self, item);
        }
    }
}

fn in_runtime(source: &Source) -> Vec<Finding> {
    let Some(room) = source.runtime_room() else { return Vec::new() };
    let mut findings = Vec::new();
    let mut found = |line, rule, what: String| findings.push(Finding::new(&source.path, line, rule, what));
    for (at, token) in source.tokens.iter().enumerate() {
        for (rule, words, homes, why) in HOMES {
            if words.contains(&token.text.as_str()) && !homes.contains(&room) {
                found(token.line, *rule, format!("`{}`: {why}", token.text));
            }
        }
        if is(&source.tokens, at, &["Instant", "::", "now"]) && room != "clock" {
            found(token.line, "time", "`Instant::now`: only `clock` reads the time".into());
        }
        if token.literal && room != "sql" && is_sql(&token.text) {
            found(token.line, "sql", format!("{} looks like a statement: SQL stands in `sql` only", token.text));
        }
        if token.text == "spawn" && is_task(&source.tokens, at, room) {
            found(token.line, "tasks", "`spawn`: only `app` starts tasks, only `sql` and `blocking` threads".into());
        }
    }
    findings
}

fn is_sql(literal: &str) -> bool {
    let Some(text) = literal.split_once('"').map(|(_, text)| text.trim_end_matches(['"', '#'])) else { return false };
    let text = text.trim_start_matches("\\n").trim_start();
    let word = text.split(char::is_whitespace).next().unwrap_or_default();
    STATEMENTS.contains(&word.trim_end_matches(';'))
}

/// Threads belong to `sql` and `blocking`, tasks to `app`; those of `shuttle::thread` are a test's, and no real ones.
fn is_task(tokens: &[Token], at: usize, room: &str) -> bool {
    if at > 3 && tokens[at - 4].text == "shuttle" {
        return false;
    }
    let of_tokio = at > 1 && tokens[at - 1].text == "::" && matches!(tokens[at - 2].text.as_str(), "tokio" | "task");
    match room {
        "app" => false,
        "sql" | "blocking" => of_tokio,
        _ => true,
    }
}

/// `cfg` picks a module or a re-export, never lines.
fn conditional(source: &Source) -> Vec<Finding> {
    let tokens = &source.tokens;
    let mut findings = Vec::new();
    for at in 0..tokens.len() {
        let attribute = is(tokens, at, &["#", "[", "cfg"]) || is(tokens, at, &["#", "[", "cfg_attr"]);
        let inner = is(tokens, at, &["#", "!", "[", "cfg"]) || is(tokens, at, &["#", "!", "[", "cfg_attr"]);
        let expression = is(tokens, at, &["cfg", "!"]);
        if inner || expression || (attribute && !picks_module(tokens, at)) {
            let what = "`cfg` stands on `mod` and `use` lines only: move what it guards into a module of its own";
            findings.push(Finding::new(&source.path, tokens[at].line, "cfg", what));
        }
    }
    findings
}

fn picks_module(tokens: &[Token], at: usize) -> bool {
    let mut at = at;
    while is(tokens, at, &["#", "["]) {
        at = after_group(tokens, at + 1);
    }
    if is(tokens, at, &["pub"]) {
        at = if is(tokens, at + 1, &["("]) { after_group(tokens, at + 1) } else { at + 1 };
    }
    is(tokens, at, &["mod"]) || is(tokens, at, &["use"])
}

fn after_group(tokens: &[Token], open: usize) -> usize {
    let mut level = 0_usize;
    for (at, token) in tokens.iter().enumerate().skip(open) {
        match token.text.as_str() {
            "[" | "(" | "{" => level += 1,
            "]" | ")" | "}" => level -= 1,
            _ => {}
        }
        if level == 0 {
            return at + 1;
        }
    }
    tokens.len()
}
