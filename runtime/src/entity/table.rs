//! What is known of a table before the program runs.

use super::{ColumnDef, Filtering, Kind, Role};

/// A table: its names, its columns and its keys. Written by `#[derive(Entity)]`.
#[derive(Debug, Clone, Copy)]
pub struct Table {
    name: &'static str,
    schema: Option<&'static str>,
    entity: &'static str,
    columns: &'static [ColumnDef],
    keys: &'static [Key],
    indexes: &'static [Index],
    read_only: bool,
}

/// Columns that no two rows share; of a tenant's rows, if the entity has one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Key {
    /// The places of the columns, in this order.
    pub columns: &'static [usize],
}

/// Columns by which rows are found or sorted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Index {
    /// The places of the columns, in this order, and whether each is descending.
    pub columns: &'static [(usize, bool)],
}

impl Table {
    /// A table with these columns, for the entity of this name.
    ///
    /// Evaluated at compile time, where it refuses columns that no database could keep.
    ///
    /// # Panics
    /// In a constant, and thereby at compile time: without exactly one [`Role::Id`], with a role twice, with a name that
    /// is no identifier, and where a column's type and its options contradict each other.
    #[must_use]
    #[track_caller]
    pub const fn new(entity: &'static str, name: &'static str, columns: &'static [ColumnDef]) -> Self {
        assert!(
            identifier(name),
            "the name of a table is made of a-z, 0-9 and _, begins with a letter or _, and has at most 63 bytes"
        );
        let mut at = 0;
        while at < columns.len() {
            let _sound = columns[at].checked();
            distinct(columns, at);
            at += 1;
        }
        assert!(place(columns, Role::Id).is_some(), "an entity has one column that is its id: `#[id]`");
        Self { name, schema: None, entity, columns, keys: &[], indexes: &[], read_only: false }
    }

    /// The schema that the table lies in; a database without schemas has it in the name of the table.
    #[must_use]
    pub const fn schema(self, schema: &'static str) -> Self {
        assert!(identifier(schema), "the name of a schema is made of a-z, 0-9 and _, and begins with a letter or _");
        Self { schema: Some(schema), ..self }
    }

    /// What no two rows share.
    ///
    /// # Panics
    /// In a constant, and thereby at compile time, for columns that are part of no key, and for a key that is too wide.
    #[must_use]
    #[track_caller]
    pub const fn keys(self, keys: &'static [Key]) -> Self {
        let mut at = 0;
        while at < keys.len() {
            let (mut place, mut bytes) = (0, 0);
            while place < keys[at].columns.len() {
                let column = self.columns[keys[at].columns[place]];
                column.check_key();
                bytes += column.width();
                place += 1;
            }
            assert!(bytes <= 3072, "a key has at most 3,072 bytes, and each character of a text counts as 4");
            at += 1;
        }
        Self { keys, ..self }
    }

    /// How rows are found.
    #[must_use]
    pub const fn indexes(self, indexes: &'static [Index]) -> Self {
        let mut at = 0;
        while at < indexes.len() {
            let mut place = 0;
            while place < indexes[at].columns.len() {
                self.columns[indexes[at].columns[place].0].check_key();
                place += 1;
            }
            at += 1;
        }
        Self { indexes, ..self }
    }

    /// A view, or a table that somebody else writes.
    #[must_use]
    pub const fn read_only(self) -> Self {
        Self { read_only: true, ..self }
    }

    /// The name in the database.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        self.name
    }

    /// The schema that it lies in.
    #[must_use]
    pub const fn schema_name(&self) -> Option<&'static str> {
        self.schema
    }

    /// The name of the entity.
    #[must_use]
    pub const fn entity(&self) -> &'static str {
        self.entity
    }

    /// Its columns.
    #[must_use]
    pub const fn columns(&self) -> &'static [ColumnDef] {
        self.columns
    }

    /// What no two rows share, beside the id.
    #[must_use]
    pub const fn unique(&self) -> &'static [Key] {
        self.keys
    }

    /// How rows are found.
    #[must_use]
    pub const fn indexed(&self) -> &'static [Index] {
        self.indexes
    }

    /// Whether it is never written.
    #[must_use]
    pub const fn is_read_only(&self) -> bool {
        self.read_only
    }

    /// The place of the column that plays this part.
    #[must_use]
    pub const fn place(&self, role: Role) -> Option<usize> {
        place(self.columns, role)
    }

    /// The column that is called so in the program, and its place.
    #[must_use]
    pub fn find(&self, name: &str) -> Option<(usize, &'static ColumnDef)> {
        self.columns.iter().enumerate().find(|(_, column)| column.name() == name)
    }
}

