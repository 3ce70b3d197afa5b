//! The table of all rules. A code is `BW`, two digits of the macro and two of the rule; no code is used twice, ever.
//!
//! Rules that several macros share have the same number under each of them, below 20.

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

/// Rules of `#[derive(Event)]`.
pub(crate) mod event {
    use super::Rule;

    /// Two events of one enum have the same name.
    pub(crate) const DUPLICATE_NAME: Rule = Rule::own(20, "duplicate_name");
    /// An alias is the name or the alias of another event.
    pub(crate) const ALIAS_CLASH: Rule = Rule::own(21, "alias_clash");
    /// The chain of upcasts has a hole, or a step too many.
    pub(crate) const UPCAST_GAP: Rule = Rule::own(22, "upcast_gap");
    /// An event for other services has no topic.
    pub(crate) const TOPIC_MISSING: Rule = Rule::own(23, "topic_missing");
    /// A key orders an event that nobody publishes.
    pub(crate) const KEY_WITHOUT_TOPIC: Rule = Rule::own(24, "key_without_topic");
    /// serde would write more than the fields.
    pub(crate) const SERDE_SHAPE: Rule = Rule::own(25, "serde_shape");
    /// A payload has type parameters.
    pub(crate) const GENERIC_PAYLOAD: Rule = Rule::own(26, "generic_payload");
    /// An enum has no events.
    pub(crate) const NO_EVENTS: Rule = Rule::own(27, "no_events");
}

/// `#[derive(Event)]`.
pub(crate) const EVENT: Owner = Owner {
    block: 3,
    name: "event",
    shown: "#[derive(Event)]",
    rules: &[
        SYNTAX,
        WRONG_ITEM,
        UNKNOWN_OPTION,
        DUPLICATE,
        CONFLICT,
        MISSING_OPTION,
        LITERAL_FORMAT,
        RELATIVE_CRATE_PATH,
        UNKNOWN_NAME,
        LIFETIME_IN_PAYLOAD,
        INTERNAL_FAULT,
        event::DUPLICATE_NAME,
        event::ALIAS_CLASH,
        event::UPCAST_GAP,
        event::TOPIC_MISSING,
        event::KEY_WITHOUT_TOPIC,
        event::SERDE_SHAPE,
        event::GENERIC_PAYLOAD,
        event::NO_EVENTS,
    ],
    rustc: &["missing_serde", "upcast_signature", "key_not_text"],
};

/// Rules of `#[aggregate]`.
pub(crate) mod aggregate {
    use super::Rule;

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
    rustc: &["unapplied_event", "apply_arguments", "not_an_event"],
};

/// Rules of `#[command]`.
pub(crate) mod command {
    use super::Rule;

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
    rustc: &["future_not_send"],
};

/// `#[derive(Query)]`.
pub(crate) const QUERY: Owner = Owner {
    block: 6,
    name: "query",
    shown: "#[derive(Query)]",
    rules: &[
        SYNTAX,
        WRONG_ITEM,
        UNKNOWN_OPTION,
        DUPLICATE,
        LITERAL_FORMAT,
        RELATIVE_CRATE_PATH,
        LIFETIME_IN_PAYLOAD,
        INTERNAL_FAULT,
    ],
    rustc: &[],
};

/// Rules of `#[service]`.
pub(crate) mod service {
    use super::Rule;

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
    rustc: &["neither_command_nor_query", "answers_differ", "future_not_send"],
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
    rustc: &["not_an_event"],
};

/// Rules of `#[derive(ValueObject)]`.
pub(crate) mod value_object {
    use super::Rule;

    /// A field can be written from outside.
    pub(crate) const PUBLIC_FIELD: Rule = Rule::own(20, "public_field");
    /// What is inside is a bare type parameter.
    pub(crate) const BARE_PARAMETER: Rule = Rule::own(21, "bare_parameter");
}

/// `#[derive(ValueObject)]`.
pub(crate) const VALUE_OBJECT: Owner = Owner {
    block: 14,
    name: "value_object",
    shown: "#[derive(ValueObject)]",
    rules: &[
        SYNTAX,
        WRONG_ITEM,
        UNKNOWN_OPTION,
        DUPLICATE,
        MISSING_OPTION,
        LITERAL_FORMAT,
        RELATIVE_CRATE_PATH,
        LIFETIME_IN_PAYLOAD,
        INTERNAL_FAULT,
        value_object::PUBLIC_FIELD,
        value_object::BARE_PARAMETER,
    ],
    rustc: &["check_signature", "derived_twice"],
};

/// Rules of `#[derive(Id)]`.
pub(crate) mod id {
    use super::Rule;

    /// What is inside is no `Uuid`, `String` or integer.
    pub(crate) const INNER_TYPE: Rule = Rule::own(20, "inner_type");
    /// An id has parameters.
    pub(crate) const GENERIC_ID: Rule = Rule::own(21, "generic_id");
}

/// `#[derive(Id)]`.
pub(crate) const ID: Owner = Owner {
    block: 15,
    name: "id",
    shown: "#[derive(Id)]",
    rules: &[
        SYNTAX,
        WRONG_ITEM,
        UNKNOWN_OPTION,
        DUPLICATE,
        LITERAL_FORMAT,
        RELATIVE_CRATE_PATH,
        INTERNAL_FAULT,
        id::INNER_TYPE,
        id::GENERIC_ID,
    ],
    rustc: &["derived_twice"],
};

/// Rules of `#[derive(Command)]`.
pub(crate) mod command_derive {
    use super::Rule;

    /// Two fields are marked `#[target]`.
    pub(crate) const TWO_TARGETS: Rule = Rule::own(20, "two_targets");
    /// A field is to be hidden in an audit row, and its name there is not known.
    pub(crate) const REDACT_NAME: Rule = Rule::own(21, "redact_name");
}

/// `#[derive(Command)]`.
pub(crate) const COMMAND_DERIVE: Owner = Owner {
    block: 18,
    name: "command_derive",
    shown: "#[derive(Command)]",
    rules: &[
        SYNTAX,
        WRONG_ITEM,
        UNKNOWN_OPTION,
        DUPLICATE,
        LITERAL_FORMAT,
        RELATIVE_CRATE_PATH,
        LIFETIME_IN_PAYLOAD,
        INTERNAL_FAULT,
        command_derive::TWO_TARGETS,
        command_derive::REDACT_NAME,
    ],
    rustc: &["not_clone", "target_not_text"],
};

/// Every macro.
#[cfg(test)]
pub(crate) const ALL: &[&Owner] =
    &[&ROLES, &EVENT, &AGGREGATE, &COMMAND, &QUERY, &SERVICE, &PROJECTION, &VALUE_OBJECT, &ID, &COMMAND_DERIVE];
