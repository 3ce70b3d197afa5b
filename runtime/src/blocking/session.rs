//! One connection for statements that follow each other.

use super::{Background, Repository, forward};
use crate::{
    entity::{Entity, GlobalEntity},
    repository::{self, Global, Scope, Tenanted},
};

/// One connection, without a transaction; as [`Session`](repository::Session) of the async form.
#[derive(Debug)]
pub struct Session<S = Tenanted> {
    pub(super) inner: repository::Session<S>,
    pub(super) on: Background,
}

impl<S> Session<S> {
    forward! {
        repository::Session;
        fn scope(&self) -> &Scope;
    }
}

impl Session<Tenanted> {
    /// The rows of an entity that are in the scope.
    pub fn repository<E: Entity>(&mut self) -> Repository<'_, E> {
        Repository { inner: self.inner.repository(), on: &self.on }
    }
}

impl Session<Global> {
    /// The rows of an entity that belongs to no tenant.
    pub fn repository<E: GlobalEntity>(&mut self) -> Repository<'_, E> {
        Repository { inner: self.inner.repository(), on: &self.on }
    }
}
