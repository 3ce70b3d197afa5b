//! What is left of a transition that was saved, and what of one that was not.

use std::time::Duration;

use bailiwick::{
    Clock, Error, TenantId, Version,
    actor::Actor,
    id::MessageId,
    repository::{Db, Page, Scope, SystemGrant, TenantScope},
    state_machine::TransitionError,
    unit_of_work::{Begin, Retry},
};

use super::depot::{Delivery, Parcel, ParcelPatch, depot, line, new, stored, trail};

pub async fn each_transition_that_is_saved_is_an_audit_row(db: &Db) {
    let correlation: MessageId = "0198c7a4-0000-7000-8000-000000000007".parse().unwrap();
    let clock = Clock::fixed_at("2026-01-01T00:00:00Z").unwrap();
    let scope = Scope::tenant("acme").unwrap().actor(&Actor::new("ada")).clock(clock).correlation(correlation);
    let depot = db.scoped(scope);
    let mut parcels = depot.repository::<Parcel>();
    let mut parcel = parcels.insert(new("a")).await.unwrap();
    parcel.cancel("found it elsewhere").unwrap();
    parcels.save(&mut parcel).await.unwrap();
    let rows = depot.audit().transitions().list(9).await.unwrap();
    let [row] = &*rows else { panic!("{rows:?}") };
    assert_eq!((&*row.entity, &*row.entity_id, &*row.machine), ("parcel", &*parcel.id.to_string(), ""));
    assert_eq!((&*row.transition, &*row.from, &*row.to), ("cancel", "pending", "cancelled"));
    assert_eq!(row.tenant, Some(TenantId::new("acme").unwrap()));
    assert_eq!(row.actor.as_ref().map(|actor| actor.as_str()), Some("ada"));
    assert_eq!((row.correlation, row.reason.as_deref()), (Some(correlation), Some("found it elsewhere")));
    assert_eq!((row.at, row.version, row.seq), ("2026-01-01T00:00:00Z".parse().unwrap(), Version::new(2), 1));
}

pub async fn an_internal_transition_leaves_a_row_and_changes_the_version_alone(db: &Db) {
    let depot = depot(db, "acme");
    let mut parcels = depot.repository::<Parcel>();
    let parcel = parcels.insert(new("a")).await.unwrap();
    let mut noted = parcel.clone();
    assert!(!parcels.save_changes(&parcel, &mut noted).await.unwrap());
    noted.annotate().unwrap();
    assert!(parcels.save_changes(&parcel, &mut noted).await.unwrap());
    assert_eq!(stored(&depot, &parcel).await.2, Version::new(2));
    assert_eq!(trail(&depot).await, [".annotate pending>pending 2.1"]);
}

pub async fn a_transition_that_came_before_what_is_compared_is_saved_with_its_state(db: &Db) {
    let depot = depot(db, "acme");
    let mut parcels = depot.repository::<Parcel>();
    let mut parcel = parcels.insert(new("a")).await.unwrap();
    parcel.pay(10).unwrap();
    let before = parcel.clone();
    assert!(parcels.save_changes(&before, &mut parcel).await.unwrap());
    assert_eq!(parcels.get(parcel.id).await.unwrap().delivery, Delivery::Paid, "what the audit says is stored");
    assert_eq!(trail(&depot).await, [".pay pending>paid 2.1"]);
}

pub async fn many_transitions_in_one_save_keep_their_order(db: &Db) {
    let depot = depot(db, "acme");
    let mut parcels = depot.repository::<Parcel>();
    let mut parcel = parcels.insert(new("a")).await.unwrap();
    for _ in 0..150 {
        parcel.annotate().unwrap();
    }
    parcel.pay(10).unwrap();
    parcels.save(&mut parcel).await.unwrap();
    parcel.annotate().unwrap();
    parcels.save(&mut parcel).await.unwrap();
    let rows = depot.audit().transitions().list(1_000).await.unwrap();
    assert!(rows[..151].iter().map(|row| row.seq).eq(1..=151));
    assert_eq!(
        (line(&rows[150]), line(&rows[151])),
        (".pay pending>paid 2.151".into(), ".annotate paid>paid 3.1".into())
    );
    assert_eq!(rows.len(), 152);
}

