//! What the tests of all macros share: pretty expansions, and input with a token missing.

use proc_macro2::{Group, TokenStream, TokenTree};

use crate::pipeline::{self, Kind, Macro};
use crate::syntax::Grammar;

/// The expansion as formatted Rust, or as it is if it does not parse.
pub(crate) fn expand<M: Macro>(args: &str, item: &str) -> String {
    let output = pipeline::run::<M>(tokens(args), tokens(item));
    syn::parse2(output.clone()).map_or_else(|_| output.to_string(), |file| prettyplease::unparse(&file))
}

/// The texts of the errors in an expansion.
pub(crate) fn errors<M: Macro>(args: &str, item: &str) -> Vec<String> {
    let output = pipeline::run::<M>(tokens(args), tokens(item));
    let Ok(file) = syn::parse2::<syn::File>(output) else { return vec!["the output does not parse".into()] };
    let macros = file.items.into_iter().filter_map(|item| match item {
        syn::Item::Macro(item) => Some(item.mac),
        _ => None,
    });
    macros.filter_map(|mac| syn::parse2::<syn::LitStr>(mac.tokens).ok()).map(|text| text.value()).collect()
}

/// Leaves out each token and each group once, in args and in item: the macro never panics, and its output parses unless
/// the item itself does not.
pub(crate) fn survives_deletions<M: Macro>(args: &str, item: &str) {
    let (args, item) = (tokens(args), tokens(item));
    let less_args = deletions(&args).into_iter().map(|args| (args, item.clone()));
    let less_item = deletions(&item).into_iter().map(|item| (args.clone(), item));
    for (args, item) in less_args.chain(less_item) {
        let output = pipeline::run::<M>(args.clone(), item.clone());
        let text = output.to_string();
        assert!(!text.contains("internal error"), "panics on\n{args}\n{item}\n{text}");
        let reported = text.contains("compile_error !");
        let parses = |tokens: &TokenStream| syn::parse2::<syn::File>(tokens.clone()).is_ok();
        assert!(reported || parses(&output) || !parses(&item), "writes no Rust for\n{args}\n{item}\n{output}");
        if M::KIND == Kind::Attribute {
            let kept = functions(&item).iter().all(|function| text.contains(function.as_str()));
            assert!(kept, "loses a method of\n{item}\n{output}");
        }
    }
}

/// Each `fn name` of the item, at any depth.
fn functions(item: &TokenStream) -> Vec<String> {
    let text = item.to_string();
    let names = text.split("fn ").skip(1).filter_map(|rest| rest.split([' ', '(']).next());
    names.map(|name| format!("fn {name}")).collect()
}

/// Two runs give the same text.
pub(crate) fn is_idempotent<M: Macro>(args: &str, item: &str) {
    let run = || pipeline::run::<M>(tokens(args), tokens(item)).to_string();
    assert_eq!(run(), run());
}

/// The test of this full name, run in a process of its own, writes the same text.
pub(crate) fn is_the_same_in_another_process(test: &str, text: &str) {
    const CHILD: &str = "BAILIWICK_TEST_CHILD";
    if std::env::var_os(CHILD).is_some() {
        println!("{text}");
        return;
    }
    let mut child = std::process::Command::new(std::env::current_exe().unwrap());
    let output = child.args(["--exact", test, "--nocapture"]).env(CHILD, "1").output().unwrap();
    assert!(String::from_utf8(output.stdout).unwrap().contains(text));
}

fn tokens(text: &str) -> TokenStream {
    text.parse().unwrap()
}

/// The stream without one token or group, or with a group without one, in all ways.
fn deletions(stream: &TokenStream) -> Vec<TokenStream> {
    let all: Vec<TokenTree> = stream.clone().into_iter().collect();
    let mut result = Vec::new();
    for (index, token) in all.iter().enumerate() {
        let with = |middle: Option<TokenTree>| {
            all[..index].iter().cloned().chain(middle).chain(all[index + 1..].iter().cloned()).collect()
        };
        result.push(with(None));
        if let TokenTree::Group(group) = token {
            let inner = deletions(&group.stream());
            result.extend(inner.into_iter().map(|less| with(Some(Group::new(group.delimiter(), less).into()))));
        }
    }
    result
}

/// The options on a reference page are those of the grammars.
pub(crate) fn page_has_options(page: &str, grammars: &[&Grammar]) {
    for option in grammars.iter().flat_map(|grammar| grammar.options) {
        let row = page.lines().any(|line| line.starts_with("| `") && names(line, option.name));
        assert!(row, "the page has no row for the option `{}`", option.name);
    }
}

/// Whether the first cell of a row has the word.
fn names(row: &str, word: &str) -> bool {
    let cell = row.trim_start_matches('|').split('|').next().unwrap_or_default();
    cell.split(|letter: char| !letter.is_alphanumeric() && letter != '_').any(|part| part == word)
}
