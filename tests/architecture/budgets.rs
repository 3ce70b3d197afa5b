//! How large a file, a function, a folder, the root of the crate and the code that a macro writes may be.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
};

use proc_macro2::{Span, TokenStream, TokenTree};
use syn::{
    Attribute, Block, ImplItemFn, Item, ItemFn, ItemMod, Signature, TraitItemFn, UseTree, Visibility, visit::Visit,
};

use super::{
    Finding,
    source::{self, Source},
};

const FILE: usize = 300;
const FUNCTION: usize = 25;
const EMIT: usize = 60;
const FOLDER: usize = 10;
const ARGUMENTS: usize = 4;
const ROOT_NAMES: usize = 40;
/// What each expansion may take, in tokens.
const EXPANSIONS: &str = "tests/benches/expand.budget.toml";

/// The code that the budgets hold: what is shipped, and this checker.
const HELD: &[&str] = &["runtime/src/", "macros/src/", "tests/architecture"];

/// Checks every file of `HELD`.
pub fn check(sources: &[Source]) -> Vec<Finding> {
    let held = || sources.iter().filter(|source| HELD.iter().any(|prefix| source.path.starts_with(prefix)));
    let mut findings = folders(held());
    for source in held() {
        findings.extend(file(source));
        findings.extend(functions(source));
    }
    findings.extend(sources.iter().filter(|source| source.path == "runtime/src/lib.rs").flat_map(root_names));
    findings
}

fn file(source: &Source) -> Option<Finding> {
    let tests: usize = source.syntax.items.iter().map(lines_of_tests).sum();
    let lines = source.text.lines().count() - tests;
    (lines > FILE).then(|| Finding::new(&source.path, lines, "file", format!("{lines} lines, more than {FILE}")))
}

fn lines_of_tests(item: &Item) -> usize {
    match item {
        Item::Mod(ItemMod { attrs, content: Some((brace, _)), .. }) if is_test(attrs) => {
            lines(brace.span.open(), brace.span.close())
        }
        _ => 0,
    }
}

/// Whether an item stands under `#[cfg(test)]`.
pub fn is_test(attributes: &[Attribute]) -> bool {
    attributes.iter().any(|attribute| {
        attribute.path().is_ident("cfg") && attribute.parse_args::<syn::Path>().is_ok_and(|path| path.is_ident("test"))
    })
}

fn lines(open: Span, close: Span) -> usize {
    close.end().line - open.start().line + 1
}

fn folders<'a>(sources: impl Iterator<Item = &'a Source>) -> Vec<Finding> {
    let mut files: BTreeMap<&str, usize> = BTreeMap::new();
    for source in sources {
        let folder = source.path.rsplit_once('/').map_or("", |(folder, _)| folder);
        *files.entry(folder).or_default() += 1;
    }
    files
        .into_iter()
        .filter(|(folder, count)| *count > FOLDER && *folder != "tests")
        .map(|(folder, count)| Finding::new(folder, count, "folder", format!("{count} files, more than {FOLDER}")))
        .collect()
}

fn functions(source: &Source) -> Vec<Finding> {
    let emits = source.path.starts_with("macros/");
    let mut walk = Functions { source, emits, findings: Vec::new() };
    walk.visit_file(&source.syntax);
    walk.findings
}

struct Functions<'a> {
    source: &'a Source,
    emits: bool,
    findings: Vec<Finding>,
}

impl Functions<'_> {
    fn look(&mut self, signature: &Signature, block: Option<&Block>) {
        let (name, line) = (&signature.ident, signature.ident.span().start().line);
        let arguments = signature.inputs.iter().filter(|input| matches!(input, syn::FnArg::Typed(_))).count();
        if arguments > ARGUMENTS {
            let what = format!("`{name}` takes {arguments}, more than {ARGUMENTS}");
            self.findings.push(Finding::new(&self.source.path, line, "arguments", what));
        }
        let Some(block) = block else { return };
        let body = lines(block.brace_token.span.open(), block.brace_token.span.close()).saturating_sub(2);
        let limit = if self.emits && writes_code(signature) { EMIT } else { FUNCTION };
        if body > limit {
            let what = format!("`{name}` has {body} lines, more than {limit}");
            self.findings.push(Finding::new(&self.source.path, line, "function", what));
        }
    }
}

/// An `emit` function is one of `macros` that answers tokens.
fn writes_code(signature: &Signature) -> bool {
    let syn::ReturnType::Type(_, answer) = &signature.output else { return false };
    matches!(&**answer, syn::Type::Path(path) if path.path.segments.last().is_some_and(|last| last.ident == "TokenStream"))
}

