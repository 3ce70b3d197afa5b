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
    /// A transition does not take `&mut self`.
    pub(crate) const RECEIVER: Rule = Rule::own(24, "receiver");
    /// An argument has no plain name.
    pub(crate) const ARGUMENT_PATTERN: Rule = Rule::own(25, "argument_pattern");
    /// A type parameter is in no argument.
    pub(crate) const GENERIC_NOT_IN_ARGUMENTS: Rule = Rule::own(26, "generic_not_in_arguments");
    /// A body calls a transition of its own machine.
    pub(crate) const NESTED_TRANSITION: Rule = Rule::own(27, "nested_transition");
    /// Two arguments are the reason.
    pub(crate) const TWO_REASONS: Rule = Rule::own(28, "two_reasons");
    /// `#[reason]` stands on something that is no text.
    pub(crate) const REASON_TYPE: Rule = Rule::own(29, "reason_type");
    /// A guard is no method of the block.
    pub(crate) const MISSING_GUARD: Rule = Rule::own(30, "missing_guard");
    /// A guard does not take `&self`.
    pub(crate) const GUARD_RECEIVER: Rule = Rule::own(31, "guard_receiver");
    /// A guard takes other arguments than its transition.
    pub(crate) const GUARD_ARGUMENTS: Rule = Rule::own(32, "guard_arguments");
    /// A guard waits.
    pub(crate) const GUARD_ASYNC: Rule = Rule::own(33, "guard_async");
    /// A guard with a reason is negated.
    pub(crate) const NEGATED_RESULT: Rule = Rule::own(34, "negated_result");
    /// Guards always agree, or never.
    pub(crate) const CONSTANT_GUARD: Rule = Rule::own(35, "constant_guard");
    /// A hook has another signature.
    pub(crate) const HOOK_SIGNATURE: Rule = Rule::own(36, "hook_signature");
    /// A hook waits, and a transition that runs it does not.
    pub(crate) const HOOK_ASYNC: Rule = Rule::own(37, "hook_async");
    /// A hook never runs.
    pub(crate) const HOOK_STATE: Rule = Rule::own(38, "hook_state");
    /// An audit row has a version.
    pub(crate) const AUDIT_WITHOUT_VERSION: Rule = Rule::own(40, "audit_without_version");
    /// An argument cannot come from JSON.
    pub(crate) const UNTRIGGERABLE: Rule = Rule::own(41, "untriggerable");
    /// The answer borrows from the machine.
    pub(crate) const BORROWED_OUTPUT: Rule = Rule::own(42, "borrowed_output");
    /// A method has the name of one that is written.
    pub(crate) const NAME_TAKEN: Rule = Rule::own(43, "name_taken");
    /// A state that no way leads to.
    pub(crate) const UNREACHABLE_STATE: Rule = Rule::own(50, "unreachable_state");
    /// A state without a way out that is not terminal.
    pub(crate) const DEAD_END: Rule = Rule::own(51, "dead_end");
    /// A transition leaves a terminal state.
    pub(crate) const LEAVES_TERMINAL: Rule = Rule::own(52, "leaves_terminal");
    /// The typestate facade does not know a state.
    pub(crate) const TYPESTATE_UNNAMED: Rule = Rule::own(53, "typestate_unnamed");
}

use state_machine as own;

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
        own::NO_TRANSITIONS,
        own::MANY_TARGETS,
        own::RESERVED,
        own::AMBIGUOUS,
        own::RECEIVER,
        own::ARGUMENT_PATTERN,
        own::GENERIC_NOT_IN_ARGUMENTS,
        own::NESTED_TRANSITION,
        own::TWO_REASONS,
        own::REASON_TYPE,
        own::MISSING_GUARD,
        own::GUARD_RECEIVER,
        own::GUARD_ARGUMENTS,
        own::GUARD_ASYNC,
        own::NEGATED_RESULT,
        own::CONSTANT_GUARD,
        own::HOOK_SIGNATURE,
        own::HOOK_ASYNC,
        own::HOOK_STATE,
        own::AUDIT_WITHOUT_VERSION,
        own::UNTRIGGERABLE,
        own::BORROWED_OUTPUT,
        own::NAME_TAKEN,
        own::UNREACHABLE_STATE,
        own::DEAD_END,
        own::LEAVES_TERMINAL,
        own::TYPESTATE_UNNAMED,
    ],
    rustc: &[
        "wrong_field",
        "name_forgotten",
        "same_field_twice",
        "missing_derive",
        "undefined_source",
        "undefined_target",
        "hidden_result",
        "future_not_send",
        "guard_type",
        "wrong_state",
        "audit_without_log",
    ],
};
