//! A transition's own signature and body.

use proc_macro2::{Span, TokenStream, TokenTree};
use quote::ToTokens;
use syn::{GenericParam, Ident, Lifetime, ReturnType, Type};

use crate::{
    behaviour::calls,
    codes::state_machine::{
        ARGUMENT_PATTERN, BORROWED_OUTPUT, GENERIC_NOT_IN_ARGUMENTS, NESTED_TRANSITION, REASON_TYPE, RECEIVER,
        TWO_REASONS, UNTRIGGERABLE,
    },
    faults::Faults,
    names,
    state_machine::model::{Argument, Hook, Model, Transition, When},
    syntax::signature::{self, Receiver, show},
};

pub(super) fn all(model: &Model, faults: &mut Faults) {
    for transition in &model.transitions {
        receiver(transition, faults);
        argument_pattern(transition, faults);
        generic_not_in_arguments(transition, faults);
        borrowed_output(transition, faults);
        let body = &transition.method.body;
        nested_transition(model, body, &format!("the body of `{}`", transition.text()), faults);
        two_reasons(transition, faults);
        reason_type(transition, faults);
        if model.args.trigger.is_some() && transition.edges.iter().all(|edge| edge.no_trigger.is_none()) {
            untriggerable(transition, faults);
        }
    }
    let mut exits: Vec<&Hook> = model.hooks.iter().filter(|hook| hook.when == When::Exit).collect();
    exits.dedup_by(|later, first| names::same(later.method.name(), first.method.name()));
    for hook in exits {
        let who = format!("the `#[on_exit]` hook `{}`", names::text(hook.method.name()));
        nested_transition(model, &hook.method.body, &who, faults);
    }
}

/// A transition changes its machine.
fn receiver(transition: &Transition, faults: &mut Faults) {
    let sig = &transition.written;
    if signature::receiver(sig) == Receiver::Mutable {
        return;
    }
    let arguments = transition.arguments.iter().map(|argument| {
        let name = argument.name.as_ref().map_or_else(|| "name".into(), names::text);
        format!(", {name}: {}", show(&argument.ty))
    });
    let example = format!("write `fn {}(&mut self{})`", transition.text(), arguments.collect::<String>());
    match sig.receiver() {
        Some(receiver) => faults.on(receiver, RECEIVER, "a transition takes `&mut self`"),
        None => faults.at(sig.ident.span(), RECEIVER, "a transition takes `&mut self`"),
    }
    .help(example);
}

/// Arguments are handed on by name.
fn argument_pattern(transition: &Transition, faults: &mut Faults) {
    for argument in transition.arguments.iter().filter(|argument| argument.name.is_none()) {
        faults
            .on(&argument.whole, ARGUMENT_PATTERN, "an argument of a transition has a plain name")
            .help(format!("write `name: {}`, and take it apart in the body", show(&argument.ty)));
    }
}

/// `check_x` and `can_x` take the arguments only, and find the types from them.
fn generic_not_in_arguments(transition: &Transition, faults: &mut Faults) {
    for param in &transition.method.sig.generics.params {
        let name = match param {
            GenericParam::Type(param) => &param.ident,
            GenericParam::Const(param) => &param.ident,
            GenericParam::Lifetime(_) => continue,
        };
        let mut types = transition.arguments.iter().map(|argument| argument.ty.to_token_stream());
        if !types.any(|ty| says(ty, name)) {
            let (name, method) = (names::text(name), transition.text());
            faults
                .on(param, GENERIC_NOT_IN_ARGUMENTS, format!("`{name}` is in no argument of `{method}`"))
                .help(format!("`check_{method}` and `can_{method}` could not tell what it is; take an argument of it"));
        }
    }
}

fn says(tokens: TokenStream, name: &Ident) -> bool {
    tokens.into_iter().any(|token| match token {
        TokenTree::Group(group) => says(group.stream(), name),
        TokenTree::Ident(word) => word == *name,
        _ => false,
    })
}

/// The state changes after the body, so the machine is not lent out.
fn borrowed_output(transition: &Transition, faults: &mut Faults) {
    let ReturnType::Type(_, ty) = &transition.method.sig.output else { return };
    if lends(ty.to_token_stream(), transition.lifetime().as_ref()) {
        faults
            .on(ty, BORROWED_OUTPUT, format!("the answer of `{}` borrows from the machine", transition.text()))
            .help("answer an owned value: the state changes after the body, which needs the machine back");
    }
}