impl<'ast> Visit<'ast> for Functions<'_> {
    fn visit_item_fn(&mut self, item: &'ast ItemFn) {
        self.look(&item.sig, Some(&item.block));
        syn::visit::visit_item_fn(self, item);
    }

    fn visit_impl_item_fn(&mut self, item: &'ast ImplItemFn) {
        self.look(&item.sig, Some(&item.block));
        syn::visit::visit_impl_item_fn(self, item);
    }

    fn visit_trait_item_fn(&mut self, item: &'ast TraitItemFn) {
        self.look(&item.sig, item.default.as_ref());
        syn::visit::visit_trait_item_fn(self, item);
    }

    fn visit_item_mod(&mut self, item: &'ast ItemMod) {
        if !is_test(&item.attrs) {
            syn::visit::visit_item_mod(self, item);
        }
    }
}

/// The names at the root that are no modules; a macro and a trait or module of one name count once.
fn root_names(source: &Source) -> Option<Finding> {
    let mut names = BTreeSet::new();
    let mut modules = BTreeSet::new();
    for item in &source.syntax.items {
        match item {
            Item::Use(item) if shown(&item.vis, &item.attrs) => leaves(&item.tree, &mut names),
            Item::Mod(item) => drop(modules.insert(item.ident.to_string())),
            _ => {}
        }
    }
    let names = names.difference(&modules).count();
    let what = format!("{names} public names at the root of the crate, more than {ROOT_NAMES}");
    (names > ROOT_NAMES).then(|| Finding::new(&source.path, 1, "root", what))
}

fn shown(visibility: &Visibility, attributes: &[Attribute]) -> bool {
    let hidden = attributes.iter().any(|attribute| {
        attribute.path().is_ident("doc")
            && attribute.parse_args::<syn::Path>().is_ok_and(|path| path.is_ident("hidden"))
    });
    matches!(visibility, Visibility::Public(_)) && !hidden
}

fn leaves(tree: &UseTree, names: &mut BTreeSet<String>) {
    match tree {
        UseTree::Path(path) => leaves(&path.tree, names),
        UseTree::Group(group) => group.items.iter().for_each(|tree| leaves(tree, names)),
        UseTree::Name(name) => drop(names.insert(name.ident.to_string())),
        UseTree::Rename(rename) => drop(names.insert(rename.rename.to_string())),
        UseTree::Glob(_) => drop(names.insert(String::from("*"))),
    }
}

/// Holds the expansions in the snapshots of the macros against their figures: what compiles has one, none is exceeded, and
/// none is so far above that it would let a tenth pass unseen.
pub fn expansions(root: &Path) -> Vec<Finding> {
    let finding = |what| Finding::new(EXPANSIONS, 1, "expansion", what);
    let (measured, committed) = (measured(root), committed(root));
    let gone = committed.keys().filter(|name| !measured.contains_key(*name));
    let gone = gone.map(|name| finding(format!("`{name}` has a figure and no snapshot")));
    let judged = measured.iter().filter_map(|(name, tokens)| match committed.get(name) {
        None => Some(format!("`{name}` has no figure; it takes {tokens} tokens")),
        Some(figure) if tokens > figure => {
            Some(format!("`{name}` takes {tokens} tokens, not {figure}; a rise is committed with its reason"))
        }
        Some(figure) if tokens * 10 < figure * 9 => Some(format!("`{name}` takes {tokens} tokens; lower the {figure}")),
        Some(_) => None,
    });
    judged.map(finding).chain(gone).collect()
}

/// The tokens of each expansion that compiles, by macro and snapshot.
fn measured(root: &Path) -> BTreeMap<String, usize> {
    let snapshots = source::files_below(&root.join("macros/src"), "snap").into_iter().filter_map(|path| {
        let text = fs::read_to_string(&path).ok()?;
        let expansion = text.splitn(3, "---\n").nth(2)?;
        let name = path.file_stem()?.to_str()?.strip_prefix("bailiwick_macros__")?.replace("__tests__", ".");
        let compiles = !expansion.contains("compile_error") && syn::parse_file(expansion).is_ok();
        compiles.then(|| Some((name, size(expansion.parse().ok()?))))?
    });
    snapshots.collect()
}

fn size(stream: TokenStream) -> usize {
    let size = |token| match token {
        TokenTree::Group(group) => 2 + size(group.stream()),
        _ => 1,
    };
    stream.into_iter().map(size).sum()
}

fn committed(root: &Path) -> BTreeMap<String, usize> {
    let text = fs::read_to_string(root.join(EXPANSIONS)).unwrap_or_default();
    let figures = text.lines().filter_map(|line| line.split('#').next()?.split_once(" = "));
    figures.filter_map(|(name, figure)| Some((name.trim().to_owned(), figure.trim().parse().ok()?))).collect()
}
