//! The rules of `#[state_machine]`.

use super::{
    CFG_NOT_COUNTED, CONFLICT, DUPLICATE, INTERNAL_FAULT, LITERAL_FORMAT, MISSING_OPTION, Owner, RELATIVE_CRATE_PATH,
    SYNTAX, UNKNOWN_OPTION, WRONG_ITEM,
};

/// Rules of its own.
pub(crate) mod state_machine {
    use crate::codes::Rule;

    /// A block has no transition.
    pub(crate) const NO_TRANSITIONS: Rule = Rule::own(20, "no_transitions");
    /// A transition has more than one target.
    pub(crate) const MANY_TARGETS: Rule = Rule::own(21, "many_targets");
    /// A word that a later version may need.
    pub(crate) const RESERVED: Rule = Rule::own(22, "reserved");
    /// A transition can never be taken, because an earlier one always is.
    pub(crate) const AMBIGUOUS: Rule = Rule::own(23, "ambiguous");
    /// A state that no way leads to.
    pub(crate) const UNREACHABLE_STATE: Rule = Rule::own(40, "unreachable_state");
    /// A state without a way out that is not terminal.
    pub(crate) const DEAD_END: Rule = Rule::own(41, "dead_end");
    /// A transition leaves a terminal state.
    pub(crate) const LEAVES_TERMINAL: Rule = Rule::own(42, "leaves_terminal");
    /// The typestate facade does not know a state.
    pub(crate) const TYPESTATE_UNNAMED: Rule = Rule::own(43, "typestate_unnamed");
    /// `#[reason]` stands on something that is no text.
    pub(crate) const REASON_TYPE: Rule = Rule::own(24, "reason_type");
}

/// `#[state_machine]`.
pub(crate) const STATE_MACHINE: Owner = Owner {
    block: 2,
    name: "state_machine",
    shown: "#[state_machine]",
    rules: &[
        SYNTAX,
        WRONG_ITEM,
        UNKNOWN_OPTION,
        DUPLICATE,
        CONFLICT,
        MISSING_OPTION,
        LITERAL_FORMAT,
        RELATIVE_CRATE_PATH,
        CFG_NOT_COUNTED,
        INTERNAL_FAULT,
        state_machine::NO_TRANSITIONS,
        state_machine::MANY_TARGETS,
        state_machine::RESERVED,
        state_machine::AMBIGUOUS,
        state_machine::REASON_TYPE,
    ],
    rustc: &[],
};
