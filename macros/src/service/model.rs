//! What the user meant.

use proc_macro2::{Span, TokenStream};
use syn::{LitStr, Type};

use super::{Service, args::Args, subscriber::Subscriber};
use crate::{
    behaviour::inherent,
    faults::Faults,
    names,
    syntax::{
        Grammar, Opt, Options,
        impl_block::{ImplBlock, Method},
        returns::{self, Answer},
        roles::Role,
        signature::{self, Argument},
    },
};

/// The options of `#[handle]`.
pub(super) const HANDLE: Grammar = Grammar::new(
    "#[handle]",
    &[Opt::new("stream", "stream"), Opt::new("query", "query"), Opt::new("command", "command")],
);

/// The block and its parts.
pub(crate) struct Model {
    pub(super) args: Args,
    pub(super) block: ImplBlock,
    pub(super) handlers: Vec<Handler>,
    pub(super) subscribers: Vec<Subscriber>,
}

/// A `#[handle]` method.
pub(super) struct Handler {
    pub(super) method: Method,
    pub(super) kind: Message,
}

/// What a handler takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Message {
    /// It changes something: `&mut Context`, or the word `command`.
    Command,
    /// It reads: `&Context`, or the word `query`.
    Query,
    /// It answers with a stream.
    Stream,
    /// Without a context the type of the message decides: which of the two traits it has.
    Either,
}

impl Model {
    /// Reads the block.
    pub(super) fn read(args: Args, item: TokenStream, faults: &mut Faults) -> Option<Self> {
        let block = inherent::read::<Service>(item, faults)?;
        let (mut handlers, mut subscribers) = (Vec::new(), Vec::new());
        for method in block.methods() {
            match method.roles.first() {
                Some(role) if role.name == "handle" => handlers.push(Handler::read(method, role, faults)),
                Some(role) => subscribers.push(Subscriber::read(method, role, faults)),
                None => {}
            }
        }
        Some(Self { args, block, handlers, subscribers })
    }

    /// The name of the service.
    pub(super) fn name(&self) -> String {
        let of_type = || self.block.type_name().map(names::snake).unwrap_or_default();
        self.args.name.as_ref().map_or_else(of_type, LitStr::value)
    }
}

impl Handler {
    fn read(method: &Method, role: &Role, faults: &mut Faults) -> Self {
        let mut options = Options::parse(&HANDLE, role.tokens.clone(), faults);
        for (keep, drop) in [("stream", "command"), ("query", "command"), ("stream", "query")] {
            options.exclude(keep, drop, faults);
        }
        let mut said = |word: &str| options.take(word).is_some_and(|entry| entry.flag(faults));
        let (stream, query, command) = (said("stream"), said("query"), said("command"));
        let mutable = context(method).map(|(_, mutable)| mutable);
        let kind = match (stream, query, command, mutable) {
            (true, ..) => Message::Stream,
            (_, true, ..) => Message::Query,
            (_, _, true, _) | (.., Some(true)) => Message::Command,
            (.., Some(false)) => Message::Query,
            (.., None) => Message::Either,
        };
        Self { method: method.clone(), kind }
    }

    /// The message: the first argument that is no context.
    pub(super) fn message(&self) -> Option<&Type> {
        let arguments = signature::arguments(&self.method.sig);
        arguments.into_iter().map(|argument| argument.ty).find(|ty| !signature::is_context(ty))
    }

    /// What the handler answers: of a stream, one item.
    pub(super) fn answer(&self) -> Answer<'_> {
        let output = &self.method.sig.output;
        match self.kind {
            Message::Stream => returns::stream_item(output).map_or(Answer::Nothing, Answer::of_type),
            _ => Answer::of(output),
        }
    }
}

/// The argument that is a context, and whether it is `&mut`.
pub(super) fn context(method: &Method) -> Option<(Argument<'_>, bool)> {
    let argument = signature::arguments(&method.sig).into_iter().find(|argument| signature::is_context(argument.ty))?;
    let (_, mutable) = signature::reference(argument.ty)?;
    Some((argument, mutable))
}

/// Where a method's word of role stands.
pub(super) fn role_span(method: &Method) -> Span {
    method.roles.first().map_or_else(|| method.span(), |role| role.span)
}
