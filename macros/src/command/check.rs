//! The rules of `#[command]`.

use syn::{ReturnType, Type};

use super::model::{Model, done};
use crate::{
    behaviour::rules::{Expected, apart},
    codes::{
        ASYNC_MISMATCH,
        command::{ROLE_TWICE, UNDO_TYPE, UNDO_WITHOUT_EXECUTE},
    },
    faults::Faults,
    names,
    syntax::{
        impl_block::Method,
        returns::Answer,
        signature::{self, Receiver, show},
    },
};

/// Runs every rule.
pub(super) fn all(model: &Model, faults: &mut Faults) {
    for methods in [&model.validate, &model.authorize, &model.execute, &model.undo] {
        role_twice(methods, faults);
    }
    for method in &model.validate {
        validate_signature(model, method, faults);
        async_mismatch(method, faults);
    }
    model.authorize.iter().for_each(|method| authorize_signature(method, faults));
    model.execute.iter().for_each(|method| execute_signature(method, faults));
    for method in &model.undo {
        undo_signature(model, method, faults);
        undo_without_execute(model, method, faults);
        undo_type(model, method, faults);
    }
}

fn role_twice(methods: &[Method], faults: &mut Faults) {
    let Some((first, others)) = methods.split_first() else { return };
    for other in others.iter().filter(|other| !apart(first, other)) {
        let Some(role) = other.roles.first() else { continue };
        faults
            .at(role.span, ROLE_TWICE, format!("a second `#[{}]` method", role.name))
            .and(first.span(), format!("`{}` is the first", names::text(first.name())))
            .help("a command has at most one; call the other from it");
    }
}

/// The type of the errors: from the method itself, or from another one of the block.
fn error(model: &Model, method: &Method) -> String {
    let of = |method: &Method| match Answer::of(&method.sig.output) {
        Answer::Result { err, .. } => Some(show(err)),
        _ => None,
    };
    let others = model.execute.iter().chain(&model.validate).chain(&model.undo);
    of(method).or_else(|| others.filter_map(of).next()).unwrap_or_else(|| "SomeError".to_owned())
}

fn validate_signature(model: &Model, method: &Method, faults: &mut Faults) {
    let example = format!("fn {}(&self) -> Result<(), {}>", names::text(method.name()), error(model, method));
    let expected = Expected { role: "validate", method, example };
    expected.receiver(&[Receiver::Shared], "takes `&self`", faults);
    expected.no_type_parameters(faults);
    let surplus = signature::arguments(&method.sig);
    expected.no_more(&surplus, "takes `&self` alone: it judges the message by itself", faults);
    answers_nothing(&expected, faults);
}

/// `Result<(), E>`.
fn answers_nothing(expected: &Expected<'_>, faults: &mut Faults) {
    match Answer::of(&expected.method.sig.output) {
        Answer::Result { ok, .. } if !matches!(Answer::of_type(ok), Answer::Nothing) => {
            expected.not(ok, "answers `()`", faults);
        }
        _ => expected.result(faults),
    }
}

fn async_mismatch(method: &Method, faults: &mut Faults) {
    if let Some(word) = &method.sig.asyncness {
        let name = names::text(method.name());
        faults
            .at(word.span, ASYNC_MISMATCH, format!("`{name}` is `async`, and a check of the message alone never waits"))
            .help("remove `async`; `#[authorize]` and `#[execute]` may wait");
    }
}

fn authorize_signature(method: &Method, faults: &mut Faults) {
    let word = if method.sig.asyncness.is_some() { "async fn" } else { "fn" };
    let example = format!("{word} {}(&self, actor: &Actor) -> bool", names::text(method.name()));
    let expected = Expected { role: "authorize", method, example };
    expected.receiver(&[Receiver::Shared], "takes `&self`", faults);
    expected.no_type_parameters(faults);
    let arguments = signature::arguments(&method.sig);
    match arguments.split_first() {
        None => expected.not(&method.sig.ident, "takes the actor", faults),
        Some((actor, surplus)) => {
            if signature::reference(actor.ty).is_none_or(|(_, mutable)| mutable) {
                expected.not(actor.ty, "takes the actor by reference", faults);
            }
            expected.no_more(surplus, "takes the actor and nothing else", faults);
        }
    }
    match &method.sig.output {
        ReturnType::Type(_, ty) if signature::is_named(ty, "bool") => {}
        ReturnType::Type(_, ty) => expected.not(ty, "answers `bool`", faults),
        ReturnType::Default => expected.not(&method.sig.ident, "answers `bool`", faults),
    }
}

