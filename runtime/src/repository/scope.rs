//! For whom, and by whom, rows are read and written.

use super::Deadline;
use crate::{
    actor::{Actor, ActorId},
    clock::Clock,
    entity::{ColumnType, Entity, Role, Stamps, Value},
    envelope::Metadata,
    error::{Error, ErrorKind},
    id::MessageId,
    specification::{Node, Test},
    store::entities::Whose,
    tenant::TenantId,
    timestamp::Timestamp,
    version::Version,
};

/// For which tenants rows are read and written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TenantScope {
    /// For one.
    One(TenantId),
    /// For none: rows that belong to a tenant are out of reach.
    Nobody,
    /// For all of them: nothing can be inserted.
    All(SystemGrant),
}

/// The right to reach the rows of all tenants, and why. It is written to the log, at `warn`, when it is made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SystemGrant(());

impl SystemGrant {
    /// Grants it for a reason that whoever reads the log understands.
    #[must_use]
    pub fn new(reason: &str) -> Self {
        tracing::warn!(reason, "the rows of all tenants are in reach");
        Self(())
    }
}

/// For whom, by whom, and when. It is given to [`Db::scoped`](super::Db::scoped) and never taken from the surroundings.
#[derive(Debug, Clone)]
pub struct Scope {
    tenants: TenantScope,
    actor: Option<Actor>,
    clock: Clock,
    correlation: Option<MessageId>,
    causation: Option<MessageId>,
    read_only: bool,
    deadline: Option<Timestamp>,
}

impl Scope {
    /// The rows of this tenant.
    ///
    /// # Errors
    /// `tenant/invalid` if it is no name of a tenant.
    pub fn tenant(tenant: &str) -> Result<Self, Error> {
        TenantId::new(tenant).map(|tenant| Self::of(TenantScope::One(tenant)))
    }

    /// The rows that belong to no tenant.
    #[must_use]
    pub fn nobody() -> Self {
        Self::of(TenantScope::Nobody)
    }

    /// These tenants' rows.
    #[must_use]
    pub fn of(tenants: TenantScope) -> Self {
        let clock = Clock::system();
        Self { tenants, actor: None, clock, correlation: None, causation: None, read_only: false, deadline: None }
    }

    /// Who does it: what `#[created_by]`, `#[updated_by]` and `#[deleted_by]` are stamped with.
    #[must_use]
    pub fn actor(self, actor: &Actor) -> Self {
        Self { actor: (!actor.is_nobody()).then(|| actor.clone()), ..self }
    }

    /// The clock that stamps are read from, and ids made from.
    #[must_use]
    pub fn clock(self, clock: Clock) -> Self {
        Self { clock, ..self }
    }

    /// The conversation that is audited with what is done in it.
    #[must_use]
    pub fn correlation(self, correlation: MessageId) -> Self {
        Self { correlation: Some(correlation), ..self }
    }

    /// By when all must be done. What has not been answered then answers `db/statement_timeout`, and what is asked afterwards does
    /// at once; a unit of work ends there and is rolled back, unless its commit was sent. The write of a single statement that was
    /// sent may have happened: it answers `db/commit_unknown`.
    ///
    /// ```
    /// # use std::time::Duration;
    /// # use bailiwick::{Clock, Error, repository::{Db, Scope, Scoped}};
    /// # fn f(db: &Db, clock: &Clock) -> Result<Scoped, Error> {
    /// let soon = clock.now().plus(Duration::from_millis(250));
    /// let shop = db.scoped(Scope::tenant("acme")?.deadline(soon));
    /// # Ok(shop) }
    /// ```
    #[must_use]
    pub fn deadline(self, at: Timestamp) -> Self {
        Self { deadline: Some(at), ..self }
    }

    /// For which tenants.
    #[must_use]
    pub const fn tenants(&self) -> &TenantScope {
        &self.tenants
    }

    /// That of a message: its tenant, and who sent it.
    pub(crate) fn of_message(metadata: &Metadata, clock: Clock) -> Self {
        let tenants = metadata.tenant.clone().map_or(TenantScope::Nobody, TenantScope::One);
        let (correlation, causation) = (metadata.correlation, metadata.causation);
        let scope = Self { clock, correlation, causation, ..Self::of(tenants) };
        metadata.actor.iter().fold(scope, Self::actor)
    }