/// Whether a type has a reference without a lifetime, the lifetime `'_`, or this one.
fn lends(tokens: TokenStream, own: Option<&Lifetime>) -> bool {
    let all: Vec<TokenTree> = tokens.into_iter().collect();
    let is = |at: usize, mark: char| matches!(all.get(at), Some(TokenTree::Punct(punct)) if punct.as_char() == mark);
    let (mut functions, mut found) = (false, false);
    for (at, token) in all.iter().enumerate() {
        found |= match token {
            TokenTree::Group(group) => !functions && lends(group.stream(), own),
            TokenTree::Punct(punct) if punct.as_char() == '&' => !is(at + 1, '\''),
            TokenTree::Ident(word) if at > 0 && is(at - 1, '\'') => {
                word == "_" || own.is_some_and(|own| own.ident == *word)
            }
            TokenTree::Ident(word) => {
                functions |= word == "fn" || word.to_string().starts_with("Fn");
                false
            }
            _ => false,
        };
    }
    found && !functions
}

/// The state has not changed yet while a body runs, or a hook of the state that is left.
fn nested_transition(model: &Model, body: &TokenStream, who: &str, faults: &mut Faults) {
    for call in calls::on_self(body.clone(), model.ty()).iter().filter(|call| model.is_move(call)) {
        let name = names::text(call);
        let what = if model.transitions.iter().any(|other| names::same(other.name(), call)) {
            format!("the transition `{name}`")
        } else {
            format!("a transition, by `{name}`")
        };
        faults
            .at(call.span(), NESTED_TRANSITION, format!("{who} calls {what}"))
            .help("a transition that follows another belongs in a hook: `#[on_enter(…)]`");
    }
}

/// There is one reason.
fn two_reasons(transition: &Transition, faults: &mut Faults) {
    let reasons: Vec<Span> = transition.arguments.iter().filter_map(|argument| argument.reason).collect();
    for other in reasons.iter().skip(1) {
        faults
            .at(*other, TWO_REASONS, format!("`{}` has two reasons", transition.text()))
            .and(reasons[0], "the first is here")
            .help("keep one of them");
    }
}

/// A reason is a text that is stored in the open.
fn reason_type(transition: &Transition, faults: &mut Faults) {
    for argument in transition.arguments.iter().filter(|argument| argument.reason.is_some()) {
        if !is_text(signature::argument_of(&argument.ty, "Option").unwrap_or(&argument.ty)) {
            let ty = show(&argument.ty);
            faults
                .on(&argument.ty, REASON_TYPE, format!("a reason is a plain text, and `{ty}` is none"))
                .help("take `&str`, `String`, or an `Option` of one of them");
        }
    }
}

fn is_text(ty: &Type) -> bool {
    match signature::reference(ty) {
        Some((inner, mutable)) => !mutable && signature::is_named(inner, "str"),
        None => signature::is_named(ty, "String"),
    }
}

/// An argument is decoded from JSON as an owned type that the macro can name.
fn untriggerable(transition: &Transition, faults: &mut Faults) {
    let method = transition.text();
    let unnamed = |param: &&GenericParam| !matches!(param, GenericParam::Lifetime(_));
    let param = transition.method.sig.generics.params.iter().find(unnamed).map(ToTokens::to_token_stream);
    let argument = transition.arguments.iter().find(|argument| is_service(argument));
    let place = param.or_else(|| argument.map(|argument| argument.ty.to_token_stream()));
    if let Some(place) = place {
        faults
            .on(&place, UNTRIGGERABLE, format!("`{method}` cannot be called by name: this is not read from JSON"))
            .help(format!("add `no_trigger` to a `#[transition]` of `{method}`: `trigger` does not know it then"));
    }
}

/// `impl Trait`, `dyn Trait`, a function, and references to them.
fn is_service(argument: &Argument) -> bool {
    let mut ty = &argument.ty;
    while let Some((inner, _)) = signature::reference(ty) {
        ty = inner;
    }
    matches!(ty, Type::ImplTrait(_) | Type::TraitObject(_) | Type::FnPtr(_) | Type::Ptr(_))
}
