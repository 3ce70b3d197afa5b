//! The rows of `bw_transition_audit`: written with the entity, as rows of its transaction.

use crate::{
    actor::ActorId,
    entity::{ColumnDef, ColumnType, Entity, Index, Role, RowReader, Stamps, Table, Unwritten, Value},
    error::Error,
    id::{MessageId, Uuid},
    tenant::TenantId,
    timestamp::Timestamp,
    version::Version,
};

/// A transition of an entity that was saved.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct TransitionAudit {
    /// The row's own; the id of the message, too, if the machine emits.
    pub id: MessageId,
    /// Whose entity it is.
    pub tenant: Option<TenantId>,
    /// The entity, in snake case: `order`.
    pub entity: String,
    /// Its id, as text.
    pub entity_id: String,
    /// The machine; empty for the one without a name.
    pub machine: String,
    /// The transition.
    pub transition: String,
    /// The stored name of the state that it left.
    pub from: String,
    /// The stored name of the state that it entered; of an internal transition the same.
    pub to: String,
    /// Who did it, if anybody is known.
    pub actor: Option<ActorId>,
    /// The conversation that it is part of.
    pub correlation: Option<MessageId>,
    /// Why, as the caller said.
    pub reason: Option<String>,
    /// When the entity was saved.
    pub at: Timestamp,
    /// The entity's version after that.
    pub version: Version,
    /// The place of the transition among those of this version, from 1.
    pub seq: i64,
}

/// The same as an entity, for us alone: whose rows are in reach is not said by a scope.
pub(super) struct Row(pub(super) TransitionAudit);

/// The places of the columns that are asked for.
pub(super) mod place {
    pub(in super::super) const TENANT: usize = 1;
    pub(in super::super) const ENTITY: usize = 2;
    pub(in super::super) const ENTITY_ID: usize = 3;
    pub(in super::super) const MACHINE: usize = 4;
    pub(in super::super) const TRANSITION: usize = 5;
    pub(in super::super) const ACTOR: usize = 8;
    pub(in super::super) const CORRELATION: usize = 9;
    pub(in super::super) const AT: usize = 11;
    pub(in super::super) const VERSION: usize = 12;
    pub(in super::super) const SEQ: usize = 13;
}

const COLUMNS: &[ColumnDef] = &[
    ColumnDef::of::<Uuid>("id").role(Role::Id),
    ColumnDef::of::<Option<TenantId>>("tenant").filter(),
    ColumnDef::of::<String>("entity_type").max(200).filter(),
    ColumnDef::of::<String>("entity_id").max(700).filter(),
    ColumnDef::of::<String>("machine").max(200).filter(),
    ColumnDef::of::<String>("transition").max(200).filter(),
    ColumnDef::of::<String>("from_state").max(700),
    ColumnDef::of::<String>("to_state").max(700),
    ColumnDef::of::<Option<ActorId>>("actor").filter(),
    ColumnDef::of::<Option<Uuid>>("correlation_id").filter(),
    ColumnDef::of::<Option<String>>("reason").max(4_000),
    ColumnDef::of::<Timestamp>("at").filter().sort(),
    ColumnDef::of::<Version>("version").sort(),
    ColumnDef::of::<i64>("seq").sort(),
];

const TABLE: Table = Table::new("TransitionAudit", "bw_transition_audit", COLUMNS)
    .indexes(&[Index { columns: &[(place::TENANT, false), (place::ENTITY, false), (place::ENTITY_ID, false)] }]);

impl Entity for Row {
    type Id = Uuid;
    type New = Unwritten<Self>;
    type Patch = Unwritten<Self>;
    const TABLE: &'static Table = &TABLE;

    fn create(new: Self::New, _: &Stamps) -> Result<Self, Error> {
        Ok(new.never())
    }

    fn read(row: &mut RowReader<'_>) -> Result<Self, Error> {
        Ok(Self(TransitionAudit {
            id: MessageId::from_uuid(row.take()?),
            tenant: row.take()?,
            entity: row.take()?,
            entity_id: row.take()?,
            machine: row.take()?,
            transition: row.take()?,
            from: row.take()?,
            to: row.take()?,
            actor: row.take()?,
            correlation: row.take::<Option<Uuid>>()?.map(MessageId::from_uuid),
            reason: row.take()?,
            at: row.take()?,
            version: row.take()?,
            seq: row.take()?,
        }))
    }

    fn id(&self) -> &Uuid {
        self.0.id.as_uuid()
    }

    fn value(&self, place: usize) -> Value<'_> {
        let row = &self.0;
        match place {
            0 => row.id.as_uuid().to_value(),
            place::TENANT => row.tenant.to_value(),
            place::ENTITY => row.entity.to_value(),
            place::ENTITY_ID => row.entity_id.to_value(),
            place::MACHINE => row.machine.to_value(),
            place::TRANSITION => row.transition.to_value(),
            6 => row.from.to_value(),
            7 => row.to.to_value(),
            place::ACTOR => row.actor.to_value(),
            place::CORRELATION => row.correlation.map(|id| *id.as_uuid()).to_value().into_owned(),
            10 => row.reason.to_value(),
            place::AT => row.at.to_value(),
            place::VERSION => row.version.to_value(),
            place::SEQ => row.seq.to_value(),
            _ => Value::Null(crate::entity::Kind::Text),
        }
    }

    fn stamp(&mut self, _: &Stamps) {}
}