    /// The same, in which nothing can be written.
    pub(crate) fn reading(self) -> Self {
        Self { read_only: true, ..self }
    }

    pub(super) const fn is_read_only(&self) -> bool {
        self.read_only
    }

    /// The one tenant, if it is one.
    pub(crate) fn tenant_of(&self) -> Option<TenantId> {
        match &self.tenants {
            TenantScope::One(tenant) => Some(tenant.clone()),
            TenantScope::Nobody | TenantScope::All(_) => None,
        }
    }

    /// Whose rows are in reach; nothing, if nobody's.
    pub(crate) const fn whose(&self) -> Option<Whose<'_>> {
        match &self.tenants {
            TenantScope::One(tenant) => Some(Whose::One(tenant)),
            TenantScope::All(_) => Some(Whose::All),
            TenantScope::Nobody => None,
        }
    }

    pub(crate) const fn actor_of(&self) -> Option<&Actor> {
        self.actor.as_ref()
    }

    /// The message that causes what is done in it.
    pub(crate) fn caused_by(self, message: MessageId) -> Self {
        Self { causation: Some(message), ..self }
    }

    /// What a message says that is sent from it.
    pub(super) fn metadata(&self) -> Metadata {
        let (correlation, causation) = (self.correlation, self.causation);
        Metadata { tenant: self.tenant_of(), actor: self.actor.clone(), correlation, causation, ..Metadata::default() }
    }

    pub(super) const fn correlation_of(&self) -> Option<MessageId> {
        self.correlation
    }

    pub(crate) const fn clock_of(&self) -> &Clock {
        &self.clock
    }

    pub(crate) fn deadline_of(&self) -> Option<Deadline> {
        self.deadline.map(|at| Deadline::new(at, self.clock.clone()))
    }

    /// By when all must be done.
    pub(crate) const fn until(&self) -> Option<Timestamp> {
        self.deadline
    }

    /// The same without a deadline, for what is asked of one who keeps it.
    pub(crate) fn unbounded(self) -> Self {
        Self { deadline: None, ..self }
    }

    pub(super) fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// What is written into columns with a role.
    pub(super) fn stamps(&self, version: Version) -> Stamps {
        let (at, fresh) = (self.clock.now(), self.clock.uuid());
        let actor = self.actor.as_ref().map(|actor| ActorId::new(actor.id()));
        Stamps { at, actor, tenant: self.tenant_of(), version, fresh }
    }

    /// The part of every condition that keeps to the tenant's rows; none where all are in reach.
    pub(super) fn part<E: Entity>(&self) -> Result<Option<Node>, Error> {
        let Some(place) = E::TABLE.place(Role::Tenant) else { return Ok(None) };
        match &self.tenants {
            TenantScope::One(tenant) => {
                let value = Value::Text(tenant.as_str().to_owned().into());
                Ok(Some(Node::Cmp { place, test: Test::Eq, value }))
            }
            TenantScope::All(_) => Ok(None),
            TenantScope::Nobody => Err(tenant_required(E::TABLE.entity())),
        }
    }

    /// The scope of the tenant whose entity it is; another tenant's is refused.
    pub(super) fn of_owner<E: Entity>(&self, entity: &E) -> Result<Self, Error> {
        let Some(place) = E::TABLE.place(Role::Tenant) else { return Ok(self.clone()) };
        let owner = TenantId::from_value(entity.value(place))?;
        match &self.tenants {
            TenantScope::Nobody => Err(tenant_required(E::TABLE.entity())),
            TenantScope::One(tenant) if *tenant != owner => {
                let message = "the entity belongs to another tenant; load it again in the scope of its own";
                let error = Error::new(ErrorKind::Invalid, "repository/cross_tenant_write", message);
                Err(error.with("entity", E::TABLE.entity()))
            }
            TenantScope::One(_) | TenantScope::All(_) => Ok(Self { tenants: TenantScope::One(owner), ..self.clone() }),
        }
    }
}

fn tenant_required(entity: &str) -> Error {
    let message = "rows of this entity belong to a tenant: name one in the scope";
    Error::new(ErrorKind::Invalid, "repository/tenant_required", message).with("entity", entity)
}
