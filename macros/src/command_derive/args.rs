//! The options of `#[command(…)]`, `#[target]` and `#[audit(…)]`.

use proc_macro2::{Ident, Span};
use syn::{Field, LitStr, Member, Meta};

use crate::{
    codes::LITERAL_FORMAT,
    faults::Faults,
    paths::{CRATE, Root},
    syntax::{Grammar, Opt, Options, Word, serde_words},
};

const NAME: Opt = Opt::new("name", "name = \"order.rename\"");
const REDACT: Opt = Opt::new("redact", "redact");

/// Of the struct.
pub(super) static STRUCT: Grammar = Grammar::new("#[command]", &[NAME, CRATE]).only(" on a struct");
pub(super) static AUDIT: Grammar = Grammar::new("#[audit]", &[REDACT]);

/// The options of the struct.
pub(super) struct Args {
    /// The name in traces, audit rows and errors; the Rust name unless given.
    pub(super) name: Option<LitStr>,
    /// The way to the runtime.
    pub(super) root: Root,
}

impl Args {
    /// Reads them.
    pub(super) fn read(mut options: Options, faults: &mut Faults) -> Self {
        let name = options.take("name").and_then(|name| name.stored_name(faults));
        Self { name, root: Root::read(options.take("crate"), faults) }
    }
}

/// The options of one field.
pub(super) struct FieldArgs {
    /// The field.
    pub(super) member: Member,
    /// Its type.
    pub(super) ty: syn::Type,
    /// Where `#[target]` stands: the field is the id of the aggregate.
    pub(super) target: Option<Span>,
    /// The word `redact`: an audit row shows `•••` for the field.
    pub(super) redact: Option<Ident>,
    /// What serde is told about it.
    pub(super) serde: Vec<Word>,
}

impl FieldArgs {
    /// Reads them.
    pub(super) fn read(member: Member, field: &Field, faults: &mut Faults) -> Self {
        let mut audit = Options::of(&AUDIT, &field.attrs, faults);
        let redact = audit.take("redact").filter(|redact| redact.flag(faults)).map(|redact| redact.name);
        let target = read_target(field, faults);
        Self { member, ty: field.ty.clone(), target, redact, serde: serde_words(&field.attrs) }
    }
}

fn read_target(field: &Field, faults: &mut Faults) -> Option<Span> {
    let attribute = field.attrs.iter().find(|attribute| attribute.path().is_ident("target"))?;
    let word = attribute.path().get_ident()?;
    match &attribute.meta {
        Meta::Path(_) => {}
        Meta::List(list) => wrong_target(&list.tokens, word, faults),
        Meta::NameValue(pair) => wrong_target(&pair.value, word, faults),
    }
    Some(word.span())
}

fn wrong_target(value: &impl quote::ToTokens, word: &Ident, faults: &mut Faults) {
    let text = "`#[target]` has no options";
    if value.to_token_stream().is_empty() {
        faults.at(word.span(), LITERAL_FORMAT, text).help("write `#[target]`");
    } else {
        faults.on(value, LITERAL_FORMAT, text).help("write `#[target]`");
    }
}
