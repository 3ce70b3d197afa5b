//! Writes of single rows.

use super::{
    Repository, failure,
    reads::{Life, equal},
    saves::fresh,
};
use crate::{
    entity::{ColumnDef, ColumnType, Entity, Kind, Patch, Role, SoftDelete, Stamps, Value},
    error::{Error, ErrorKind},
    plan::{Reach, Set, Write},
    specification::Node,
    version::Version,
};

/// What the writer believes of the row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Expect {
    /// Whatever version it is at.
    Any,
    /// It is at this version.
    Version(Version),
}

/// What a deletion found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Deleted {
    /// The row, which is deleted now.
    Now,
    /// No row that lives.
    Already,
}

/// The right to delete rows for good that others could still want, and why. The reason is written to the log, at `warn`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PurgeGrant(());

impl PurgeGrant {
    /// Grants it for a reason that whoever reads the log understands.
    #[must_use]
    pub fn new(reason: &str) -> Self {
        tracing::warn!(reason, "rows may be deleted for good");
        Self(())
    }
}

impl<E: Entity> Repository<'_, E> {
    /// Inserts a row; answers the entity with its id and its stamps.
    ///
    /// # Errors
    /// `repository/duplicate` if another row has the same key, `repository/value` if a column cannot hold its value,
    /// `repository/tenant_required` if it belongs to a tenant and the scope is not of one, [`UndeclaredTransition`](super::UndeclaredTransition)
    /// if it logs a state and begins in one that is neither initial nor external.
    pub async fn insert(&mut self, new: E::New) -> Result<E, Error> {
        self.writable()?;
        let entity = fresh(E::create(new, &self.scope.stamps(Version::new(1)))?)?;
        let rows = vec![row(&entity)?];
        self.on.write(Write::Insert { table: E::TABLE, rows }).await?;
        Ok(entity)
    }

    /// Changes some columns of the row with this id, without reading it. A patch of nothing writes nothing.
    ///
    /// # Errors
    /// `repository/not_found`, `repository/version_conflict`, `repository/duplicate`, `repository/value`.
    pub async fn patch(&mut self, id: E::Id, expect: Expect, patch: E::Patch) -> Result<(), Error> {
        self.writable()?;
        if patch.changes().is_empty() {
            return Ok(());
        }
        let set = patch.changes().iter().map(|(place, value)| (*place, value.clone())).collect();
        self.update(&id, expect, set).await.map(drop)
    }

    /// Deletes the row with this id: marks it, if the entity is soft-deleted, otherwise for good.
    ///
    /// # Errors
    /// `repository/not_found` if there is no such row, `repository/version_conflict` if it is at another version than
    /// expected.
    pub async fn delete(&mut self, id: E::Id, expect: Expect) -> Result<Deleted, Error> {
        self.writable()?;
        let reach = self.expected(&id, expect)?;
        let deletion = self.deletion(reach)?;
        if self.on.write(deletion).await? > 0 {
            return Ok(Deleted::Now);
        }
        match self.found(&id).await? {
            Some(row) if is_deleted(&row) => Ok(Deleted::Already),
            row => Err(self.too_late(missed(&id, expect, row.as_ref()))),
        }
    }

    /// The same rows, in the scope of the tenant whose entity it is.
    pub(super) fn owners(&self, entity: &E) -> Result<Repository<'_, E>, Error> {
        Ok(self.within(self.scope.of_owner(entity)?))
    }

    /// Writes columns and stamps; answers the stamps, with the version that the row is then at.
    async fn update(&self, id: &E::Id, expect: Expect, values: Vec<(usize, Value<'static>)>) -> Result<Stamps, Error> {
        let (write, stamps) = self.updating(id, expect, values)?;
        if self.on.write(write).await? == 0 {
            return Err(self.too_late(missed(id, expect, self.found(id).await?.as_ref())));
        }
        Ok(stamps)
    }

    /// What writes columns and stamps of a row, and the stamps.
    pub(super) fn updating(
        &self,
        id: &E::Id,
        expect: Expect,
        values: Vec<(usize, Value<'static>)>,
    ) -> Result<(Write, Stamps), Error> {
        let version = match expect {
            Expect::Version(version) => version.plus(1),
            Expect::Any => Version::NONE,
        };
        let stamps = self.scope.stamps(version);
        let mut set: Vec<_> = values.into_iter().map(|(place, value)| (place, Set::To(value))).collect();
        set.extend(stamped::<E>(&stamps, [Role::UpdatedAt, Role::UpdatedBy]));
        Ok((changing::<E>(self.expected(id, expect)?, set)?, stamps))
    }

    /// Somebody else was faster, if the error says so: a unit of work may want to begin again.
    pub(super) fn too_late(&self, error: Error) -> Error {
        self.on.statements.lost_a_race(&error);
        error
    }

    pub(super) fn writable(&self) -> Result<(), Error> {
        if self.scope.is_read_only() {
            return Err(failure::invalid("unit/read_only", "a query only reads: write in a command"));
        }
        if !E::TABLE.is_read_only() {
            return Ok(());
        }
        Err(failure::invalid("repository/read_only", "the entity is declared `read_only`: others write its table"))
    }

    /// The living row with this id, at this version.
    fn expected(&self, id: &E::Id, expect: Expect) -> Result<Reach, Error> {
        self.keyed()?;
        let mut parts: Vec<Node> = vec![equal::<E>(Role::Id, id.to_value())];
        match (expect, E::TABLE.place(Role::Version)) {
            (Expect::Version(version), Some(_)) => parts.push(equal::<E>(Role::Version, version.to_value())),
            (Expect::Version(_), None) => return Err(failure::no_version(E::TABLE)),
            (Expect::Any, _) => {}
        }
        self.among(Life::Living).reach(parts)
    }

    /// The row with this id, whether it lives or not.
    pub(super) async fn found(&self, id: &E::Id) -> Result<Option<E>, Error> {
        self.among(Life::Both).by_id(id).await
    }

    /// What deletes the rows in reach: marks them, if the entity is soft-deleted.
    pub(super) fn deletion(&self, reach: Reach) -> Result<Write, Error> {
        if E::TABLE.place(Role::DeletedAt).is_none() {
            return Ok(Write::Delete { reach });
        }
        changing::<E>(reach, stamped::<E>(&self.scope.stamps(Version::NONE), [Role::DeletedAt, Role::DeletedBy]))
    }
}

impl<E: SoftDelete> Repository<'_, E> {
    /// Lets the deleted row with this id live again. One that lives is left as it is.
    ///
    /// # Errors
    /// `repository/not_found` if there is no such row, `repository/restore_conflict` if a living row has its key.
    pub async fn restore(&mut self, id: E::Id) -> Result<(), Error> {
        self.writable()?;
        let stamps = self.scope.stamps(Version::NONE);
        let mut set = stamped::<E>(&stamps, [Role::UpdatedAt, Role::UpdatedBy]);
        for role in [Role::DeletedAt, Role::DeletedBy] {
            let place = E::TABLE.place(role);
            set.extend(place.map(|place| (place, Set::To(Value::Null(E::TABLE.columns()[place].kind())))));
        }
        self.keyed()?;
        let reach = self.among(Life::Deleted).reach(vec![equal::<E>(Role::Id, id.to_value())])?;
        let written = self.on.write(changing::<E>(reach, set)?).await.map_err(restore_conflict)?;
        if written > 0 || self.found(&id).await?.is_some() { Ok(()) } else { Err(failure::not_found::<E>(&id)) }
    }

    /// Deletes the row with this id for good, whether it lives or not.
    ///
    /// # Errors
    /// `repository/not_found` if there is no such row.
    pub async fn purge(&mut self, id: E::Id, _grant: &PurgeGrant) -> Result<(), Error> {
        self.writable()?;
        self.keyed()?;
        let reach = self.among(Life::Both).reach(vec![equal::<E>(Role::Id, id.to_value())])?;
        let written = self.on.write(Write::Delete { reach }).await?;
        if written > 0 { Ok(()) } else { Err(failure::not_found::<E>(&id)) }
    }
}