const fn place(columns: &[ColumnDef], role: Role) -> Option<usize> {
    let mut at = 0;
    while at < columns.len() {
        if columns[at].plays() as u8 == role as u8 {
            return Some(at);
        }
        at += 1;
    }
    None
}

/// Refuses a column that has the name or the part of one before it.
const fn distinct(columns: &[ColumnDef], at: usize) {
    let mut other = 0;
    while other < at {
        let plays = columns[at].plays();
        let one = matches!(plays, Role::Plain) || plays as u8 != columns[other].plays() as u8;
        assert!(one, "two columns play one part: an id, a tenant, a version or a stamp is one column");
        let named = !equal(columns[at].sql_name(), columns[other].sql_name());
        assert!(named, "two columns have one name in the database");
        other += 1;
    }
}

const fn equal(left: &str, right: &str) -> bool {
    let (left, right) = (left.as_bytes(), right.as_bytes());
    let mut at = 0;
    while at < left.len() && at < right.len() && left[at] == right[at] {
        at += 1;
    }
    at == left.len() && at == right.len()
}

/// Whether every database takes it as a name, in quotes or without.
const fn identifier(name: &str) -> bool {
    let bytes = name.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        if !(bytes[at].is_ascii_lowercase() || bytes[at] == b'_' || (at > 0 && bytes[at].is_ascii_digit())) {
            return false;
        }
        at += 1;
    }
    !bytes.is_empty() && bytes.len() <= 63
}

impl ColumnDef {
    /// The same column; refuses what no database can keep.
    ///
    /// # Panics
    /// In a constant, and thereby at compile time.
    #[must_use]
    #[track_caller]
    pub const fn checked(self) -> Self {
        assert!(
            identifier(self.sql_name()),
            "the name of a column is made of a-z, 0-9 and _, begins with a letter or _, and has at most 63 bytes"
        );
        let open = self.is_sortable() || !matches!(self.filtering(), Filtering::No);
        match self.kind() {
            Kind::Text => self.check_text(open),
            Kind::Decimal => assert!(
                self.digits().is_some(),
                "a decimal number needs `#[col(decimal(p, s))]`: its digits in all and after the point"
            ),
            Kind::Json | Kind::Bytes => assert!(!open, "bytes and JSON documents are neither compared nor sorted by"),
            _ => {}
        }
        assert!(
            self.kind() as u8 == Kind::Text as u8 || !matches!(self.filtering(), Filtering::Pattern),
            "only texts have parts to look for"
        );
        assert!(
            !self.is_sensitive() || !self.is_sortable(),
            "the bearer of a cursor can read what is sorted by: not what is sensitive"
        );
        self.check_role();
        self
    }

    #[track_caller]
    const fn check_key(&self) {
        let kept = !matches!(self.kind(), Kind::Json | Kind::Bytes);
        assert!(kept, "bytes and JSON documents are part of no key");
        if let Kind::Text = self.kind() {
            self.check_text(true);
        }
    }

    /// How many bytes it takes in a key.
    const fn width(&self) -> u32 {
        match (self.kind(), self.longest()) {
            (Kind::Text, Some(max)) => max.saturating_mul(4),
            (Kind::Uuid | Kind::Decimal, _) => 16,
            _ => 8,
        }
    }

    #[track_caller]
    const fn check_text(&self, open: bool) {
        let keyed = open || !matches!(self.plays(), Role::Plain);
        match self.longest() {
            Some(max) => assert!(
                !keyed || max <= 700,
                "a text that is compared, sorted by or unique has at most 700 characters: `max`"
            ),
            None => {
                assert!(!keyed, "a text that is compared, sorted by or unique needs `#[col(max = n)]`, at most 700")
            }
        }
    }

    #[track_caller]
    const fn check_role(&self) {
        let nullable = self.is_nullable();
        match self.plays() {
            Role::Id | Role::Tenant | Role::Version => {
                assert!(!nullable, "an id, a tenant and a version are never null")
            }
            Role::DeletedAt => {
                assert!(nullable, "the time of deletion is null as long as the row lives: `Option<Timestamp>`")
            }
            Role::CreatedAt | Role::UpdatedAt => assert!(!nullable, "a stamped time is never null: `Timestamp`"),
            _ => {}
        }
        assert!(
            !matches!(self.plays(), Role::Id) || !matches!(self.kind(), Kind::Float | Kind::Json | Kind::Bytes),
            "an id is a UUID, a whole number or a text"
        );
    }
}
