//! The rows of an entity.

use super::{Background, Find, forward};
use crate::{
    entity::{Entity, Relation, SoftDelete, UniqueKey, Unversioned, Versioned},
    error::Error,
    repository::{
        self, Affected, Deleted, Expect, FindOptions, InsertedMany, Loaded, OnError, Params, PurgeGrant, Sql, Upserted,
    },
    specification::Spec,
};

/// The rows of one entity in one scope; as [`Repository`](repository::Repository) of the async form.
#[derive(Debug)]
pub struct Repository<'a, E> {
    pub(super) inner: repository::Repository<'a, E>,
    pub(super) on: &'a Background,
}

impl<'a, E: Entity> Repository<'a, E> {
    forward! {
        repository::Repository;
        async fn get(&mut self, id: E::Id) -> Result<E, Error>;
        async fn try_get(&mut self, id: E::Id) -> Result<Option<E>, Error>;
        async fn get_many(&mut self, ids: &[E::Id]) -> Result<Vec<Option<E>>, Error> where [E: Clone];
        async fn load_many[P: Entity](&mut self, rows: &[E], relation: Relation<E, P>) -> Result<Loaded<P>, Error>;
        async fn select(&mut self, sql: Sql<E>, params: Params) -> Result<Vec<E>, Error>;
        async fn execute(&mut self, sql: Sql<E>, params: Params) -> Result<u64, Error>;
        async fn insert(&mut self, new: E::New) -> Result<E, Error>;
        async fn insert_many(&mut self, new: Vec<E::New>, on_error: OnError) -> Result<InsertedMany<E>, Error>;
        async fn upsert(&mut self, new: E::New, key: UniqueKey<E>) -> Result<Upserted<E>, Error>;
        async fn save(&mut self, entity: &mut E) -> Result<(), Error> where [E: Versioned];
        async fn save_changes(&mut self, before: &E, now: &mut E) -> Result<bool, Error> where [E: Versioned];
        async fn save_many(&mut self, entities: &mut [E]) -> Result<(), Error> where [E: Versioned];
        async fn overwrite(&mut self, entity: &mut E) -> Result<(), Error> where [E: Unversioned];
        async fn patch(&mut self, id: E::Id, expect: Expect, patch: E::Patch) -> Result<(), Error>;
        async fn update_where(&mut self, spec: Spec<E>, patch: E::Patch) -> Result<Affected, Error>;
        async fn delete(&mut self, id: E::Id, expect: Expect) -> Result<Deleted, Error>;
        async fn delete_where(&mut self, spec: Spec<E>) -> Result<Affected, Error>;
        async fn delete_many(&mut self, ids: &[E::Id]) -> Result<Affected, Error>;
        async fn restore(&mut self, id: E::Id) -> Result<(), Error> where [E: SoftDelete];
        async fn purge(&mut self, id: E::Id, grant: &PurgeGrant) -> Result<(), Error> where [E: SoftDelete];
        with fn everything(self);
    }

    /// The rows for which a condition holds.
    pub fn find(&mut self, spec: Spec<E>) -> Find<'_, 'a, E> {
        self.find_with(FindOptions::new(spec))
    }

    /// The rows that these options ask for.
    pub fn find_with(&mut self, options: FindOptions<E>) -> Find<'_, 'a, E> {
        Find { inner: self.inner.find_with(options), on: self.on }
    }
}

impl<E: SoftDelete> Repository<'_, E> {
    forward! {
        repository::Repository;
        with fn with_deleted(self);
        with fn only_deleted(self);
    }
}