/// A row with the values of an entity, if each column can hold its own.
pub(super) fn row<E: Entity>(entity: &E) -> Result<Vec<Value<'static>>, Error> {
    let row: Vec<_> = (0..E::TABLE.columns().len()).map(|place| entity.value(place).into_owned()).collect();
    E::TABLE.columns().iter().zip(&row).try_for_each(|(column, value)| fits::<E>(column, value))?;
    Ok(row)
}

/// What writes columns of all rows in reach, if each column can hold its value.
pub(super) fn changing<E: Entity>(reach: Reach, set: Vec<(usize, Set)>) -> Result<Write, Error> {
    for (place, set) in &set {
        if let (Set::To(value), Some(column)) = (set, E::TABLE.columns().get(*place)) {
            fits::<E>(column, value)?;
        }
    }
    Ok(Write::Update { reach, set })
}

/// Why no row was written.
pub(super) fn missed<E: Entity>(id: &E::Id, expect: Expect, row: Option<&E>) -> Error {
    let version = row.filter(|row| !is_deleted(*row)).and_then(|row| Some(row.value(E::TABLE.place(Role::Version)?)));
    match (expect, version.map(Version::from_value)) {
        (Expect::Version(expected), Some(Ok(actual))) => failure::version_conflict::<E>(id, expected, actual),
        _ => failure::not_found::<E>(id),
    }
}

pub(super) fn is_deleted<E: Entity>(row: &E) -> bool {
    E::TABLE.place(Role::DeletedAt).is_some_and(|place| !row.value(place).is_null())
}

fn restore_conflict(error: Error) -> Error {
    if error.code() != "repository/duplicate" {
        return error;
    }
    let message = "a living row has the same key; delete or change that one first";
    Error::new(ErrorKind::Conflict, "repository/restore_conflict", message).caused_by(error)
}

/// The columns that can change and are the user's, with their places.
pub(super) fn mutable<E: Entity>() -> impl Iterator<Item = (usize, &'static ColumnDef)> {
    let own = |column: &ColumnDef| column.plays() == Role::Plain && !column.is_immutable();
    E::TABLE.columns().iter().enumerate().filter(move |(_, column)| own(column))
}

/// What goes into the columns with these roles, and the next version.
pub(super) fn stamped<E: Entity>(stamps: &Stamps, [at, by]: [Role; 2]) -> Vec<(usize, Set)> {
    let actor = stamps.actor.as_ref().map_or(Value::Null(Kind::Text), |actor| actor.to_value().into_owned());
    let columns = [(Role::Version, Set::Next), (at, Set::To(stamps.at.to_value().into_owned())), (by, Set::To(actor))];
    columns.into_iter().filter_map(|(role, set)| Some((E::TABLE.place(role)?, set))).collect()
}

fn fits<E: Entity>(column: &ColumnDef, value: &Value<'_>) -> Result<(), Error> {
    let why = column.misfit(value);
    why.map_or(Ok(()), |why| Err(failure::value(E::TABLE, column, &why)))
}
