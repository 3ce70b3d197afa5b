//! One field: its role and the options of `#[col(…)]`.

use proc_macro2::{Ident, Span};
use syn::{
    Field, LitInt, LitStr, Path, Token, Type, Visibility,
    ext::IdentExt,
    parse::{Parse, ParseStream},
    spanned::Spanned,
};

use crate::{
    codes::{CONFLICT, LITERAL_FORMAT},
    faults::Faults,
    syntax::{Entry, Grammar, Opt, Options},
};

const FILTER: Opt = Opt::new("filter", "filter");
const SORT: Opt = Opt::new("sort", "sort");
const MAX: Opt = Opt::new("max", "max = 200");
const DECIMAL: Opt = Opt::new("decimal", "decimal(18, 4)");
const AS: Opt = Opt::new("as", "as = i64");
const JSON: Opt = Opt::new("json", "json");
const RENAME: Opt = Opt::new("rename", "rename = \"order_number\"");
const IMMUTABLE: Opt = Opt::new("immutable", "immutable");
const SENSITIVE: Opt = Opt::new("sensitive", "sensitive");
const SKIP: Opt = Opt::new("skip", "skip");
const REFERENCES: Opt = Opt::new("references", "references(Customer, as = customer)");

/// Of a field.
pub(super) static COLUMN: Grammar =
    Grammar::new("#[col]", &[FILTER, SORT, MAX, DECIMAL, AS, JSON, RENAME, IMMUTABLE, SENSITIVE, SKIP, REFERENCES]);

/// Which part a column plays: a variant of the runtime's `Role`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    /// The key.
    Id,
    /// Whose row it is.
    Tenant,
    /// How often it was changed.
    Version,
    /// When it was inserted.
    CreatedAt,
    /// Who inserted it.
    CreatedBy,
    /// When it was changed last.
    UpdatedAt,
    /// Who changed it last.
    UpdatedBy,
    /// When it was deleted.
    DeletedAt,
    /// Who deleted it.
    DeletedBy,
}

static ROLES: [(Role, Grammar); 9] = [
    (Role::Id, Grammar::new("#[id]", &[])),
    (Role::Tenant, Grammar::new("#[tenant]", &[])),
    (Role::Version, Grammar::new("#[version]", &[])),
    (Role::CreatedAt, Grammar::new("#[created_at]", &[])),
    (Role::CreatedBy, Grammar::new("#[created_by]", &[])),
    (Role::UpdatedAt, Grammar::new("#[updated_at]", &[])),
    (Role::UpdatedBy, Grammar::new("#[updated_by]", &[])),
    (Role::DeletedAt, Grammar::new("#[soft_delete]", &[])),
    (Role::DeletedBy, Grammar::new("#[deleted_by]", &[])),
];

impl Role {
    /// Those that `audit(…)` lists.
    pub(super) const AUDIT: [Self; 5] =
        [Self::CreatedAt, Self::CreatedBy, Self::UpdatedAt, Self::UpdatedBy, Self::DeletedBy];

    /// The attribute's name.
    pub(super) fn word(self) -> &'static str {
        let row = ROLES.iter().find(|(role, _)| *role == self);
        row.map_or("", |(_, grammar)| grammar.shown).trim_start_matches("#[").trim_end_matches(']')
    }
}

/// One field.
pub(super) struct Column {
    /// Its name.
    pub(super) ident: Ident,
    /// Who sees it.
    pub(super) vis: Visibility,
    /// Its type.
    pub(super) ty: Type,
    /// The role that it is marked with, and where.
    pub(super) role: Option<(Role, Span)>,
    /// The fields whose changes it logs: it is no column then.
    pub(super) logs: Option<Vec<Ident>>,
    /// The options of `#[col(…)]`.
    pub(super) args: ColumnArgs,
}

/// The options of a column.
pub(super) struct ColumnArgs {
    /// It can be compared, and, if true, parts of it looked for; and where that stands.
    pub(super) filter: Option<(bool, Span)>,
    /// It can be sorted by.
    pub(super) sort: Option<Span>,
    /// The length of the longest text.
    pub(super) max: Option<u32>,
    /// The digits of a decimal number, in all and after the point.
    pub(super) decimal: Option<(LitInt, LitInt)>,
    /// It is stored as an `i64`.
    pub(super) whole: bool,
    /// It is stored as a JSON document.
    pub(super) json: bool,
    /// The name in the database; that of the field unless given.
    pub(super) rename: Option<LitStr>,
    /// It is written once.
    pub(super) immutable: bool,
    /// It is never printed.
    pub(super) sensitive: bool,
    /// It is not stored.
    pub(super) skip: bool,
    /// The entity whose id it is.
    pub(super) references: Option<Reference>,
    /// Some option could not be read: what depends on it is not judged.
    pub(super) broken: bool,
}

/// `Customer, as = customer`.
pub(super) struct Reference {
    /// The entity.
    pub(super) to: Path,
    /// The name of the function.
    pub(super) name: Option<Ident>,
}

