//! Who is asked.

use std::{ops::Deref, sync::Arc};

use crate::{plan::Statements, repository::Scope, store::entities::Rows};

/// Who carries statements out: lent by a handle, or made for a scope where the database itself keeps tenants apart.
#[derive(Clone)]
pub(in crate::repository) enum Source<'a> {
    Lent(&'a dyn Statements),
    Own(Arc<dyn Rows>),
}

impl<'a> Source<'a> {
    /// This database, as far as the scope reaches.
    pub(in crate::repository) fn of(rows: &'a dyn Rows, scope: &Scope) -> Self {
        scope.whose().and_then(|whose| rows.within(whose)).map_or(Self::Lent(rows), Self::Own)
    }
}

impl<'a> Deref for Source<'a> {
    type Target = dyn Statements + 'a;

    fn deref(&self) -> &Self::Target {
        match self {
            Self::Lent(statements) => *statements,
            Self::Own(rows) => &**rows,
        }
    }
}
