//! A state is saved if declared transitions led to it, and otherwise nothing is.

use std::error::Error as _;

use bailiwick::{
    Error, TransitionLog, Version,
    repository::{Db, OnError, Undeclared, UndeclaredTransition},
};

use super::depot::{
    Billing, Delivery, Lamp, Light, NewLamp, NewParcel, NewText, Parcel, Text, depot, new, stored, trail,
};

/// What was missing.
fn why(error: &Error) -> Undeclared {
    assert!(!error.is_conflict() && !error.is_transient(), "{error:?}");
    error.source().and_then(|cause| cause.downcast_ref::<UndeclaredTransition>()).unwrap().why
}

pub async fn a_new_row_begins_in_the_initial_or_an_external_state(db: &Db) {
    let depot = depot(db, "acme");
    let mut parcels = depot.repository::<Parcel>();
    let paid = |label| NewParcel { delivery: Delivery::Paid, ..new(label) };
    let error = parcels.insert(paid("a")).await.unwrap_err();
    assert_eq!(error.code(), "parcel/undeclared_transition");
    assert_eq!(why(&error), Undeclared::Beginning { found: "paid" });
    let error = parcels.upsert(paid("a"), Parcel::unique_label()).await.unwrap_err();
    assert_eq!(error.code(), "parcel/undeclared_transition");
    let error = parcels.insert_many(vec![new("b"), paid("a")], OnError::Abort).await.unwrap_err();
    assert_eq!(error.code(), "parcel/undeclared_transition");
    let some = parcels.insert_many(vec![paid("a"), new("b")], OnError::Collect).await.unwrap();
    assert_eq!((some.stored.len(), some.failed[0].0), (1, 0));
    assert_eq!(some.failed[0].1.code(), "parcel/undeclared_transition");
    parcels.insert(NewParcel { delivery: Delivery::Lost, ..new("c") }).await.unwrap();
    assert_eq!(super::depot::parcels(&depot).await, 2);
}

pub async fn what_was_inserted_can_be_moved_and_saved(db: &Db) {
    let depot = depot(db, "acme");
    let mut parcels = depot.repository::<Parcel>();
    let mut one = parcels.insert(new("a")).await.unwrap();
    let many = parcels.insert_many(vec![new("bb"), new("ccc")], OnError::Abort).await.unwrap();
    let upserted = parcels.upsert(new("dddd"), Parcel::unique_label()).await.unwrap();
    let changed = parcels.upsert(new("dddd"), Parcel::unique_label()).await.unwrap();
    assert_ne!(upserted, changed);
    let mut others = many.stored;
    others.push(changed.into_entity());
    one.pay(10).unwrap();
    parcels.save(&mut one).await.unwrap();
    for parcel in &mut others {
        parcel.pay(10).unwrap();
        parcels.save(parcel).await.unwrap();
    }
    one.ship().unwrap();
    parcels.save(&mut one).await.unwrap();
    assert_eq!(stored(&depot, &one).await, (Delivery::Shipped, Billing::Open, Version::new(3)));
}

pub async fn a_state_that_was_written_by_hand_is_not_saved(db: &Db) {
    let depot = depot(db, "acme");
    let mut parcels = depot.repository::<Parcel>();
    let parcel = parcels.insert(new("a")).await.unwrap();
    let by_hand = || Parcel { delivery: Delivery::Delivered, ..parcel.clone() };
    let gap = Undeclared::Gap { from: "pending", to: "delivered" };
    let errors = [
        parcels.save(&mut by_hand()).await.unwrap_err(),
        parcels.save_changes(&parcel, &mut by_hand()).await.unwrap_err(),
        parcels.save_changes(&by_hand(), &mut by_hand()).await.unwrap_err(),
        parcels.save_many(&mut [parcel.clone(), by_hand()]).await.unwrap_err(),
    ];
    for error in errors {
        assert_eq!((error.code(), why(&error)), ("parcel/undeclared_transition", gap));
        assert_eq!(error.field("machine"), Some("Parcel"));
    }
    let mut back = parcel.clone();
    back.pay(10).unwrap();
    back.delivery = Delivery::Pending;
    assert_eq!(why(&parcels.save(&mut back).await.unwrap_err()), Undeclared::Gap { from: "paid", to: "pending" });
    let mut apart = parcel.clone();
    apart.delivery = Delivery::Paid;
    apart.ship().unwrap();
    assert_eq!(why(&parcels.save(&mut apart).await.unwrap_err()), Undeclared::Gap { from: "pending", to: "paid" });
    assert_eq!(stored(&depot, &parcel).await, (Delivery::Pending, Billing::Open, Version::new(1)));
    assert!(trail(&depot).await.is_empty());
    parcels.save(&mut parcel.clone()).await.unwrap();
}

