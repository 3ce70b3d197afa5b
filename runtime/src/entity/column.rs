//! What is known of a column before the program runs.

use super::{AsJson, ColumnType, Entity, Kind, Table, Value, types::digits};
use crate::value_object::Invalid;

/// Which part a column plays for its entity.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Role {
    /// None: it is the user's.
    Plain,
    /// The key.
    Id,
    /// Whose row it is.
    Tenant,
    /// How often it was changed.
    Version,
    /// When it was inserted.
    CreatedAt,
    /// Who inserted it.
    CreatedBy,
    /// When it was changed last.
    UpdatedAt,
    /// Who changed it last.
    UpdatedBy,
    /// When it was deleted; null as long as it lives.
    DeletedAt,
    /// Who deleted it.
    DeletedBy,
}

/// In which ways specifications may speak of a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Filtering {
    /// In none.
    No,
    /// By comparison.
    Compare,
    /// By comparison and by parts of its text.
    Pattern,
}

/// A column: its names, its type and what may be done with it.
///
/// Written by `#[derive(Entity)]`; by hand a chain of `const` functions, which refuse at compile time what no database
/// can keep.
///
/// ```
/// use bailiwick::entity::ColumnDef;
/// const LABEL: ColumnDef = ColumnDef::of::<Option<String>>("label").max(200).pattern();
/// assert!(LABEL.is_nullable());
/// ```
#[derive(Debug, Clone, Copy)]
pub struct ColumnDef {
    name: &'static str,
    column: &'static str,
    kind: Kind,
    nullable: bool,
    ordered: bool,
    role: Role,
    max: Option<u32>,
    digits: Option<(u32, u32)>,
    filtering: Filtering,
    sort: bool,
    immutable: bool,
    sensitive: bool,
    references: Option<fn() -> &'static Table>,
    texts: fn() -> Vec<&'static str>,
    accept: fn(Value<'_>) -> Result<Value<'static>, Invalid>,
}

impl ColumnDef {
    /// A column of this type, called `name` in the program and in the database.
    #[must_use]
    pub const fn of<T: ColumnType>(name: &'static str) -> Self {
        Self {
            name,
            column: name,
            kind: T::KIND,
            nullable: T::NULLABLE,
            ordered: T::ORDERED,
            role: Role::Plain,
            max: T::MAX,
            digits: None,
            filtering: Filtering::No,
            sort: false,
            immutable: false,
            sensitive: false,
            references: None,
            texts: T::texts,
            accept: accept::<T>,
        }
    }

    /// A column of JSON documents that hold a `T`.
    #[must_use]
    pub const fn json<T: serde::Serialize + serde::de::DeserializeOwned>(name: &'static str) -> Self {
        let accept = |value: Value<'_>| AsJson::<T>::from_value(value).map(|read| AsJson::to_value(&read));
        Self { kind: Kind::Json, nullable: false, ordered: false, max: None, accept, ..Self::of::<String>(name) }
    }

    /// The name in the database, where it is another one.
    #[must_use]
    pub const fn column(self, column: &'static str) -> Self {
        Self { column, ..self }
    }

    /// The part that it plays. The key and the time of creation can be compared and sorted by.
    #[must_use]
    pub const fn role(self, role: Role) -> Self {
        let open = matches!(role, Role::Id | Role::CreatedAt | Role::UpdatedAt);
        let filtering = if open { Filtering::Compare } else { self.filtering };
        let immutable = self.immutable || matches!(role, Role::Id | Role::Tenant | Role::CreatedAt | Role::CreatedBy);
        Self { role, filtering, immutable, sort: self.sort || open, ..self }
    }

    /// The length of the longest text, in Unicode scalar values.
    #[must_use]
    pub const fn max(self, max: u32) -> Self {
        Self { max: Some(max), ..self }
    }

    /// How many digits a decimal number has in all, and after the point.
    ///
    /// # Panics
    /// In a constant, and thereby at compile time, for none at all or more than 28, and for more after the point than in all.
    #[must_use]
    #[track_caller]
    pub const fn decimal(self, all: u32, after: u32) -> Self {
        assert!(
            0 < all && all <= 28 && after <= all,
            "a decimal number has 1 to 28 digits, of these some after the point"
        );
        Self { digits: Some((all, after)), ..self }
    }

