//! The rules of entities, one function each.

use proc_macro2::{Ident, Span};
use quote::ToTokens as _;
use syn::{GenericArgument, GenericParam, PathArguments, Type};

use super::{
    column::{Column, Role},
    model::Model,
};
use crate::{
    codes::{UNKNOWN_NAME, entity as rules},
    faults::Faults,
    names,
    suggest::{did_you_mean, list},
};

/// Judges the entity by every rule.
pub(super) fn check(model: &Model, faults: &mut Faults) {
    generic_entity(model, faults);
    missing_id(model, faults);
    float_id(model, faults);
    role_twice(model, faults);
    unknown_name(model, faults);
    sql_name(model, faults);
    duplicate_column(model, faults);
    logged_twice(model, faults);
    for column in model.columns().filter(|column| !column.args.broken) {
        wide_integer(column, faults);
        sensitive_sort(column, faults);
        closed_role(column, faults);
    }
}

/// A table has one shape.
fn generic_entity(model: &Model, faults: &mut Faults) {
    let mut params = model.input.generics.params.iter();
    if let Some(first) = params.find(|param| !matches!(param, GenericParam::Lifetime(_))) {
        let text = format!("an entity has no parameters, and `{}` has", model.input.ident);
        faults.on(first, rules::GENERIC_ENTITY, text).help("write one entity for each table");
    }
}

/// An entity has an identity.
fn missing_id(model: &Model, faults: &mut Faults) {
    if model.with_role(Role::Id).is_none() {
        let text = format!("`{}` has no field that is its id", model.input.ident);
        faults.at(model.input.ident.span(), rules::MISSING_ID, text).help("mark one field with `#[id]`");
    }
}

/// A number with a floating point is no identity.
fn float_id(model: &Model, faults: &mut Faults) {
    if let Some(column) = model.with_role(Role::Id).filter(|column| is_float(&column.ty)) {
        let help = "take a type with `#[derive(Id)]`, a `Uuid`, a `String` or an `i64`";
        faults.on(&column.ty, rules::FLOAT_ID, "a number with a floating point is no id").help(help);
    }
}

/// Whether it is `f32` or `f64`.
pub(super) fn is_float(ty: &Type) -> bool {
    matches!(ty, Type::Path(path) if path.path.is_ident("f32") || path.path.is_ident("f64"))
}

/// One column for each role, and one role for each column; given on the struct or on the field.
fn role_twice(model: &Model, faults: &mut Faults) {
    let mut seen: Vec<(Role, Span)> = Vec::new();
    for (role, span) in model.fields.iter().filter_map(|field| field.role) {
        match seen.iter().find(|(first, _)| *first == role) {
            Some((_, first)) => report_twice(role, [*first, span], faults),
            None => seen.push((role, span)),
        }
    }
    for (role, places) in &model.repeated {
        report_twice(*role, *places, faults);
    }
}

fn report_twice(role: Role, [first, second]: [Span; 2], faults: &mut Faults) {
    let help = match role {
        Role::Id => "an id is one column: keep a surrogate, and say `#[entity(unique(a, b))]` of the others",
        _ => "remove one of them",
    };
    faults
        .at(second, rules::ROLE_TWICE, format!("an entity has one column with the role `{}`", role.word()))
        .and(first, "the first is here")
        .help(help);
}

/// Keys, indexes, roles and logs name columns.
fn unknown_name(model: &Model, faults: &mut Faults) {
    let keys = model.args.unique.iter().chain(&model.args.index).flat_map(|key| &key.columns).map(|(name, _)| name);
    let logged = model.fields.iter().filter_map(|field| field.logs.as_ref()).flatten();
    let names = || model.columns().map(|column| names::text(&column.ident));
    for name in keys.chain(logged).chain(model.args.roles.iter().map(|(_, name)| name)) {
        if model.place(name).is_none() {
            let columns: Vec<String> = names().collect();
            let near = did_you_mean(&names::text(name), columns.iter().map(String::as_str));
            let help = format!("the columns are {}", list(columns.iter().map(String::as_str)));
            faults.at(name.span(), UNKNOWN_NAME, format!("there is no column `{name}`{near}")).help(help);
        }
    }
}