pub async fn a_value_that_was_never_loaded_is_not_saved(db: &Db) {
    let depot = depot(db, "acme");
    let mut parcels = depot.repository::<Parcel>();
    let parcel = parcels.insert(new("a")).await.unwrap();
    let mut made = Parcel { log: TransitionLog::new(), ..parcel.clone() };
    assert_eq!(why(&parcels.save(&mut made).await.unwrap_err()), Undeclared::NotLoaded);
    made.pay(10).unwrap();
    assert_eq!(why(&parcels.save(&mut made).await.unwrap_err()), Undeclared::NotLoaded);
    assert_eq!(stored(&depot, &parcel).await.2, Version::new(1));
}

pub async fn two_machines_of_one_entity_are_proven_apart(db: &Db) {
    let depot = depot(db, "acme");
    let mut parcels = depot.repository::<Parcel>();
    let mut parcel = parcels.insert(new("a")).await.unwrap();
    parcel.pay(10).unwrap();
    parcel.settle().unwrap();
    parcel.ship().unwrap();
    parcels.save(&mut parcel).await.unwrap();
    assert_eq!(stored(&depot, &parcel).await, (Delivery::Shipped, Billing::Settled, Version::new(2)));
    let mut by_hand = Parcel { billing: Billing::Open, ..parcel.clone() };
    by_hand.deliver().unwrap();
    let error = parcels.save(&mut by_hand).await.unwrap_err();
    assert_eq!(error.field("machine"), Some("Parcel.billing"));
    assert_eq!(why(&error), Undeclared::Gap { from: "settled", to: "open" });
    assert_eq!(
        trail(&depot).await,
        [".pay pending>paid 2.1", "billing.settle open>settled 2.2", ".ship paid>shipped 2.3"]
    );
}

pub async fn a_log_is_no_part_of_the_value_and_a_clone_has_its_own(db: &Db) {
    let depot = depot(db, "acme");
    let mut parcels = depot.repository::<Parcel>();
    let parcel = parcels.insert(new("a")).await.unwrap();
    let mut moved = parcel.clone();
    moved.annotate().unwrap();
    assert_eq!(moved, parcel);
    assert_eq!((moved.log.len(), parcel.log.len()), (1, 0));
    parcels.save(&mut moved).await.unwrap();
    assert!(moved.log.is_empty());
}

pub async fn the_state_of_an_entity_without_a_version_is_its_lock(db: &Db) {
    let mut lamps = db.repository::<Lamp>();
    let mut lamp = lamps.insert(NewLamp { id: 1, light: Light::Off }).await.unwrap();
    let mut other = lamp.clone();
    lamp.kindle().unwrap();
    lamps.overwrite(&mut lamp).await.unwrap();
    lamps.overwrite(&mut lamp).await.unwrap();
    other.kindle().unwrap();
    let error = lamps.overwrite(&mut other).await.unwrap_err();
    assert_eq!((error.code(), error.is_conflict()), ("repository/state_conflict", true));
    let mut by_hand = Lamp { light: Light::Off, ..lamp.clone() };
    assert_eq!(lamps.overwrite(&mut by_hand).await.unwrap_err().code(), "lamp/undeclared_transition");
    assert_eq!(lamps.get(1).await.unwrap().light, Light::On);
    let mut gone = Lamp { id: 2, ..lamp.clone() };
    assert!(lamps.overwrite(&mut gone).await.unwrap_err().is_not_found());
    // A unit that was rolled back has left the value in a state that is not stored.
    let mut unit = db.begin(bailiwick::unit_of_work::Begin::write()).await.unwrap();
    lamp.quench().unwrap();
    unit.repository::<Lamp>().overwrite(&mut lamp).await.unwrap();
    unit.rollback().await.unwrap();
    assert_eq!(lamps.overwrite(&mut lamp).await.unwrap_err().code(), "repository/state_conflict");
    assert_eq!(lamps.get(1).await.unwrap().light, Light::On);
}

pub async fn an_older_name_is_read_and_the_newer_one_written(db: &Db) {
    db.repository::<Text>().insert(NewText { id: 1, light: "dark".into() }).await.unwrap();
    let mut lamps = db.repository::<Lamp>();
    let mut lamp = lamps.get(1).await.unwrap();
    assert_eq!(lamp.light, Light::Off);
    lamps.overwrite(&mut lamp).await.unwrap();
    assert_eq!(db.repository::<Text>().get(1).await.unwrap().light, "off");
}