fn execute_signature(method: &Method, faults: &mut Faults) {
    let word = if method.sig.asyncness.is_some() { "async fn" } else { "fn" };
    let (ok, err) = match Answer::of(&method.sig.output) {
        Answer::Result { ok, err } => (show(ok), show(err)),
        Answer::Plain(ty) => (show(ty), "SomeError".to_owned()),
        Answer::Nothing | Answer::Alias(_) => ("()".to_owned(), "SomeError".to_owned()),
    };
    let example = format!("{word} {}(&self, cx: &mut Context) -> Result<{ok}, {err}>", names::text(method.name()));
    let expected = Expected { role: "execute", method, example };
    expected.receiver(&[Receiver::Shared], "takes `&self`: a lost race repeats it", faults);
    expected.no_type_parameters(faults);
    let arguments = signature::arguments(&method.sig);
    let surplus: Vec<_> = match arguments.split_first() {
        Some((first, rest)) if signature::is_context(first.ty) => rest.to_vec(),
        _ => arguments,
    };
    expected.no_more(&surplus, "takes `cx: &mut Context` and nothing else; the message has fields", faults);
    expected.result(faults);
}

fn undo_signature(model: &Model, method: &Method, faults: &mut Faults) {
    let word = if method.sig.asyncness.is_some() { "async fn" } else { "fn" };
    let output = output(model).map_or_else(|| "Output".to_owned(), |ty| show(&ty));
    let (name, error) = (names::text(method.name()), error(model, method));
    let example = format!("{word} {name}(&self, done: &{output}, cx: &mut Context) -> Result<(), {error}>");
    let expected = Expected { role: "undo", method, example };
    expected.receiver(&[Receiver::Shared], "takes `&self`", faults);
    expected.no_type_parameters(faults);
    let arguments = signature::arguments(&method.sig);
    if done(method).is_none() {
        match arguments.first() {
            Some(first) => expected.not(first.whole, "takes what `#[execute]` answered, by reference", faults),
            None => expected.not(&method.sig.ident, "takes what `#[execute]` answered, by reference", faults),
        }
    } else {
        let rest = &arguments[1..];
        let surplus = match rest.split_first() {
            Some((first, rest)) if signature::is_context(first.ty) => rest,
            _ => rest,
        };
        expected.no_more(surplus, "takes what was answered and `cx: &mut Context`, and nothing else", faults);
    }
    answers_nothing(&expected, faults);
}

fn output(model: &Model) -> Option<Type> {
    match Answer::of(&model.execute.first()?.sig.output) {
        Answer::Result { ok, .. } => Some(ok.clone()),
        _ => None,
    }
}

fn undo_without_execute(model: &Model, method: &Method, faults: &mut Faults) {
    if let (true, Some(role)) = (model.execute.is_empty(), method.roles.first()) {
        faults
            .at(role.span, UNDO_WITHOUT_EXECUTE, format!("`{}` has nothing to undo", model.shown()))
            .help("add an `#[execute]` method; a command that another type handles is undone by another command");
    }
}

/// Two spellings of one type end in the same word, and then rustc judges; different words are different types.
fn undo_type(model: &Model, method: &Method, faults: &mut Faults) {
    let (Some(taken), Some(answered)) = (done(method), output(model)) else { return };
    let word = |ty: &Type| match signature::last_segment(ty) {
        Some(segment) => segment.ident.to_string(),
        None => show(ty),
    };
    if word(taken) != word(&answered) {
        let text = format!("`#[undo]` takes `{}`, and `#[execute]` answers `{}`", show(taken), show(&answered));
        faults.on(taken, UNDO_TYPE, text).help(format!("write `&{}`", show(&answered)));
    }
}