    /// It can be compared.
    #[must_use]
    pub const fn filter(self) -> Self {
        Self { filtering: Filtering::Compare, ..self }
    }

    /// It can be compared, and parts of its text looked for.
    #[must_use]
    pub const fn pattern(self) -> Self {
        Self { filtering: Filtering::Pattern, ..self }
    }

    /// It can be sorted by; whoever holds a cursor can read its values.
    #[must_use]
    pub const fn sort(self) -> Self {
        Self { sort: true, ..self }
    }

    /// It is written once, when the row is inserted.
    #[must_use]
    pub const fn immutable(self) -> Self {
        Self { immutable: true, ..self }
    }

    /// Its values are never printed.
    #[must_use]
    pub const fn sensitive(self) -> Self {
        Self { sensitive: true, ..self }
    }

    /// It holds the id of another entity.
    #[must_use]
    pub const fn references<E: Entity>(self) -> Self {
        Self { references: Some(|| E::TABLE), ..self }
    }

    /// The name in the program.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        self.name
    }

    /// The name in the database.
    #[must_use]
    pub const fn sql_name(&self) -> &'static str {
        self.column
    }

    /// What it holds.
    #[must_use]
    pub const fn kind(&self) -> Kind {
        self.kind
    }

    /// Whether it can be null.
    #[must_use]
    pub const fn is_nullable(&self) -> bool {
        self.nullable
    }

    /// Whether its values have an order.
    #[must_use]
    pub const fn is_ordered(&self) -> bool {
        self.ordered
    }

    /// The part that it plays.
    #[must_use]
    pub const fn plays(&self) -> Role {
        self.role
    }

    /// The length of the longest text, in Unicode scalar values.
    #[must_use]
    pub const fn longest(&self) -> Option<u32> {
        self.max
    }

    /// How many digits a decimal number has in all, and after the point.
    #[must_use]
    pub const fn digits(&self) -> Option<(u32, u32)> {
        self.digits
    }

    /// In which ways specifications may speak of it.
    #[must_use]
    pub const fn filtering(&self) -> Filtering {
        self.filtering
    }

    /// Whether it can be sorted by.
    #[must_use]
    pub const fn is_sortable(&self) -> bool {
        self.sort
    }

    /// Whether it is written once.
    #[must_use]
    pub const fn is_immutable(&self) -> bool {
        self.immutable
    }

    /// Whether its values are never printed.
    #[must_use]
    pub const fn is_sensitive(&self) -> bool {
        self.sensitive
    }

    /// The table whose ids it holds.
    #[must_use]
    pub fn refers_to(&self) -> Option<&'static Table> {
        self.references.map(|table| table())
    }

    /// The texts that it can hold, if they can be counted: the stored names of states, then their older names.
    #[must_use]
    pub fn texts(&self) -> Vec<&'static str> {
        (self.texts)()
    }

    /// The value as its type writes it, if the column can hold it: a state by its name and not an alias.
    ///
    /// # Errors
    /// Why it cannot.
    pub fn accept(&self, value: Value<'_>) -> Result<Value<'static>, Invalid> {
        let value = (self.accept)(value)?;
        match self.misfit(&value) {
            Some(why) => Err(Invalid::new(self.name, why)),
            None => Ok(value),
        }
    }

    /// Why no database could keep this value in this column, if so.
    #[must_use]
    pub fn misfit(&self, value: &Value<'_>) -> Option<String> {
        match value {
            Value::Unfit(_, why) => Some((*why).into()),
            Value::Null(_) if !self.nullable => Some("it is never null".into()),
            Value::Text(text) if text.contains('\0') => Some("a text holds no NUL".into()),
            Value::Text(text) => self
                .max
                .filter(|max| text.chars().nth(*max as usize).is_some())
                .map(|max| format!("the text has more than {max} characters")),
            Value::Decimal(number) => self.digits.and_then(|(all, after)| too_many_digits(number, [all, after])),
            _ => None,
        }
    }
}

fn accept<T: ColumnType>(value: Value<'_>) -> Result<Value<'static>, Invalid> {
    T::from_value(value).map(|read| read.to_value().into_owned())
}

fn too_many_digits(number: &super::Decimal, [all, after]: [u32; 2]) -> Option<String> {
    let (whole, fraction) = digits(number);
    let fits = fraction <= after && whole <= all - after;
    (!fits).then(|| format!("the number has more than {} digits before the point or {after} after it", all - after))
}
