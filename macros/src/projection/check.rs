//! The rules of `#[projection]`.

use super::model::{Model, event};
use crate::{
    behaviour::rules::Expected,
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
    model.methods.iter().for_each(|method| project_signature(method, faults));
}

fn project_signature(method: &Method, faults: &mut Faults) {
    let expected = Expected { role: "project", method, example: example(method) };
    expected.receiver(&[Receiver::Shared], "takes `&self`: what it remembers stands in the transaction", faults);
    expected.no_type_parameters(faults);
    let arguments = signature::arguments(&method.sig);
    match &arguments[..] {
        [] => expected.not(&method.sig.ident, "takes `&Recorded<E>`", faults),
        [first, ..] if event(method).is_none() => expected.not(first.ty, "takes `&Recorded<E>`", faults),
        [_] => expected.not(&method.sig.ident, "takes the transaction in which it writes", faults),
        [_, second, ..] if !is_transaction(second.ty) => expected.not(second.ty, "takes `&mut Transaction`", faults),
        [_, _, surplus @ ..] => expected.no_more(surplus, "takes an event and a transaction, and nothing else", faults),
    }
    match Answer::of(&method.sig.output) {
        Answer::Result { ok, .. } if !matches!(Answer::of_type(ok), Answer::Nothing) => {
            expected.not(ok, "answers `()`", faults);
        }
        _ => expected.result(faults),
    }
}

fn is_transaction(ty: &syn::Type) -> bool {
    signature::reference(ty).is_some_and(|(ty, mutable)| mutable && signature::is_named(ty, "Transaction"))
}

fn example(method: &Method) -> String {
    let word = if method.sig.asyncness.is_some() { "async fn" } else { "fn" };
    let event = event(method).map_or_else(|| "SomeEvent".to_owned(), show);
    let error = match Answer::of(&method.sig.output) {
        Answer::Result { err, .. } => show(err),
        _ => "SomeError".to_owned(),
    };
    let name = names::text(method.name());
    format!("{word} {name}(&self, event: &Recorded<{event}>, tx: &mut Transaction) -> Result<(), {error}>")
}