impl Column {
    /// Reads a field with a name.
    pub(super) fn read(field: &Field, ident: &Ident, faults: &mut Faults) -> Self {
        Self {
            ident: ident.clone(),
            vis: field.vis.clone(),
            ty: field.ty.clone(),
            role: role(field, faults),
            logs: logs(field, faults),
            args: ColumnArgs::read(Options::of(&COLUMN, &field.attrs, faults), faults),
        }
    }

    /// Whether it is a column of the table.
    pub(super) fn is_stored(&self) -> bool {
        !self.args.skip && self.logs.is_none()
    }

    /// Whether it plays this part.
    pub(super) fn plays(&self, role: Role) -> bool {
        self.role.is_some_and(|(own, _)| own == role)
    }
}

impl ColumnArgs {
    fn read(mut options: Options, faults: &mut Faults) -> Self {
        for other in COLUMN.options.iter().map(|option| option.name).filter(|name| *name != "skip") {
            options.exclude("skip", other, faults);
        }
        options.exclude("json", "as", faults);
        let before = faults.count();
        let mut flag = |word: &str, faults: &mut Faults| options.take(word).is_some_and(|entry| entry.flag(faults));
        let [json, immutable, sensitive, skip] =
            ["json", "immutable", "sensitive", "skip"].map(|word| flag(word, faults));
        let whole = options.take("as").and_then(|to| to.read_with(word("i64"), faults)).is_some();
        let mut args = Self {
            filter: options.take("filter").and_then(|entry| filter(&entry, faults)),
            sort: options.take("sort").filter(|entry| entry.flag(faults)).map(|entry| entry.name.span()),
            max: options.take("max").and_then(|max| max.number(faults)).map(|(max, _)| max),
            decimal: options.take("decimal").and_then(|decimal| decimal.inside(digits, faults)),
            rename: options.take("rename").and_then(|rename| rename.text(faults)),
            references: options.take("references").and_then(|to| to.inside(Reference::parse, faults)),
            broken: options.spoilt(),
            whole,
            json,
            immutable,
            sensitive,
            skip,
        };
        args.broken |= faults.count() > before;
        args
    }
}

/// The role of a field; a second one is as wrong as a second field with one.
fn role(field: &Field, faults: &mut Faults) -> Option<(Role, Span)> {
    let mut found: Option<(Role, Span)> = None;
    for (role, grammar) in &ROLES {
        let Some(attribute) = field.attrs.iter().find(|attribute| attribute.path().is_ident(role.word())) else {
            continue;
        };
        Options::of(grammar, &field.attrs, faults);
        let span = attribute.path().span();
        match found {
            Some((first, at)) => two_roles([(first, at), (*role, span)], faults),
            None => found = Some((*role, span)),
        }
    }
    found
}

/// Reports two roles of one field.
fn two_roles([(first, at), (second, span)]: [(Role, Span); 2], faults: &mut Faults) {
    let text = format!("a column has one role, and this one has two: `{}` and `{}`", first.word(), second.word());
    faults.at(span, CONFLICT, text).and(at, "the first is here").help("remove one of them");
}

/// `#[transitions(status)]`.
fn logs(field: &Field, faults: &mut Faults) -> Option<Vec<Ident>> {
    let attribute = field.attrs.iter().find(|attribute| attribute.path().is_ident("transitions"))?;
    let names = |input: ParseStream<'_>| input.parse_terminated(Ident::parse_any, Token![,]);
    match attribute.parse_args_with(names) {
        Ok(names) if !names.is_empty() => Some(names.into_iter().collect()),
        _ => {
            let text = "`#[transitions]` names the columns whose changes are logged";
            faults.on(attribute.path(), LITERAL_FORMAT, text).help("write `#[transitions(status)]`");
            Some(Vec::new())
        }
    }
}

/// `filter`, or `filter(contains)`.
fn filter(entry: &Entry, faults: &mut Faults) -> Option<(bool, Span)> {
    let span = entry.name.span();
    if entry.is_alone() {
        return Some((false, span));
    }
    entry.inside(word("contains"), faults).map(|()| (true, span))
}

fn word(wanted: &str) -> impl Fn(ParseStream<'_>) -> syn::Result<()> {
    move |input: ParseStream<'_>| {
        let ident: Ident = input.parse()?;
        if ident == wanted { Ok(()) } else { Err(input.error("another word")) }
    }
}

fn digits(input: ParseStream<'_>) -> syn::Result<(LitInt, LitInt)> {
    let all = input.parse()?;
    input.parse::<Token![,]>()?;
    Ok((all, input.parse()?))
}

impl Parse for Reference {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let to = input.parse()?;
        let mut name = None;
        if input.parse::<Option<Token![,]>>()?.is_some() {
            input.parse::<Token![as]>()?;
            input.parse::<Token![=]>()?;
            name = Some(input.parse()?);
        }
        Ok(Self { to, name })
    }
}
