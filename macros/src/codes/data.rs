//! The rules of derives.

use super::{
    CONFLICT, DUPLICATE, INTERNAL_FAULT, LIFETIME_IN_PAYLOAD, LITERAL_FORMAT, MISSING_OPTION, Owner,
    RELATIVE_CRATE_PATH, SYNTAX, UNKNOWN_NAME, UNKNOWN_OPTION, WRONG_ITEM,
};

/// Rules of `#[derive(State)]`.
pub(crate) mod state {
    use crate::codes::{Phase, Rule};

    /// The derive stands on a struct or a union.
    pub(crate) const NOT_AN_ENUM: Rule = Rule::new(20, "not_an_enum", Phase::Syntax);
    /// A variant has fields.
    pub(crate) const VARIANT_DATA: Rule = Rule::own(21, "variant_data");
    /// There are more states than a machine can hold.
    pub(crate) const TOO_MANY_VARIANTS: Rule = Rule::own(22, "too_many_variants");
    /// No state is marked `initial`.
    pub(crate) const NO_INITIAL: Rule = Rule::own(23, "no_initial");
    /// Two states are marked `initial`.
    pub(crate) const TWO_INITIAL: Rule = Rule::own(24, "two_initial");
    /// A state is both the first and the last one.
    pub(crate) const INITIAL_AND_TERMINAL: Rule = Rule::own(25, "initial_and_terminal");
    /// A stored text stands for two states, or twice for one.
    pub(crate) const DUPLICATE_NAME: Rule = Rule::own(26, "duplicate_name");
    /// `unknown = …` names no variant.
    pub(crate) const UNKNOWN_VARIANT: Rule = Rule::own(27, "unknown_variant");
    /// No state is marked `terminal`: a warning.
    pub(crate) const NO_TERMINAL: Rule = Rule::own(28, "no_terminal");
}

/// `#[derive(State)]`.
pub(crate) const STATE: Owner = Owner {
    block: 1,
    name: "state",
    shown: "#[derive(State)]",
    rules: &[
        SYNTAX,
        UNKNOWN_OPTION,
        DUPLICATE,
        CONFLICT,
        LITERAL_FORMAT,
        RELATIVE_CRATE_PATH,
        INTERNAL_FAULT,
        state::NOT_AN_ENUM,
        state::VARIANT_DATA,
        state::TOO_MANY_VARIANTS,
        state::NO_INITIAL,
        state::TWO_INITIAL,
        state::INITIAL_AND_TERMINAL,
        state::DUPLICATE_NAME,
        state::UNKNOWN_VARIANT,
        state::NO_TERMINAL,
    ],
    rustc: &["missing_copy", "derived_twice"],
};

/// Rules of `#[derive(Event)]`.
pub(crate) mod event {
    use crate::codes::Rule;

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
    /// A field is sensitive, and nothing says whose data it is.
    pub(crate) const SUBJECT_MISSING: Rule = Rule::own(28, "subject_missing");
    /// A subject is given, and no field is sensitive.
    pub(crate) const NOTHING_SENSITIVE: Rule = Rule::own(29, "nothing_sensitive");
    /// A field is a `Sensitive`, and not marked.
    pub(crate) const SENSITIVE_UNMARKED: Rule = Rule::own(30, "sensitive_unmarked");
    /// The key or the subject is a sensitive field.
    pub(crate) const SENSITIVE_NAME: Rule = Rule::own(31, "sensitive_name");
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
        event::SUBJECT_MISSING,
        event::NOTHING_SENSITIVE,
        event::SENSITIVE_UNMARKED,
        event::SENSITIVE_NAME,
    ],
    rustc: &["missing_serde", "upcast_signature", "key_not_text", "sensitive_type"],
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

/// Rules of `#[derive(ValueObject)]`.
pub(crate) mod value_object {
    use crate::codes::Rule;

    /// A field can be written from outside.
    pub(crate) const PUBLIC_FIELD: Rule = Rule::own(20, "public_field");
    /// What is inside is a bare type parameter.
    pub(crate) const BARE_PARAMETER: Rule = Rule::own(21, "bare_parameter");
    /// serde is told something about a newtype, which is written as what is inside.
    pub(crate) const SERDE_ON_NEWTYPE: Rule = Rule::own(22, "serde_on_newtype");
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
        value_object::SERDE_ON_NEWTYPE,
    ],
    rustc: &["check_signature", "derived_twice"],
};

/// Rules of `#[derive(Id)]`.
pub(crate) mod id {
    use crate::codes::Rule;

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
    use crate::codes::Rule;

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

/// Rules of `#[derive(Entity)]`.
pub(crate) mod entity {
    use crate::codes::Rule;

    /// No field is the id.
    pub(crate) const MISSING_ID: Rule = Rule::own(20, "missing_id");
    /// Two columns have one role, or one has it twice.
    pub(crate) const ROLE_TWICE: Rule = Rule::own(21, "role_twice");
    /// An integer that no database has a type for.
    pub(crate) const WIDE_INTEGER: Rule = Rule::own(22, "wide_integer");
    /// Two fields are one column.
    pub(crate) const DUPLICATE_COLUMN: Rule = Rule::own(23, "duplicate_column");
    /// A name that not every database takes.
    pub(crate) const SQL_NAME: Rule = Rule::own(24, "sql_name");
    /// A sensitive column can be sorted by.
    pub(crate) const SENSITIVE_SORT: Rule = Rule::own(25, "sensitive_sort");
    /// The tenant or the version can be compared or sorted by.
    pub(crate) const CLOSED_ROLE: Rule = Rule::own(26, "closed_role");
    /// An entity has parameters.
    pub(crate) const GENERIC_ENTITY: Rule = Rule::own(27, "generic_entity");
    /// The id is a number with a floating point.
    pub(crate) const FLOAT_ID: Rule = Rule::own(28, "float_id");
    /// A column, or two of one type, are logged twice.
    pub(crate) const LOGGED_TWICE: Rule = Rule::own(29, "logged_twice");
}

/// `#[derive(Entity)]`.
pub(crate) const ENTITY: Owner = Owner {
    block: 19,
    name: "entity",
    shown: "#[derive(Entity)]",
    rules: &[
        SYNTAX,
        WRONG_ITEM,
        UNKNOWN_OPTION,
        DUPLICATE,
        CONFLICT,
        LITERAL_FORMAT,
        RELATIVE_CRATE_PATH,
        UNKNOWN_NAME,
        LIFETIME_IN_PAYLOAD,
        INTERNAL_FAULT,
        entity::MISSING_ID,
        entity::ROLE_TWICE,
        entity::WIDE_INTEGER,
        entity::DUPLICATE_COLUMN,
        entity::SQL_NAME,
        entity::SENSITIVE_SORT,
        entity::CLOSED_ROLE,
        entity::GENERIC_ENTITY,
        entity::FLOAT_ID,
        entity::LOGGED_TWICE,
    ],
    rustc: &[
        "column_type",
        "role_type",
        "optional_tenant",
        "text_without_max",
        "decimal_digits",
        "open_document",
        "wide_key",
        "plain_column",
        "wrong_operand",
        "never_null",
        "no_order",
        "state_in_patch",
        "logged_column",
    ],
};
