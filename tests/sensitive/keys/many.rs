//! Many subjects at once, and several tenants.

use std::sync::{Arc, Mutex};

use bailiwick::{
    App, BoxError, ReadModel, Recorded, TenantId, Transaction,
    envelope::Metadata,
    mediator::Request,
    projection,
    projection::{Follower, Rebuild},
    sensitive::MasterKey,
};

use super::toy::{Call, ToyKeys};
use crate::{
    everywhere,
    people::{Address, Person, PersonEvent, app, register, wired},
};

/// More than the keys that are read at a time.
const MANY: u32 = 300;

const STREETS: ReadModel<u32> = ReadModel::new("streets");

/// Counts the addresses that it can read.
struct Streets;

#[projection(name = "streets", version = 1)]
impl Streets {
    #[project]
    async fn any(&self, event: &Recorded<PersonEvent>, tx: &mut Transaction) -> Result<(), BoxError> {
        if let PersonEvent::Moved(_, address) = event.event() {
            let readable = u32::from(address.expose().is_ok());
            tx.update(STREETS, "all", move |all| *all += readable);
        }
        Ok(())
    }
}

/// One commit with an event of each of many subjects, in the stream of one of them.
async fn move_all(app: &App) {
    let mut unit = app.mediator().units().begin(Metadata::default());
    let mut person = unit.load::<Person>("s-0").await.unwrap();
    for number in 0..MANY {
        let address = Address { street: format!("street {number}"), number: 1 };
        person.raise(PersonEvent::Moved(format!("s-{number}"), address.into()));
    }
    unit.save(&mut person).unwrap();
    unit.commit().await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_commit_and_a_batch_may_have_many_subjects() {
    everywhere(async |url| {
        let app = app(url).await;
        move_all(&app).await;
        assert_eq!(app.load::<Person>("s-0").await.unwrap().moves, MANY);
        let follower = Follower::new(app.store().clone(), Streets);
        while follower.step().await.unwrap().events > 0 {}
        assert_eq!(app.read(STREETS).get("all").await.unwrap(), Some(MANY));
        for forgotten in ["s-7", "s-299"] {
            app.forget(forgotten).await.unwrap();
        }
        Rebuild::new(app.store().clone(), Streets).run().await.unwrap();
        assert_eq!(app.read(STREETS).get("all").await.unwrap(), Some(MANY - 2));
    })
    .await;
}

#[tokio::test]
async fn the_keys_of_a_batch_are_asked_for_at_once() {
    let calls: Arc<Mutex<Vec<Call>>> = Arc::default();
    let told = Arc::clone(&calls);
    let keys = ToyKeys::new(move |call| {
        told.lock().unwrap().push(call);
        Ok(())
    });
    let app = wired("memory:").key_store(keys).build().await.unwrap();
    move_all(&app).await;
    calls.lock().unwrap().clear();
    app.load::<Person>("s-0").await.unwrap();
    assert_eq!(*calls.lock().unwrap(), [Call::GetMany(MANY as usize)]);
    calls.lock().unwrap().clear();
    let follower = Follower::new(app.store().clone(), Streets);
    let mut batches = 0;
    while follower.step().await.unwrap().events > 0 {
        batches += 1;
    }
    assert_eq!(calls.lock().unwrap().len(), batches);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_tenant_is_rewrapped_for_itself() {
    everywhere(async |url| {
        let old = app(url).await;
        let tenants = [None, Some("a"), Some("b")];
        let of = |tenant: Option<&str>| {
            tenant.map_or_else(Request::new, |name| Request::new().tenant(TenantId::new(name).unwrap()))
        };
        for (tenant, people) in tenants.into_iter().zip([1, 2, 3]) {
            for person in 0..people {
                old.dispatch(of(tenant)).send(register(&format!("p-{person}"), "ada@example.org")).await.unwrap();
            }
        }
        old.dispatch(of(Some("b"))).forget("p-2").await.unwrap();
        let master = || MasterKey::new("2027", [27; 32]).unwrap();
        let both = wired(url).master_key(master().also("2026", [26; 32]).unwrap()).build().await.unwrap();
        let new = wired(url).master_key(master()).build().await.unwrap();
        let reads = async |tenant| new.dispatch(of(tenant)).load::<Person>("p-0").await.is_ok();
        for (done, tenant) in tenants.into_iter().enumerate() {
            assert!(!reads(tenant).await, "the others do not count for {tenant:?}");
            let wrapped = both.dispatch(of(tenant)).rewrap().await.unwrap();
            assert_eq!((wrapped, reads(tenant).await), ([1, 2, 2][done], true), "{tenant:?}");
        }
        for tenant in tenants {
            assert_eq!(both.dispatch(of(tenant)).rewrap().await.unwrap(), 0);
        }
        assert!(new.dispatch(of(Some("b"))).load::<Person>("p-2").await.unwrap().email.is_forgotten());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn more_keys_than_a_page_are_rewrapped() {
    everywhere(async |url| {
        let old = app(url).await;
        move_all(&old).await;
        let master = MasterKey::new("2027", [27; 32]).unwrap().also("2026", [26; 32]).unwrap();
        let both = wired(url).master_key(master).build().await.unwrap();
        assert_eq!((both.rewrap().await.unwrap(), both.rewrap().await.unwrap()), (u64::from(MANY), 0));
        assert_eq!(both.load::<Person>("s-0").await.unwrap().moves, MANY);
    })
    .await;
}