pub async fn what_is_rolled_back_leaves_no_trace(db: &Db) {
    let depot = depot(db, "acme");
    let parcel = depot.repository::<Parcel>().insert(new("a")).await.unwrap();
    let mut moved = parcel.clone();
    for drops in [false, true] {
        let mut unit = depot.begin(Begin::write()).await.unwrap();
        let mut inside = parcel.clone();
        inside.pay(10).unwrap();
        unit.repository::<Parcel>().save(&mut inside).await.unwrap();
        assert!(inside.log.is_empty());
        if drops {
            drop(unit);
        } else {
            unit.rollback().await.unwrap();
        }
        moved = inside;
    }
    assert_eq!(stored(&depot, &parcel).await.0, Delivery::Pending);
    // What is stale does not become true by being saved again.
    moved.ship().unwrap();
    assert!(depot.repository::<Parcel>().save(&mut moved).await.unwrap_err().is_conflict());
    assert!(trail(&depot).await.is_empty());
    assert_eq!(db.store().counts().await.unwrap().outbox, 0);
}

pub async fn a_savepoint_that_is_undone_takes_its_rows_along(db: &Db) {
    let depot = depot(db, "acme");
    let parcel = depot.repository::<Parcel>().insert(new("a")).await.unwrap();
    let done: Result<(), Error> = depot
        .in_tx(Retry::none(), async |unit| {
            let mut paid = unit.repository::<Parcel>().get(parcel.id).await?;
            paid.pay(10).unwrap();
            unit.repository::<Parcel>().save(&mut paid).await?;
            let undone: Result<(), Error> = unit
                .savepoint(async |inner| {
                    let mut shipped = inner.repository::<Parcel>().get(parcel.id).await?;
                    shipped.ship().unwrap();
                    inner.repository::<Parcel>().save(&mut shipped).await?;
                    Err(inner.repository::<Parcel>().get(new("none").id.unwrap()).await.unwrap_err())
                })
                .await?;
            assert!(undone.is_err());
            let kept: Result<(), Error> = unit
                .savepoint(async |inner| {
                    let mut noted = inner.repository::<Parcel>().get(parcel.id).await?;
                    noted.annotate().unwrap();
                    inner.repository::<Parcel>().save(&mut noted).await
                })
                .await?;
            kept
        })
        .await;
    done.unwrap();
    assert_eq!(trail(&depot).await, [".pay pending>paid 2.1", ".annotate paid>paid 3.1"]);
    assert_eq!(db.store().counts().await.unwrap().outbox, 2);
}

pub async fn the_loser_of_two_writers_writes_no_row(db: &Db) {
    let depot = depot(db, "acme");
    let mut parcels = depot.repository::<Parcel>();
    let parcel = parcels.insert(new("a")).await.unwrap();
    let (mut one, mut two) = (parcel.clone(), parcel.clone());
    one.pay(10).unwrap();
    two.pay(11).unwrap();
    parcels.save(&mut one).await.unwrap();
    for _ in 0..2 {
        let error = parcels.save(&mut two).await.unwrap_err();
        assert_eq!((error.code(), error.is_conflict()), ("repository/version_conflict", true));
    }
    assert!(parcels.save_many(&mut [one.clone(), two]).await.unwrap_err().is_conflict());
    let mut again = parcels.get(parcel.id).await.unwrap();
    assert!(matches!(again.pay(11), Err(TransitionError::Illegal(_))));
    parcels.save(&mut again).await.unwrap();
    assert_eq!(trail(&depot).await, [".pay pending>paid 2.1"]);
    assert_eq!(db.store().counts().await.unwrap().outbox, 1);
    assert_eq!(parcels.get(parcel.id).await.unwrap().paid, 10);
}

