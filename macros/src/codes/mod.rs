//! The table of all rules. A code is `BW`, two digits of the macro and two of the rule; no code is used twice, ever.
//!
//! Rules that several macros share have the same number under each of them, below 20.

mod behaviour;
mod data;
mod machine;

pub(crate) use behaviour::{AGGREGATE, COMMAND, PROJECTION, SERVICE, aggregate, command, service};
pub(crate) use data::{
    COMMAND_DERIVE, ENTITY, EVENT, ID, QUERY, STATE, VALUE_OBJECT, command_derive, entity, event, id, state,
    value_object,
};
pub(crate) use machine::{STATE_MACHINE, state_machine};

/// When a fault is noticed; faults leave in this order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Phase {
    /// The item cannot be read.
    Syntax,
    /// An option is unknown, repeated, missing or malformed.
    Options,
    /// The parts do not fit.
    Semantics,
}

/// One condition that macros check.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Rule {
    /// The last two digits of its code.
    pub(crate) number: u8,
    /// Its name: of its function, its ui-test file and its section of the page.
    pub(crate) name: &'static str,
    /// When it is noticed.
    pub(crate) phase: Phase,
}

impl Rule {
    const fn new(number: u8, name: &'static str, phase: Phase) -> Self {
        Self { number, name, phase }
    }

    /// A rule of one macro's own.
    const fn own(number: u8, name: &'static str) -> Self {
        Self::new(number, name, Phase::Semantics)
    }
}

/// One macro: who reports.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Owner {
    /// The first two digits of its codes.
    pub(crate) block: u8,
    /// Its name: of its folder, its page and its folder of ui-tests, and what `BAILIWICK_SHOW` selects by.
    pub(crate) name: &'static str,
    /// As users write it.
    pub(crate) shown: &'static str,
    /// The rules it reports.
    pub(crate) rules: &'static [Rule],
    /// The rules that rustc reports in what it writes.
    pub(crate) rustc: &'static [&'static str],
}

impl Owner {
    /// The code of a rule under this macro.
    pub(crate) fn code(&self, rule: Rule) -> String {
        format!("BW{:02}{:02}", self.block, rule.number)
    }

    /// Where to read about it.
    pub(crate) fn section(&self, rule: Rule) -> String {
        format!("see the section `{}` in the documentation of `{}`", rule.name, self.shown)
    }
}

/// The item cannot be read at all.
pub(crate) const SYNTAX: Rule = Rule::new(1, "syntax", Phase::Syntax);
/// The macro stands on the wrong kind of item.
pub(crate) const WRONG_ITEM: Rule = Rule::new(2, "wrong_item", Phase::Syntax);
/// An option that the macro does not have.
pub(crate) const UNKNOWN_OPTION: Rule = Rule::new(3, "unknown_option", Phase::Options);
/// Something that may occur once occurs twice.
pub(crate) const DUPLICATE: Rule = Rule::new(4, "duplicate", Phase::Options);
/// Two things that exclude each other.
pub(crate) const CONFLICT: Rule = Rule::new(5, "conflict", Phase::Options);
/// A required option is missing.
pub(crate) const MISSING_OPTION: Rule = Rule::new(6, "missing_option", Phase::Options);
/// An option's value has the wrong form.
pub(crate) const LITERAL_FORMAT: Rule = Rule::new(7, "literal_format", Phase::Options);
/// `crate = …` is not absolute.
pub(crate) const RELATIVE_CRATE_PATH: Rule = Rule::new(8, "relative_crate_path", Phase::Options);
/// A role stands outside its macro.
pub(crate) const ROLE_OUTSIDE: Rule = Rule::new(9, "role_outside", Phase::Syntax);
/// A method with a role has the wrong signature.
pub(crate) const WRONG_SIGNATURE: Rule = Rule::new(10, "wrong_signature", Phase::Semantics);
/// A name that nothing has.
pub(crate) const UNKNOWN_NAME: Rule = Rule::new(11, "unknown_name", Phase::Semantics);
/// A type that is stored or sent borrows.
pub(crate) const LIFETIME_IN_PAYLOAD: Rule = Rule::new(12, "lifetime_in_payload", Phase::Semantics);
/// A role hides in `cfg_attr`, where a macro does not see it.
pub(crate) const CFG_NOT_COUNTED: Rule = Rule::new(13, "cfg_not_counted", Phase::Semantics);
/// A method is `async` where it must not be.
pub(crate) const ASYNC_MISMATCH: Rule = Rule::new(14, "async_mismatch", Phase::Semantics);
/// The home of messages has type parameters, and a message has one home.
pub(crate) const GENERIC_HOME: Rule = Rule::new(15, "generic_home", Phase::Semantics);
/// Two methods handle the same message.
pub(crate) const HANDLED_TWICE: Rule = Rule::new(16, "handled_twice", Phase::Semantics);
/// The macro itself is wrong.
pub(crate) const INTERNAL_FAULT: Rule = Rule::new(19, "internal_fault", Phase::Syntax);

/// Roles used outside their macros.
pub(crate) const ROLES: Owner =
    Owner { block: 0, name: "roles", shown: "bailiwick::roles", rules: &[ROLE_OUTSIDE], rustc: &[] };

/// Every macro.
#[cfg(test)]
pub(crate) const ALL: &[&Owner] = &[
    &ROLES,
    &STATE,
    &STATE_MACHINE,
    &EVENT,
    &AGGREGATE,
    &COMMAND,
    &QUERY,
    &SERVICE,
    &PROJECTION,
    &VALUE_OBJECT,
    &ID,
    &COMMAND_DERIVE,
    &ENTITY,
];