/// Every database takes the name as it is, in quotes or without.
fn sql_name(model: &Model, faults: &mut Faults) {
    let texts = [&model.args.table, &model.args.schema].into_iter().flatten();
    let mut names: Vec<(String, Span)> = texts.map(|text| (text.value(), text.span())).collect();
    if model.args.table.is_none() {
        names.push((model.table(), model.input.ident.span()));
    }
    names.extend(model.columns().map(|column| {
        let span = column.args.rename.as_ref().map_or(column.ident.span(), syn::LitStr::span);
        (column.sql_name(), span)
    }));
    for (name, span) in names.iter().filter(|(name, _)| !is_identifier(name)) {
        let text = format!("`{name}` is no name that every database takes");
        let help =
            "such a name has at most 63 of `a`-`z`, `0`-`9` and `_`, and starts with no digit: `rename`, `table`";
        faults.at(*span, rules::SQL_NAME, text).help(help);
    }
}

fn is_identifier(name: &str) -> bool {
    let fits = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_';
    !name.is_empty() && name.len() <= 63 && name.bytes().all(fits) && !name.starts_with(|c: char| c.is_ascii_digit())
}

/// Two fields are two columns.
fn duplicate_column(model: &Model, faults: &mut Faults) {
    let columns: Vec<&Column> = model.columns().collect();
    for (index, column) in columns.iter().enumerate() {
        if let Some(first) = columns[..index].iter().find(|first| first.sql_name() == column.sql_name()) {
            let span = column.args.rename.as_ref().map_or(column.ident.span(), syn::LitStr::span);
            faults
                .at(span, rules::DUPLICATE_COLUMN, format!("two fields are the column `{}`", column.sql_name()))
                .and(first.ident.span(), "the first is here")
                .help("give one of them another name: `#[col(rename = \"…\")]`");
        }
    }
}

/// A column has one log, and a machine one column: it is known by the enum of its states.
fn logged_twice(model: &Model, faults: &mut Faults) {
    let logged: Vec<(&Ident, &Column)> = model.logged().collect();
    for (index, (name, column)) in logged.iter().enumerate() {
        let own = |(_, other): &&(&Ident, &Column)| same_type(&other.ty, &column.ty);
        if let Some((first, other)) = logged[..index].iter().find(own) {
            let (text, help) = match names::same(&other.ident, &column.ident) {
                true => (format!("the column `{name}` is logged already"), "remove one of them"),
                false => {
                    let text = format!("`{first}` and `{name}` have one type, and a machine is known by its enum");
                    (text, "give each machine an enum of its own")
                }
            };
            faults.at(name.span(), rules::LOGGED_TWICE, text).and(first.span(), "the first is here").help(help);
        }
    }
}

fn same_type(one: &Type, other: &Type) -> bool {
    one.to_token_stream().to_string() == other.to_token_stream().to_string()
}

/// No database has integers of 64 bits without a sign.
fn wide_integer(column: &Column, faults: &mut Faults) {
    if column.args.whole || column.args.json {
        return;
    }
    if let Some(wide) = wide(&column.ty) {
        let text = format!("no database has a type for `{wide}`");
        let help = "write `#[col(as = i64)]`: what does not fit is refused when it is written";
        faults.on(&column.ty, rules::WIDE_INTEGER, text).help(help);
    }
}

/// The name of the wide integer that a type is, or that is optional in it.
pub(super) fn wide(ty: &Type) -> Option<&Ident> {
    let Type::Path(path) = ty else { return None };
    let last = path.path.segments.last()?;
    match &last.arguments {
        PathArguments::None => {
            ["u64", "u128", "i128", "usize", "isize"].iter().any(|wide| last.ident == wide).then_some(&last.ident)
        }
        PathArguments::AngleBracketed(inside) if last.ident == "Option" => match inside.args.first() {
            Some(GenericArgument::Type(ty)) => wide(ty),
            _ => None,
        },
        _ => None,
    }
}

/// What is sorted by stands in cursors, and whoever has a cursor can read it.
fn sensitive_sort(column: &Column, faults: &mut Faults) {
    if let Some(sort) = column.args.sort.filter(|_| column.args.sensitive) {
        let text = "the bearer of a cursor can read what is sorted by, and this column is `sensitive`";
        faults.at(sort, rules::SENSITIVE_SORT, text).help("remove `sort`");
    }
}

/// Nobody asks for another tenant's rows, and nobody for a version.
fn closed_role(column: &Column, faults: &mut Faults) {
    let Some((role, _)) = column.role.filter(|(role, _)| matches!(role, Role::Tenant | Role::Version)) else { return };
    let filter = column.args.filter.map(|(_, span)| span);
    for span in filter.into_iter().chain(column.args.sort) {
        let text = format!("specifications do not speak of the column with the role `{}`", role.word());
        faults.at(span, rules::CLOSED_ROLE, text).help("remove the option; the repository sees to this column");
    }
}
