//! What is wrong with the tables of a database.

use std::fmt;

/// What a table is not as its entity declares it.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct SchemaFinding {
    /// What it is, such as `schema/column`.
    pub code: &'static str,
    /// The table.
    pub table: String,
    /// The column, or the columns of a key.
    pub column: Option<String>,
    /// What is wrong, and what follows from it.
    pub message: String,
    /// A statement that mends it, where there is one. Look at it before it is executed: it may rewrite the table.
    pub repair: Option<String>,
}

impl SchemaFinding {
    /// Whether tenants may see each other's rows for it, so that no [`SchemaCheck`] lets it pass.
    #[must_use]
    pub fn is_severe(&self) -> bool {
        matches!(self.code, "schema/collation" | "schema/key_tenant" | "schema/row_security")
    }
}

impl fmt::Display for SchemaFinding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "[{}] {}", self.code, self.table)?;
        if let Some(column) = &self.column {
            write!(f, ".{column}")?;
        }
        write!(f, ": {}", self.message)?;
        match &self.repair {
            Some(repair) => write!(f, "; {repair}"),
            None => Ok(()),
        }
    }
}

/// What an application does about [findings](SchemaFinding) when it starts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum SchemaCheck {
    /// It does not start: `db/schema`.
    #[default]
    Refuse,
    /// It says so in the log, at `warn`, and starts; unless one is [severe](SchemaFinding::is_severe).
    Warn,
}
