//! A depot: parcels with two machines, and lamps without a version.

use bailiwick::{
    Id, State, TenantId, TransitionLog, Uuid, Version,
    actor::{Actor, ActorId},
    entity::Entity,
    repository::{Db, Migrations, Scope, Scoped, TransitionAudit},
    specification::Spec,
    state_machine,
};

#[derive(Id)]
pub struct ParcelId(Uuid);

#[derive(State, Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Delivery {
    #[state(initial)]
    Pending,
    Paid,
    #[state(alias = "sent")]
    Shipped,
    #[state(terminal)]
    Delivered,
    #[state(terminal)]
    Cancelled,
    #[state(terminal, external)]
    Lost,
}

#[derive(State, Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Billing {
    #[state(initial)]
    Open,
    #[state(terminal)]
    Settled,
}

#[derive(Entity, Debug, Clone, PartialEq)]
#[entity(table = "parcel", unique(label))]
pub struct Parcel {
    #[id]
    pub id: ParcelId,
    #[tenant]
    pub tenant: TenantId,
    #[col(filter, sort, max = 40)]
    pub label: String,
    #[col(filter)]
    pub delivery: Delivery,
    pub billing: Billing,
    pub paid: i64,
    #[transitions(delivery, billing)]
    pub log: TransitionLog,
    #[version]
    pub version: Version,
    #[updated_by]
    pub updated_by: Option<ActorId>,
}

#[state_machine(states = Delivery, field = delivery, version = version, audit, emit)]
impl Parcel {
    #[transition(Pending if is_enough => Paid)]
    pub fn pay(&mut self, cents: i64) {
        self.paid = cents;
    }

    #[transition(Paid => Shipped)]
    pub fn ship(&mut self) {}

    #[transition(Pending | Paid => Cancelled)]
    pub fn cancel(&mut self, #[reason] reason: &str) {}

    #[transition(Shipped => Delivered)]
    pub fn deliver(&mut self) {}

    #[transition(_ => _)]
    pub fn annotate(&mut self) {}

    fn is_enough(&self, cents: &i64) -> bool {
        *cents >= 10
    }
}

#[state_machine(states = Billing, field = billing, name = billing, version = version, audit)]
impl Parcel {
    #[transition(Open => Settled)]
    pub fn settle(&mut self) {}
}

#[derive(State, Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[state(cyclic)]
pub enum Light {
    #[state(initial, alias = "dark")]
    Off,
    On,
}

#[derive(Entity, Debug, Clone, PartialEq)]
#[entity(table = "lamp")]
pub struct Lamp {
    #[id]
    pub id: i64,
    pub light: Light,
    #[transitions(light)]
    pub log: TransitionLog,
}

#[state_machine(states = Light, field = light, log)]
impl Lamp {
    #[transition(Off => On)]
    pub fn kindle(&mut self) {}

    #[transition(On => Off)]
    pub fn quench(&mut self) {}
}

/// The same table, as somebody else writes it.
#[derive(Entity, Debug, Clone, PartialEq)]
#[entity(table = "lamp")]
pub struct Text {
    #[id]
    pub id: i64,
    #[col(max = 20)]
    pub light: String,
}

pub fn tables() -> Migrations {
    Migrations::new().ddl::<Parcel>("0100_parcel").ddl::<Lamp>("0101_lamp")
}

pub fn depot(db: &Db, tenant: &str) -> Scoped {
    db.scoped(Scope::tenant(tenant).unwrap().actor(&Actor::new("ada")))
}

pub fn new(label: &str) -> NewParcel {
    let id = Some(ParcelId::from(Uuid::from_u128(u128::from_be_bytes([0x17; 16]) ^ label.len() as u128 ^ hash(label))));
    NewParcel { id, label: label.into(), delivery: Delivery::Pending, billing: Billing::Open, paid: 0 }
}

/// An id that depends on the label alone.
fn hash(label: &str) -> u128 {
    label.bytes().fold(7, |sum, byte| (sum * 131 + u128::from(byte)) % (1 << 60))
}

/// What is stored of a parcel.
pub async fn stored(depot: &Scoped, parcel: &Parcel) -> (Delivery, Billing, Version) {
    let found = depot.repository::<Parcel>().get(parcel.id).await.unwrap();
    (found.delivery, found.billing, found.version)
}

/// The audit rows that the scope reaches, as `machine transition from to version seq`.
pub async fn trail(depot: &Scoped) -> Vec<String> {
    depot.audit().transitions().list(1_000).await.unwrap().iter().map(line).collect()
}

pub fn line(row: &TransitionAudit) -> String {
    format!("{}.{} {}>{} {}.{}", row.machine, row.transition, row.from, row.to, row.version, row.seq)
}

pub async fn parcels(depot: &Scoped) -> usize {
    depot.repository::<Parcel>().find(Spec::all()).list().await.unwrap().len()
}
