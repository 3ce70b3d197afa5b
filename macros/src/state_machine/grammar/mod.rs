//! The little languages in the roles: `Pending | Paid if in_stock && !blocked => Shipped, fallible`.

mod reader;
mod slips;

use proc_macro2::{Ident, Span};

pub(in crate::state_machine) use reader::{hook, transition};
pub(in crate::state_machine) use slips::mended;

use crate::names;

/// One `#[transition]`.
#[derive(Clone)]
pub(in crate::state_machine) struct Edge {
    /// The role's word.
    pub(in crate::state_machine) role: Span,
    pub(in crate::state_machine) sources: Vec<Source>,
    pub(in crate::state_machine) guard: Option<Guard>,
    pub(in crate::state_machine) target: Target,
    /// Where `fallible` stands.
    pub(in crate::state_machine) fallible: Option<Span>,
    /// Where `no_trigger` stands.
    pub(in crate::state_machine) no_trigger: Option<Span>,
}

/// Where a transition starts.
#[derive(Clone)]
pub(in crate::state_machine) enum Source {
    State(Ident),
    /// `_`: every state that is not terminal.
    Any(Span),
}

/// Where a transition leads.
#[derive(Clone)]
pub(in crate::state_machine) enum Target {
    State(Ident),
    /// `_`: the state stays.
    Internal,
}

/// What guards must say.
#[derive(Clone)]
pub(in crate::state_machine) enum Guard {
    Method(Ident),
    Not(Span, Box<Guard>),
    All(Vec<Guard>),
    Any(Vec<Guard>),
}

impl Guard {
    /// The methods, in the order in which they are asked.
    pub(in crate::state_machine) fn methods(&self) -> Vec<&Ident> {
        match self {
            Self::Method(name) => vec![name],
            Self::Not(_, inner) => inner.methods(),
            Self::All(parts) | Self::Any(parts) => parts.iter().flat_map(Self::methods).collect(),
        }
    }

    /// As a person writes it: `refundable && !disputed`.
    pub(in crate::state_machine) fn text(&self) -> String {
        match self {
            Self::Method(name) => names::text(name),
            Self::Not(_, inner) if inner.is_compound() => format!("!({})", inner.text()),
            Self::Not(_, inner) => format!("!{}", inner.text()),
            Self::All(parts) => join(parts, " && "),
            Self::Any(parts) => join(parts, " || "),
        }
    }

    fn is_compound(&self) -> bool {
        matches!(self, Self::All(_) | Self::Any(_))
    }
}

/// `&&` binds closer than `||`.
fn join(parts: &[Guard], between: &str) -> String {
    let part = |part: &Guard| match part {
        Guard::Any(_) => format!("({})", part.text()),
        _ => part.text(),
    };
    parts.iter().map(part).collect::<Vec<_>>().join(between)
}
