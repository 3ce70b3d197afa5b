//! Who may name whom in `runtime/src`.

use super::{
    Finding,
    source::Source,
    tokens::{Token, heads, is},
};

const RULE: &str = "layers";

/// Finds every module outside the table and every path to a module that does not stand in a later row.
pub fn check(sources: &[Source], layers: &[&[&str]]) -> Vec<Finding> {
    let row = |name: &str| layers.iter().position(|row| row.contains(&name));
    let mut findings = Vec::new();
    for source in sources {
        let Some(module) = source.runtime_module() else { continue };
        let Some(own) = module.first() else { continue };
        let Some(own_row) = row(own) else {
            findings.push(Finding::new(&source.path, 1, RULE, format!("`{own}` is not in the table of layers")));
            continue;
        };
        for named in names_from_root(&source.tokens, module.len()) {
            let fault = match row(&named.text) {
                _ if named.text == *own || named.text == "self" => continue,
                Some(found) if found > own_row => continue,
                Some(_) => format!("`{own}` may not name `{}`, which is not in a later row", named.text),
                None => format!("`crate::{}` is no module of the table: name the module that holds it", named.text),
            };
            findings.push(Finding::new(&source.path, named.line, RULE, fault));
        }
    }
    findings
}

/// The first name of each path that starts at the root of the crate, in a module that lies `depth` below it.
fn names_from_root(tokens: &[Token], depth: usize) -> Vec<&Token> {
    let mut names = Vec::new();
    for (at, token) in tokens.iter().enumerate() {
        let first = at == 0 || tokens[at - 1].text != "::" || (at > 1 && tokens[at - 2].text == "use");
        match token.text.as_str() {
            "crate" | "bailiwick" if is(tokens, at + 1, &["::"]) => names.extend(heads(tokens, at + 2)),
            "super" if first => {
                let supers = tokens[at..].chunks(2).take_while(|pair| pair[0].text == "super").count();
                if supers >= depth + token.depth {
                    names.extend(heads(tokens, at + 2 * supers));
                }
            }
            _ => {}
        }
    }
    names
}
