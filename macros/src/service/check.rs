//! The rules of `#[service]`.

use syn::ReturnType;

use super::{
    model::{Handler, Message, Model, context, role_span},
    subscriber::Subscriber,
};
use crate::{
    behaviour::rules::{self, Expected, apart},
    codes::{ASYNC_MISMATCH, service::SUBSCRIBED_TWICE},
    faults::Faults,
    names,
    syntax::{
        returns::{self, Answer},
        signature::{self, Argument, Receiver, show},
    },
};

/// Runs every rule.
pub(super) fn all(model: &Model, faults: &mut Faults) {
    rules::generic_home(&model.block, faults);
    for handler in &model.handlers {
        handler_signature(handler, faults);
        async_mismatch(handler, faults);
        if let Some(message) = handler.message() {
            rules::lifetime_in_payload(message, faults);
        }
    }
    model.subscribers.iter().for_each(|subscriber| subscriber_signature(subscriber, faults));
    let handled = model.handlers.iter().filter_map(|handler| Some((&handler.method, handler.message()?)));
    rules::handled_twice(handled, faults);
    subscribed_twice(model, faults);
}

fn handler_signature(handler: &Handler, faults: &mut Faults) {
    let method = &handler.method;
    let expected = Expected { role: "handle", method, example: handler_example(handler) };
    expected.receiver(&[Receiver::Shared], "takes `&self`: a service is shared by all dispatches", faults);
    expected.no_type_parameters(faults);
    let arguments = signature::arguments(&method.sig);
    let (contexts, messages): (Vec<Argument<'_>>, _) =
        arguments.into_iter().partition(|argument| signature::is_context(argument.ty));
    match messages.split_first() {
        None => expected.not(&method.sig.ident, "takes a command or a query", faults),
        Some((_, surplus)) => {
            expected.no_more(surplus, "takes one message and at most a context; dependencies are fields", faults);
        }
    }
    expected.no_more(contexts.get(1..).unwrap_or_default(), "takes one context", faults);
    if let Some((context, true)) = context(method)
        && matches!(handler.kind, Message::Query | Message::Stream)
    {
        expected.not(context.ty, "that reads takes `&Context`", faults);
    }
    match handler.kind {
        Message::Stream => stream_answer(handler, &expected, faults),
        _ => expected.result(faults),
    }
}

fn stream_answer(handler: &Handler, expected: &Expected<'_>, faults: &mut Faults) {
    match (&handler.method.sig.output, returns::stream_item(&handler.method.sig.output)) {
        (_, Some(item)) if Answer::of_type(item).is_result() => {}
        (_, Some(item)) => expected.not(item, "answers a stream of `Result`s", faults),
        (ReturnType::Type(_, ty), None) => expected.not(ty, "answers `impl Stream`", faults),
        (ReturnType::Default, None) => expected.not(&handler.method.sig.ident, "answers `impl Stream`", faults),
    }
}

fn handler_example(handler: &Handler) -> String {
    let name = names::text(handler.method.name());
    let message = handler.message().map_or_else(|| "SomeCommand".to_owned(), show);
    let (ok, err) = match handler.answer() {
        Answer::Result { ok, err } => (show(ok), show(err)),
        Answer::Plain(ty) => (show(ty), "SomeError".to_owned()),
        Answer::Nothing | Answer::Alias(_) => ("()".to_owned(), "SomeError".to_owned()),
    };
    let word = if handler.method.sig.asyncness.is_some() { "async fn" } else { "fn" };
    match handler.kind {
        Message::Stream => {
            format!("fn {name}(&self, query: {message}, cx: &Context) -> impl Stream<Item = Result<{ok}, {err}>>")
        }
        Message::Query => format!("{word} {name}(&self, query: {message}, cx: &Context) -> Result<{ok}, {err}>"),
        Message::Command | Message::Either => {
            format!("{word} {name}(&self, command: {message}, cx: &mut Context) -> Result<{ok}, {err}>")
        }
    }
}

fn async_mismatch(handler: &Handler, faults: &mut Faults) {
    if let (Message::Stream, Some(word)) = (handler.kind, &handler.method.sig.asyncness) {
        let name = names::text(handler.method.name());
        faults
            .at(word.span, ASYNC_MISMATCH, format!("`{name}` is `async`, and a stream waits by itself"))
            .help("remove `async`; wait inside the stream");
    }
}

fn subscriber_signature(subscriber: &Subscriber, faults: &mut Faults) {
    let method = &subscriber.method;
    let taken = match (&subscriber.pattern, subscriber.event()) {
        (Some(_), _) => "AnyEvent".to_owned(),
        (None, Some(event)) => format!("Recorded<{}>", show(event)),
        (None, None) => "Recorded<SomeEvent>".to_owned(),
    };
    let word = if method.sig.asyncness.is_some() { "async fn" } else { "fn" };
    let error = match Answer::of(&method.sig.output) {
        Answer::Result { err, .. } => show(err),
        _ => "SomeError".to_owned(),
    };
    let name = names::text(method.name());
    let example = format!("{word} {name}(&self, event: &{taken}, cx: &mut Context) -> Result<(), {error}>");
    let expected = Expected { role: "subscribe", method, example };
    expected.receiver(&[Receiver::Shared], "takes `&self`: a service is shared by all dispatches", faults);
    expected.no_type_parameters(faults);
    event_argument(subscriber, &expected, faults);
    match Answer::of(&method.sig.output) {
        Answer::Result { ok, .. } if !matches!(Answer::of_type(ok), Answer::Nothing) => {
            expected.not(ok, "answers `()`: nobody waits for more", faults);
        }
        _ => expected.result(faults),
    }
}

fn event_argument(subscriber: &Subscriber, expected: &Expected<'_>, faults: &mut Faults) {
    let method = &subscriber.method;
    let arguments = signature::arguments(&method.sig);
    let Some((first, rest)) = arguments.split_first() else {
        expected.not(&method.sig.ident, "takes an event", faults);
        return;
    };
    let any = signature::reference(first.ty)
        .is_some_and(|(ty, _)| signature::is_named(ty, "AnyEvent") || signature::is_named(ty, "Envelope"));
    match (&subscriber.pattern, subscriber.event()) {
        (Some(_), _) if any => {}
        (Some(_), _) => expected.not(first.ty, "with a pattern takes `&AnyEvent`", faults),
        (None, Some(event)) => rules::lifetime_in_payload(event, faults),
        (None, None) if any => expected.not(first.ty, "that takes `&AnyEvent` needs a pattern", faults),
        (None, None) => expected.not(first.ty, "takes `&Recorded<E>`", faults),
    }
    let surplus = match rest.split_first() {
        Some((first, rest)) if signature::is_context(first.ty) => rest,
        _ => rest,
    };
    expected.no_more(surplus, "takes an event and at most `cx: &mut Context`; dependencies are fields", faults);
}

fn subscribed_twice(model: &Model, faults: &mut Faults) {
    let service = model.name();
    let mut seen: Vec<(String, &Subscriber)> = Vec::new();
    for subscriber in &model.subscribers {
        let name = subscriber.name(&service);
        match seen.iter().find(|(other, first)| *other == name && !apart(&first.method, &subscriber.method)) {
            Some((_, first)) => {
                let place =
                    |one: &Subscriber| one.name.as_ref().map_or_else(|| role_span(&one.method), syn::LitStr::span);
                faults
                    .at(place(subscriber), SUBSCRIBED_TWICE, format!("the subscription `{name}` exists twice"))
                    .and(place(first), "this is the first")
                    .help("a subscription's name says how far it has come, so each has its own");
            }
            None => seen.push((name, subscriber)),
        }
    }
}
