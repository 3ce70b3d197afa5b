//! Rules that several macros share.

use quote::ToTokens;
use syn::{GenericParam, Type};

use crate::{
    codes::{GENERIC_HOME, HANDLED_TWICE, LIFETIME_IN_PAYLOAD, WRONG_SIGNATURE},
    faults::Faults,
    names,
    syntax::{
        impl_block::{ImplBlock, Method},
        returns::Answer,
        signature::{self, Argument, Receiver},
    },
};

/// A message has one home, so the home has no parameters.
pub(crate) fn generic_home(block: &ImplBlock, faults: &mut Faults) {
    if let Some(first) = block.generics.params.first() {
        let text = format!("`{}` has parameters, and a message has one home", signature::show(&block.self_ty));
        faults
            .on(first, GENERIC_HOME, text)
            .help("name the types: `impl Meetings<HttpRooms>`, or keep a dependency as `Arc<dyn RoomApi>`");
    }
}

/// A message outlives its sender, so it borrows nothing.
pub(crate) fn lifetime_in_payload(message: &Type, faults: &mut Faults) {
    if let Some(span) = signature::borrowed(message) {
        let text = format!("`{}` borrows; a message owns what it carries", signature::show(message));
        let owned = signature::owned(message);
        let help = match signature::borrowed(owned) {
            None => format!("take `{}`", signature::show(owned)),
            Some(_) => "use the owned type, such as `String` instead of `&str`".into(),
        };
        faults.at(span, LIFETIME_IN_PAYLOAD, text).help(help);
    }
}

/// Two methods for one message: the second is reported.
pub(crate) fn handled_twice<'a>(handlers: impl Iterator<Item = (&'a Method, &'a Type)>, faults: &mut Faults) {
    let mut seen: Vec<(String, &Method)> = Vec::new();
    for (method, message) in handlers {
        let key = message.to_token_stream().to_string();
        let first = seen.iter().find(|(other, _)| *other == key).map(|(_, first)| *first);
        match first {
            Some(first) if !apart(first, method) => {
                let text = format!("`{}` is handled twice", signature::show(message));
                faults
                    .on(message, HANDLED_TWICE, text)
                    .and(first.span(), format!("`{}` handles it", names::text(first.name())))
                    .help("a message has one handler; make a second message, or subscribe to the event");
            }
            _ => seen.push((key, method)),
        }
    }
}

/// Whether the handler at `index` is the first of its message: another would be a second impl.
pub(crate) fn is_first<'a>(handlers: impl Iterator<Item = (&'a Method, Option<&'a Type>)>, index: usize) -> bool {
    let all: Vec<_> = handlers.collect();
    let Some((method, Some(message))) = all.get(index) else { return true };
    let key = message.to_token_stream().to_string();
    let same = |(other, message): &(&Method, Option<&Type>)| {
        message.is_some_and(|message| message.to_token_stream().to_string() == key) && !apart(other, method)
    };
    !all[..index].iter().any(same)
}

/// Whether `cfg` may let only one of two methods live; if both do, rustc says so.
pub(crate) fn apart(left: &Method, right: &Method) -> bool {
    !left.cfgs().is_empty() || !right.cfgs().is_empty()
}

/// The methods of one role, without those that cannot stand beside an earlier one.
pub(crate) fn distinct(methods: &[Method]) -> impl Iterator<Item = &Method> {
    let alone = |index: usize| methods[..index].iter().all(|earlier| apart(earlier, &methods[index]));
    methods.iter().enumerate().filter(move |(index, _)| alone(*index)).map(|(_, method)| method)
}

/// What a role expects of a method's signature.
pub(crate) struct Expected<'a> {
    pub(crate) role: &'static str,
    pub(crate) method: &'a Method,
    /// The whole signature, with the user's own types.
    pub(crate) example: String,
}

impl Expected<'_> {
    /// Reports that the signature is another one, at the smallest place that is wrong.
    pub(crate) fn not(&self, place: &impl ToTokens, what: &str, faults: &mut Faults) {
        let article = if self.role.starts_with(['a', 'e', 'u']) { "an" } else { "a" };
        faults
            .on(place, WRONG_SIGNATURE, format!("{article} `#[{}]` method {what}", self.role))
            .help(format!("write `{}`", self.example));
    }

    /// The receiver is one of these.
    pub(crate) fn receiver(&self, allowed: &[Receiver], what: &str, faults: &mut Faults) {
        let found = signature::receiver(&self.method.sig);
        if allowed.contains(&found) {
            return;
        }
        match self.method.sig.receiver() {
            Some(receiver) => self.not(receiver, what, faults),
            None => self.not(&self.method.sig.ident, what, faults),
        }
    }

    /// No type parameters: nobody could name them.
    pub(crate) fn no_type_parameters(&self, faults: &mut Faults) {
        let named = |param: &&GenericParam| !matches!(param, GenericParam::Lifetime(_));
        if let Some(first) = self.method.sig.generics.params.iter().find(named) {
            self.not(first, "has no type parameters", faults);
        }
        let nameless = signature::arguments(&self.method.sig);
        if let Some(first) = nameless.iter().find(|argument| matches!(argument.ty, Type::ImplTrait(_))) {
            self.not(first.ty, "takes types that have a name", faults);
        }
    }

    /// The `Result` of the answer.
    pub(crate) fn result(&self, faults: &mut Faults) {
        let answer = Answer::of(&self.method.sig.output);
        if answer.is_result() {
            return;
        }
        match &self.method.sig.output {
            syn::ReturnType::Default => self.not(&self.method.sig.ident, "returns a `Result`", faults),
            syn::ReturnType::Type(_, ty) => self.not(ty, "returns a `Result`", faults),
        }
    }

    /// No argument beyond these.
    pub(crate) fn no_more(&self, surplus: &[Argument<'_>], what: &str, faults: &mut Faults) {
        if let Some(first) = surplus.first() {
            self.not(first.whole, what, faults);
        }
    }
}
