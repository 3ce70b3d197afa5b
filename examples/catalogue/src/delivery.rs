//! What becomes of a parcel: a state machine that is kept as a row.

use bailiwick::{Id, State, TenantId, TransitionLog, Uuid, Version, entity::Entity, repository::Sql, state_machine};

use crate::product::Product;

#[derive(Id)]
pub(crate) struct ParcelId(Uuid);

#[derive(State, Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Delivery {
    #[state(initial)]
    Packed,
    Sent,
    #[state(terminal)]
    Delivered,
    #[state(terminal)]
    Lost,
}

/// A parcel with one product. Its state is saved only where its transitions have led.
#[derive(Entity, Debug)]
#[entity(table = "parcel", unique(label))]
pub(crate) struct Parcel {
    #[id]
    pub(crate) id: ParcelId,
    #[tenant]
    pub(crate) tenant: TenantId,
    #[col(filter, sort, max = 16)]
    pub(crate) label: String,
    #[col(filter, sort, max = 16)]
    pub(crate) product: String,
    #[col(filter, sort)]
    pub(crate) pieces: i64,
    pub(crate) delivery: Delivery,
    #[transitions(delivery)]
    log: TransitionLog,
    #[version]
    pub(crate) version: Version,
}

#[state_machine(states = Delivery, field = delivery, version = version, audit)]
impl Parcel {
    #[transition(Packed => Sent)]
    pub(crate) fn send(&mut self) {}

    #[transition(Sent => Delivered)]
    pub(crate) fn deliver(&mut self) {}

    #[transition(Sent => Lost)]
    pub(crate) fn lose(&mut self, #[reason] reason: &str) {}
}

pub(crate) fn parcel(label: &str, product: &str, pieces: i64) -> NewParcel {
    NewParcel { id: None, label: label.into(), product: product.into(), pieces, delivery: Delivery::Packed }
}

/// The products that parcels with these labels contain, each once: what a specification does not say, a statement by hand does. Without
/// `:tenant` it would not compile.
pub(crate) const PACKED_IN: Sql<Product> = Sql::new(
    "SELECT {p.columns} FROM {table} AS p WHERE p.tenant = :tenant AND p.deleted_at IS NULL AND EXISTS \
     (SELECT 1 FROM parcel WHERE parcel.tenant = p.tenant AND parcel.product = p.number AND parcel.label IN (:labels)) \
     ORDER BY p.number",
);

/// Takes what was sent out of the stock, in one statement for all products.
pub(crate) const TAKE_OUT: Sql<Product> = Sql::new(
    "UPDATE {table} SET stock = stock - :pieces, version = version + 1 WHERE tenant = :tenant AND number IN (:numbers) \
     AND stock >= :pieces",
);