pub async fn a_refused_attempt_leaves_no_row(db: &Db) {
    let depot = depot(db, "acme");
    let mut parcels = depot.repository::<Parcel>();
    let mut parcel = parcels.insert(new("a")).await.unwrap();
    assert!(matches!(parcel.pay(9), Err(TransitionError::Guard(_))) && parcel.ship().is_err());
    assert!(parcel.log.is_empty());
    parcels.save(&mut parcel).await.unwrap();
    assert_eq!(stored(&depot, &parcel).await.0, Delivery::Pending);
    assert!(trail(&depot).await.is_empty());
}

pub async fn a_write_that_the_database_refuses_leaves_no_row(db: &Db) {
    let depot = depot(db, "acme");
    let mut parcels = depot.repository::<Parcel>();
    parcels.insert(new("a")).await.unwrap();
    let mut parcel = parcels.insert(new("bb")).await.unwrap();
    parcel.pay(10).unwrap();
    parcel.label = "a".into();
    assert_eq!(parcels.save(&mut parcel).await.unwrap_err().code(), "repository/duplicate");
    assert_eq!((parcel.log.len(), parcel.version), (1, Version::new(1)));
    assert!(trail(&depot).await.is_empty());
    parcel.label = "ccc".into();
    parcels.save(&mut parcel).await.unwrap();
    assert_eq!(trail(&depot).await, [".pay pending>paid 2.1"]);
    assert_eq!(db.store().counts().await.unwrap().outbox, 1);
}

pub async fn many_are_saved_with_the_rows_of_each(db: &Db) {
    let depot = depot(db, "acme");
    let mut parcels = depot.repository::<Parcel>();
    let labels = ["a", "bb", "ccc"];
    let mut many = parcels.insert_many(labels.map(new).into(), Default::default()).await.unwrap().stored;
    for parcel in &mut many {
        parcel.pay(10).unwrap();
        parcel.settle().unwrap();
    }
    parcels.save_many(&mut many).await.unwrap();
    assert_eq!(trail(&depot).await.len(), 6);
    assert!(many.iter().all(|parcel| parcel.log.is_empty()));
    let of_one = depot.audit().transitions().of_one::<Parcel>(&many[1].id).list(9).await.unwrap();
    assert_eq!(
        of_one.iter().map(line).collect::<Vec<_>>(),
        [".pay pending>paid 2.1", "billing.settle open>settled 2.2"]
    );
    for parcel in &mut many {
        parcel.ship().unwrap();
    }
    parcels.patch(many[2].id, bailiwick::repository::Expect::Any, ParcelPatch::new().paid(7)).await.unwrap();
    assert!(parcels.save_many(&mut many).await.unwrap_err().is_conflict());
    assert_eq!(trail(&depot).await.len(), 6);
    assert_eq!(db.store().counts().await.unwrap().outbox, 3);
}

pub async fn tenants_do_not_see_each_others_rows(db: &Db) {
    for tenant in ["acme", "other"] {
        let depot = depot(db, tenant);
        let mut parcel = depot.repository::<Parcel>().insert(NewParcelOf(tenant).parcel()).await.unwrap();
        parcel.pay(10).unwrap();
        depot.repository::<Parcel>().save(&mut parcel).await.unwrap();
    }
    for tenant in ["acme", "other"] {
        let seen = depot(db, tenant).audit().transitions().list(9).await.unwrap();
        assert_eq!(seen.len(), 1);
        assert_eq!(seen[0].tenant.as_ref().map(TenantId::as_str), Some(tenant));
        let elsewhere = depot(db, tenant).audit().tenant(Some(&TenantId::new("third").unwrap()));
        assert_eq!(elsewhere.transitions().list(9).await.unwrap(), seen, "a scope is not left");
    }
    assert!(depot(db, "ACME").audit().transitions().list(9).await.unwrap().is_empty());
    assert!(db.scoped(Scope::nobody()).audit().transitions().list(9).await.unwrap().is_empty());
    let all = db.scoped(Scope::of(TenantScope::All(SystemGrant::new("a test")))).audit();
    assert_eq!(all.transitions().list(9).await.unwrap().len(), 2);
    assert_eq!(db.audit().transitions().list(9).await.unwrap().len(), 2);
    let of_one = db.audit().tenant(Some(&TenantId::new("acme").unwrap())).transitions();
    assert_eq!(of_one.list(9).await.unwrap().len(), 1);
    assert!(db.audit().tenant(None).transitions().list(9).await.unwrap().is_empty());
}

