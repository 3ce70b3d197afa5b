//! What the user meant.

mod hook;
mod transition;

use proc_macro2::{Ident, TokenStream};

pub(super) use hook::{Hook, When};
pub(super) use transition::{Action, Argument, Transition};

use super::{
    StateMachine,
    args::Args,
    grammar::{self, Source},
};
use crate::{
    behaviour::inherent,
    codes::state_machine::REASON_TYPE,
    faults::Faults,
    names,
    pipeline::Macro,
    syntax::impl_block::{ImplBlock, Member, Method},
};

/// The block and its parts.
pub(crate) struct Model {
    pub(super) args: Args,
    pub(super) block: ImplBlock,
    pub(super) transitions: Vec<Transition>,
    pub(super) hooks: Vec<Hook>,
    /// Whether a role could not be read: what depends on all of them is then not judged.
    pub(super) partial: bool,
}

impl Model {
    /// Reads the block.
    pub(super) fn read(args: Args, item: TokenStream, faults: &mut Faults) -> Option<Self> {
        let item = grammar::mended(item, StateMachine::ROLES, faults);
        let block = inherent::read::<StateMachine>(item, faults)?;
        let (mut transitions, mut hooks) = (Vec::new(), Vec::new());
        let before = faults.count();
        for (index, member) in block.members.iter().enumerate() {
            let Member::Method(method) = member else { continue };
            match method.roles.first().map(|role| role.name) {
                Some("transition") => transitions.push(Transition::read(index, method, faults)),
                Some("reason") => misplaced_reason(method, faults),
                Some(_) => hooks.extend(method.roles.iter().filter_map(|role| Hook::read(role, method, faults))),
                None => {}
            }
        }
        let hidden = block.methods().any(|method| !method.hidden_roles.is_empty());
        let partial = faults.count() > before || hidden || !block.broken.is_empty();
        Some(Self { args, block, transitions, hooks, partial })
    }

    /// The type's name.
    pub(super) fn ty(&self) -> Option<&Ident> {
        self.block.type_name()
    }

    /// The name of what the machine writes: `trigger`, or `payment_trigger` with a name.
    pub(super) fn prefixed(&self, word: &str) -> String {
        let prefix = self.args.name.as_ref().map(|name| format!("{}_", names::text(name))).unwrap_or_default();
        format!("{prefix}{word}")
    }

    /// Whether a method of this name moves the machine: a transition, or `trigger`.
    pub(super) fn is_move(&self, word: &Ident) -> bool {
        let by_name = || self.args.trigger.is_some() && names::text(word) == self.prefixed("trigger");
        self.transitions.iter().any(|other| names::same(other.name(), word)) || by_name()
    }

    /// A method of the block.
    pub(super) fn method(&self, name: &Ident) -> Option<&Method> {
        self.block.methods().find(|method| names::same(method.name(), name))
    }

    /// Whether the machine keeps a log.
    pub(super) fn has_log(&self) -> bool {
        self.args.log.is_some() || self.args.own_log.is_some()
    }

    /// The states that are named as sources, each once.
    pub(super) fn named_sources(&self) -> Vec<&Ident> {
        let edges = self.transitions.iter().flat_map(|transition| &transition.edges);
        let mut states: Vec<&Ident> = Vec::new();
        for source in edges.flat_map(|edge| &edge.sources) {
            if let Source::State(name) = source
                && !states.iter().any(|known| names::same(known, name))
            {
                states.push(name);
            }
        }
        states
    }
}

fn misplaced_reason(method: &Method, faults: &mut Faults) {
    for role in &method.roles {
        faults
            .at(role.span, REASON_TYPE, "`#[reason]` belongs on an argument of a transition")
            .help("write `fn cancel(&mut self, #[reason] reason: &str)`");
    }
}
