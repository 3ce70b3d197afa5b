//! The rules of attributes on `impl`s.

use super::{
    ASYNC_MISMATCH, CFG_NOT_COUNTED, CONFLICT, DUPLICATE, GENERIC_HOME, HANDLED_TWICE, INTERNAL_FAULT,
    LIFETIME_IN_PAYLOAD, LITERAL_FORMAT, MISSING_OPTION, Owner, RELATIVE_CRATE_PATH, SYNTAX, UNKNOWN_OPTION,
    WRONG_ITEM, WRONG_SIGNATURE,
};

/// Rules of `#[aggregate]`.
pub(crate) mod aggregate {
    use crate::codes::Rule;

    /// Two methods apply the same event.
    pub(crate) const APPLIED_TWICE: Rule = Rule::own(20, "applied_twice");
}

/// `#[aggregate]`.
pub(crate) const AGGREGATE: Owner = Owner {
    block: 4,
    name: "aggregate",
    shown: "#[aggregate]",
    rules: &[
        SYNTAX,
        WRONG_ITEM,
        UNKNOWN_OPTION,
        DUPLICATE,
        CONFLICT,
        MISSING_OPTION,
        LITERAL_FORMAT,
        RELATIVE_CRATE_PATH,
        WRONG_SIGNATURE,
        CFG_NOT_COUNTED,
        LIFETIME_IN_PAYLOAD,
        ASYNC_MISMATCH,
        GENERIC_HOME,
        HANDLED_TWICE,
        INTERNAL_FAULT,
        aggregate::APPLIED_TWICE,
    ],
    rustc: &[
        "unapplied_event",
        "unknown_variant",
        "apply_arguments",
        "apply_type",
        "not_an_event",
        "not_of_this_aggregate",
        "no_past",
        "no_states",
        "state_type",
        "no_target",
        "target_type",
    ],
};

/// Rules of `#[command]`.
pub(crate) mod command {
    use crate::codes::Rule;

    /// There is nothing to undo.
    pub(crate) const UNDO_WITHOUT_EXECUTE: Rule = Rule::own(20, "undo_without_execute");
    /// `#[undo]` does not take what `#[execute]` returns.
    pub(crate) const UNDO_TYPE: Rule = Rule::own(21, "undo_type");
    /// Two methods play the same role.
    pub(crate) const ROLE_TWICE: Rule = Rule::own(22, "role_twice");
}

/// `#[command]`.
pub(crate) const COMMAND: Owner = Owner {
    block: 5,
    name: "command",
    shown: "#[command]",
    rules: &[
        SYNTAX,
        WRONG_ITEM,
        UNKNOWN_OPTION,
        DUPLICATE,
        CONFLICT,
        LITERAL_FORMAT,
        RELATIVE_CRATE_PATH,
        WRONG_SIGNATURE,
        CFG_NOT_COUNTED,
        ASYNC_MISMATCH,
        INTERNAL_FAULT,
        command::UNDO_WITHOUT_EXECUTE,
        command::UNDO_TYPE,
        command::ROLE_TWICE,
    ],
    rustc: &["future_not_send", "validate_error", "not_handled"],
};

/// Rules of `#[service]`.
pub(crate) mod service {
    use crate::codes::Rule;

    /// Two subscriptions have the same name.
    pub(crate) const SUBSCRIBED_TWICE: Rule = Rule::own(20, "subscribed_twice");
}

/// `#[service]`.
pub(crate) const SERVICE: Owner = Owner {
    block: 7,
    name: "service",
    shown: "#[service]",
    rules: &[
        SYNTAX,
        WRONG_ITEM,
        UNKNOWN_OPTION,
        DUPLICATE,
        CONFLICT,
        LITERAL_FORMAT,
        RELATIVE_CRATE_PATH,
        WRONG_SIGNATURE,
        CFG_NOT_COUNTED,
        LIFETIME_IN_PAYLOAD,
        ASYNC_MISMATCH,
        GENERIC_HOME,
        HANDLED_TWICE,
        INTERNAL_FAULT,
        service::SUBSCRIBED_TWICE,
    ],
    rustc: &[
        "neither_command_nor_query",
        "not_a_command",
        "not_a_query",
        "not_an_event",
        "answers_differ",
        "two_homes",
        "future_not_send",
    ],
};

/// `#[projection]`.
pub(crate) const PROJECTION: Owner = Owner {
    block: 8,
    name: "projection",
    shown: "#[projection]",
    rules: &[
        SYNTAX,
        WRONG_ITEM,
        UNKNOWN_OPTION,
        DUPLICATE,
        CONFLICT,
        MISSING_OPTION,
        LITERAL_FORMAT,
        RELATIVE_CRATE_PATH,
        WRONG_SIGNATURE,
        CFG_NOT_COUNTED,
        INTERNAL_FAULT,
    ],
    rustc: &["not_an_event", "future_not_send", "error_not_boxed"],
};