struct NewParcelOf(&'static str);

impl NewParcelOf {
    fn parcel(&self) -> super::depot::NewParcel {
        new(&format!("of-{}", self.0))
    }
}

pub async fn rows_are_found_by_entity_machine_actor_and_time_and_read_in_pages(db: &Db) {
    let clock = Clock::fixed_at("2026-01-01T00:00:00Z").unwrap();
    let at = |text: &str| text.parse::<bailiwick::Timestamp>().unwrap();
    let by = |actor: &str| db.scoped(Scope::tenant("acme").unwrap().actor(&Actor::new(actor)).clock(clock.clone()));
    let (ada, bob) = (by("ada"), by("bob"));
    let mut one = ada.repository::<Parcel>().insert(new("a")).await.unwrap();
    let mut two = ada.repository::<Parcel>().insert(new("bb")).await.unwrap();
    one.pay(10).unwrap();
    ada.repository::<Parcel>().save(&mut one).await.unwrap();
    clock.advance(Duration::from_secs(60));
    two.pay(10).unwrap();
    two.settle().unwrap();
    bob.repository::<Parcel>().save(&mut two).await.unwrap();
    clock.advance(Duration::from_secs(60));
    one.ship().unwrap();
    bob.repository::<Parcel>().save(&mut one).await.unwrap();
    let all = || ada.audit().transitions();
    let lines = async |found: bailiwick::repository::Transitions| {
        found.list(9).await.unwrap().iter().map(|row| row.transition.clone()).collect::<Vec<_>>()
    };
    assert_eq!(lines(all()).await, ["pay", "pay", "settle", "ship"]);
    assert_eq!(lines(all().newest_first()).await, ["ship", "settle", "pay", "pay"]);
    assert_eq!(lines(all().of_one::<Parcel>(&one.id)).await, ["pay", "ship"]);
    assert_eq!(lines(all().of::<Parcel>().machine("billing")).await, ["settle"]);
    assert_eq!(lines(all().machine("")).await, ["pay", "pay", "ship"]);
    assert_eq!(lines(all().of::<super::depot::Lamp>()).await, [""; 0]);
    assert_eq!(lines(all().by("bob")).await, ["pay", "settle", "ship"]);
    assert_eq!(lines(all().by("BOB")).await, [""; 0]);
    assert_eq!(lines(all().named("pay").by("ada")).await, ["pay"]);
    assert_eq!(lines(all().since(at("2026-01-01T00:01:00Z"))).await, ["pay", "settle", "ship"]);
    let hour = all().since(at("2026-01-01T00:01:00Z")).until(at("2026-01-01T00:02:00Z"));
    assert_eq!(lines(hour).await, ["pay", "settle"]);
    let first = all().page(Page::first(3)).await.unwrap();
    assert_eq!((first.items.len(), first.prev.is_none()), (3, true));
    let second = all().page(Page::after(first.next.clone(), 3)).await.unwrap();
    assert_eq!((second.items[0].transition.as_str(), second.items.len(), second.next), ("ship", 1, None));
    let error = all().by("bob").page(Page::after(first.next, 3)).await.unwrap_err();
    assert_eq!(error.code(), "page/cursor");
}
