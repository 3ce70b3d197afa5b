//! The options of `#[entity(…)]`.

use proc_macro2::Ident;
use syn::{
    LitStr, Path, Token,
    ext::IdentExt,
    parse::{Parse, ParseStream},
    punctuated::Punctuated,
};

use super::column::Role;
use crate::{
    codes::UNKNOWN_NAME,
    faults::Faults,
    names,
    paths::{CRATE, Root},
    suggest::{did_you_mean, list},
    syntax::{Entry, Grammar, Opt, Options},
};

const TABLE: Opt = Opt::new("table", "table = \"orders\"");
const SCHEMA: Opt = Opt::new("schema", "schema = \"sales\"");
const UNIQUE: Opt = Opt::new("unique", "unique(number)").repeats();
const INDEX: Opt = Opt::new("index", "index(status, -created_at)").repeats();
const HAS_MANY: Opt = Opt::new("has_many", "has_many(lines: OrderLine::order_id)").repeats();
const READ_ONLY: Opt = Opt::new("read_only", "read_only");
const FIELDS: Opt = Opt::new("fields", "fields = OrderFields");
const TENANT: Opt = Opt::new("tenant", "tenant = tenant");
const VERSION: Opt = Opt::new("version", "version = version");
const SOFT_DELETE: Opt = Opt::new("soft_delete", "soft_delete = deleted_at");
const AUDIT: Opt = Opt::new("audit", "audit(created_by, updated_by)");

/// Of the struct.
pub(super) static STRUCT: Grammar = Grammar::new(
    "#[entity]",
    &[TABLE, SCHEMA, UNIQUE, INDEX, HAS_MANY, READ_ONLY, FIELDS, TENANT, VERSION, SOFT_DELETE, AUDIT, CRATE],
);

/// The options of the struct.
pub(super) struct Args {
    /// The name of the table; that of the type in snake case unless given.
    pub(super) table: Option<LitStr>,
    /// The schema that it lies in.
    pub(super) schema: Option<LitStr>,
    /// What no two rows share.
    pub(super) unique: Vec<Key>,
    /// How rows are found.
    pub(super) index: Vec<Key>,
    /// `lines: OrderLine::order_id`: rows of another entity that refer to this one.
    pub(super) many: Vec<Many>,
    /// The table is a view, or written by others.
    pub(super) read_only: bool,
    /// The type that has the functions which name columns; the entity unless given.
    pub(super) fields: Option<Ident>,
    /// Roles by the names of fields.
    pub(super) roles: Vec<(Role, Ident)>,
    /// The way to the runtime.
    pub(super) root: Root,
}

/// Columns that are named together.
pub(super) struct Key {
    /// The option's name.
    pub(super) word: Ident,
    /// The fields, and whether each is descending.
    pub(super) columns: Vec<(Ident, bool)>,
}

/// `lines: OrderLine::order_id`.
pub(super) struct Many {
    /// The name of the function.
    pub(super) name: Ident,
    /// The function of the other entity's column.
    pub(super) column: Path,
}

impl Args {
    /// Reads them.
    pub(super) fn read(mut options: Options, faults: &mut Faults) -> Self {
        let keys = |options: &mut Options, word: &str, faults: &mut Faults| {
            options.take_all(word).iter().filter_map(|entry| Key::read(entry, faults)).collect()
        };
        let roles = roles(&mut options, faults);
        Self {
            table: options.take("table").and_then(|table| table.text(faults)),
            schema: options.take("schema").and_then(|schema| schema.text(faults)),
            unique: keys(&mut options, "unique", faults),
            index: keys(&mut options, "index", faults),
            many: options.take_all("has_many").iter().filter_map(|many| many.inside(Many::parse, faults)).collect(),
            read_only: options.take("read_only").is_some_and(|flag| flag.flag(faults)),
            fields: options.take("fields").and_then(|fields| fields.read(faults)),
            roles,
            root: Root::read(options.take("crate"), faults),
        }
    }
}

fn roles(options: &mut Options, faults: &mut Faults) -> Vec<(Role, Ident)> {
    let mut roles = Vec::new();
    for (word, role) in [("tenant", Role::Tenant), ("version", Role::Version), ("soft_delete", Role::DeletedAt)] {
        let field = options.take(word).and_then(|entry| entry.read_with(Ident::parse_any, faults));
        roles.extend(field.map(|field| (role, field)));
    }
    let audit = options.take("audit").and_then(|entry| entry.inside(idents, faults));
    for field in audit.into_iter().flatten() {
        match Role::AUDIT.into_iter().find(|role| role.word() == names::text(&field)) {
            Some(role) => roles.push((role, field)),
            None => {
                let words = Role::AUDIT.map(Role::word);
                let near = did_you_mean(&names::text(&field), words);
                let text = format!("`audit` lists fields that are called like their role, not `{field}`{near}");
                faults.at(field.span(), UNKNOWN_NAME, text).help(format!("the roles are {}", list(words)));
            }
        }
    }
    roles
}

fn idents(input: ParseStream<'_>) -> syn::Result<Punctuated<Ident, Token![,]>> {
    input.parse_terminated(Ident::parse_any, Token![,])
}

impl Key {
    fn read(entry: &Entry, faults: &mut Faults) -> Option<Self> {
        let column = |input: ParseStream<'_>| {
            let down = input.parse::<Option<Token![-]>>()?.is_some();
            Ok((input.call(Ident::parse_any)?, down))
        };
        let all = |input: ParseStream<'_>| match input.parse_terminated(column, Token![,])? {
            columns if columns.is_empty() => Err(input.error("no column")),
            columns => Ok(columns),
        };
        let columns: Vec<(Ident, bool)> = entry.inside(all, faults)?.into_iter().collect();
        if entry.name == "unique" && columns.iter().any(|(_, down)| *down) {
            entry.malformed(faults);
            return None;
        }
        Some(Self { word: entry.name.clone(), columns })
    }
}

impl Parse for Many {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let name = input.parse()?;
        input.parse::<Token![:]>()?;
        let column: Path = input.parse()?;
        if column.segments.len() < 2 { Err(input.error("no type")) } else { Ok(Self { name, column }) }
    }
}
