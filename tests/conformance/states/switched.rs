//! A program that kept events is followed by one that keeps states, or runs beside it.

use std::sync::Arc;

use bailiwick::{
    App, Error, SendError, TenantId, Version,
    aggregate::Aggregate,
    archive::{self, Options},
    envelope::Metadata,
    mediator::Request,
};
use tokio::{sync::Barrier, task::JoinSet};

use super::{
    Bed,
    model::{CartEvent, Later, Put, entity, events},
};

pub(super) async fn an_aggregate_with_events_is_not_taken_for_a_new_one(bed: &Bed) {
    bed.events().await.send(events::open("c")).await.unwrap();
    let app = bed.entity().await;
    let error = app.load::<entity::Cart>("c").await.unwrap_err();
    assert_eq!(error.code(), "state/not_adopted");
    assert!(error.to_string().contains("App::adopt"), "{error}");
    for answer in [app.send(entity::open("c")).await, app.send(entity::fill("c", 1)).await] {
        assert!(matches!(answer, Err(SendError::Runtime(error)) if error.code() == "state/not_adopted"));
    }
    assert_eq!(app.states::<entity::Cart>().ids(None, 9).await.unwrap(), Vec::<String>::new());
}

pub(super) async fn an_adopted_aggregate_goes_on_where_its_events_end(bed: &Bed) {
    let old = bed.events().await;
    old.send(events::open("c")).await.unwrap();
    for items in 1..=3 {
        old.send(events::fill("c", items)).await.unwrap();
    }
    let app = bed.entity().await;
    assert!(app.adopt::<entity::Cart>("c").await.unwrap());
    assert!(!app.adopt::<entity::Cart>("c").await.unwrap());
    app.send(entity::fill("c", 10)).await.unwrap();
    let cart = app.load::<entity::Cart>("c").await.unwrap();
    assert_eq!((cart.items, &*cart.owner, cart.version()), (16, "c", Version::new(5)));
    assert!(app.states::<entity::Cart>().remove("c").await.unwrap());
    assert!(app.load::<entity::Cart>("c").await.unwrap_err().is_not_found(), "the events are not folded again");
    assert!(!app.adopt::<entity::Cart>("c").await.unwrap());
    app.send(entity::open("c")).await.unwrap();
}

pub(super) async fn of_two_who_adopt_one_does(bed: &Bed) {
    bed.events().await.send(events::open("c")).await.unwrap();
    let mut all = JoinSet::new();
    for _ in 0..4 {
        let app = bed.entity().await;
        all.spawn(async move { app.adopt::<entity::Cart>("c").await.unwrap() });
    }
    let won = all.join_all().await.into_iter().filter(|won| *won).count();
    assert_eq!(won, 1);
    assert_eq!(bed.store.counts().await.unwrap().events, 2);
}

pub(super) async fn all_are_adopted_of_all_tenants(bed: &Bed) {
    let old = bed.events().await;
    let acme = || Request::new().tenant(TenantId::new("acme").unwrap());
    for id in ["a", "b"] {
        old.send(events::open(id)).await.unwrap();
        old.dispatch(acme()).send(events::open(id)).await.unwrap();
        old.send(events::fill(id, 2)).await.unwrap();
    }
    let app = bed.entity().await;
    app.send(entity::open("new")).await.unwrap();
    assert!(app.adopt::<entity::Cart>("a").await.unwrap());
    for left in [3, 0] {
        let all = app.adopt_all::<entity::Cart>().await.unwrap();
        assert_eq!((all.adopted, all.failed.len()), (left, 0));
    }
    assert_eq!(app.load::<entity::Cart>("b").await.unwrap().items, 2);
    assert_eq!(app.dispatch(acme()).load::<entity::Cart>("b").await.unwrap().items, 0);
}

pub(super) async fn who_writes_events_during_an_adoption_loses_none(bed: &Bed) {
    let old = bed.events().await;
    old.send(events::open("c")).await.unwrap();
    let writer = tokio::spawn(async move {
        let mut written = 0;
        loop {
            match old.send(events::fill("c", 1)).await {
                Ok(()) => written += 1,
                Err(SendError::Runtime(error)) if error.code() == "state/stored" => return written,
                Err(SendError::Runtime(error)) if error.is_conflict() => {}
                Err(error) => panic!("{error:?}"),
            }
        }
    });
    let app = bed.entity().await;
    loop {
        match app.adopt::<entity::Cart>("c").await {
            Ok(adopted) => break assert!(adopted),
            Err(error) => assert!(error.is_conflict(), "{error}"),
        }
    }
    let written = writer.await.unwrap();
    assert_eq!(app.load::<entity::Cart>("c").await.unwrap().items, written);
}

pub(super) async fn a_program_that_reads_events_is_refused(bed: &Bed) {
    let app = bed.entity().await;
    app.send(entity::open("new")).await.unwrap();
    let old = bed.events().await;
    old.send(events::open("old")).await.unwrap();
    app.adopt::<entity::Cart>("old").await.unwrap();
    for id in ["new", "old"] {
        assert_eq!(old.load::<events::Cart>(id).await.unwrap_err().code(), "state/stored");
        for answer in [old.send(events::open(id)).await, old.send(events::fill(id, 1)).await] {
            assert!(matches!(answer, Err(SendError::Runtime(error)) if error.code() == "state/stored"));
        }
    }
    assert_eq!(old.load_at::<events::Cart>("old", Version::new(1)).await.unwrap().owner, "old", "its past stays");
}

pub(super) async fn one_id_is_created_as_events_or_as_a_state(bed: &Bed) {
    let (app, old) = (bed.entity().await, bed.events().await);
    for first in ["events", "state"] {
        let mut events = old.mediator().units().begin(Metadata::default());
        let mut state = app.mediator().units().begin(Metadata::default());
        let opened = || CartEvent::Opened { owner: first.into() };
        let mut one = events.load::<events::Cart>(first).await.unwrap();
        let mut other = state.load::<entity::Cart>(first).await.unwrap();
        one.raise(opened());
        other.raise(opened());
        events.save(&mut one).unwrap();
        state.save(&mut other).unwrap();
        let (first, second) = if first == "events" { (events, state) } else { (state, events) };
        first.commit().await.unwrap();
        assert!(second.commit().await.unwrap_err().is_conflict());
    }
    assert_eq!(app.load::<entity::Cart>("events").await.unwrap_err().code(), "state/not_adopted");
    assert_eq!(old.load::<events::Cart>("state").await.unwrap_err().code(), "state/stored");
}

/// Begins the aggregate of a program, waits for the others, and commits.
async fn open_together<A: Aggregate<Id = String, Event = CartEvent>>(
    app: App,
    id: String,
    ready: Arc<Barrier>,
) -> Option<Error> {
    let mut unit = app.mediator().units().begin(Metadata::default());
    let mut cart = unit.load::<A>(&*id).await.unwrap();
    cart.raise(CartEvent::Opened { owner: id });
    unit.save(&mut cart).unwrap();
    ready.wait().await;
    unit.commit().await.err()
}

pub(super) async fn of_many_who_create_one_id_at_once_one_does(bed: &Bed) {
    let (app, old) = (bed.entity().await, bed.events().await);
    for round in 0..8 {
        let (id, ready, mut all) = (format!("c-{round}"), Arc::new(Barrier::new(6)), JoinSet::new());
        for _ in 0..3 {
            all.spawn(open_together::<entity::Cart>(app.clone(), id.clone(), Arc::clone(&ready)));
            all.spawn(open_together::<events::Cart>(old.clone(), id.clone(), Arc::clone(&ready)));
        }
        let refused: Vec<_> = all.join_all().await.into_iter().flatten().collect();
        assert_eq!(refused.len(), 5, "{refused:?}");
        assert!(refused.iter().all(Error::is_conflict), "{refused:?}");
        let (state, events) = (app.load::<entity::Cart>(&*id).await, old.load::<events::Cart>(&*id).await);
        assert!(state.is_ok() != events.is_ok(), "{state:?} {events:?}");
    }
}

pub(super) async fn a_later_program_makes_new_states_of_old_ones_and_of_events(bed: &Bed) {
    let (events, old) = (bed.events().await, bed.entity().await);
    for id in ["loaded", "kept"] {
        old.send(entity::open(id)).await.unwrap();
        old.send(entity::fill(id, 3)).await.unwrap();
    }
    events.send(events::open("adopted")).await.unwrap();
    events.send(events::fill("adopted", 4)).await.unwrap();
    let new = App::builder().any_store(bed.store.clone()).aggregate::<Later>().build().await.unwrap();
    assert!(new.adopt::<Later>("adopted").await.unwrap());
    let of = async |id: &str| {
        let cart = new.load::<Later>(id).await.unwrap();
        (cart.owner.clone(), cart.pieces, cart.version().get())
    };
    assert_eq!(of("adopted").await, ("adopted".into(), 4, 2), "made of events, and of no older state");
    assert_eq!(old.load::<entity::Cart>("loaded").await.unwrap().items, 3, "a look of the new program changes nothing");
    for id in ["loaded", "adopted"] {
        new.send(Put { cart: id.into(), pieces: 10 }).await.unwrap();
    }
    for id in ["loaded", "adopted"] {
        let error = old.load::<entity::Cart>(id).await.unwrap_err();
        assert_eq!((error.code(), error.field("schema"), error.field("known")), ("state/ahead", Some("2"), Some("1")));
        let refused = old.send(entity::fill(id, 100)).await;
        assert!(matches!(refused, Err(SendError::Runtime(error)) if error.code() == "state/ahead"));
    }
    old.send(entity::fill("kept", 1)).await.unwrap();
    assert_eq!(of("loaded").await, ("loaded of old".into(), 13, 3));
    assert_eq!(of("adopted").await, ("adopted".into(), 14, 3));
    assert_eq!(
        of("kept").await,
        ("kept of old".into(), 4, 3),
        "what the old program goes on with is read by the new one"
    );
}

pub(super) async fn a_first_commit_that_fails_locks_nothing(bed: &Bed) {
    let app = bed.entity().await;
    let mut unit = app.mediator().units().begin(Metadata::default());
    let mut cart = unit.load::<entity::Cart>("c").await.unwrap();
    cart.raise(CartEvent::Opened { owner: "c".into() });
    unit.save(&mut cart).unwrap();
    unit.transaction().staged_mut().fences.push(bailiwick::store::Fence { resource: "gone".into(), fence: 7 });
    assert_eq!(unit.commit().await.unwrap_err().code(), "lease/lost");
    bed.events().await.send(events::open("c")).await.unwrap();
}

pub(super) async fn an_archive_carries_states(bed: &Bed) {
    let old = bed.events().await;
    old.send(events::open("old")).await.unwrap();
    old.send(events::fill("old", 2)).await.unwrap();
    let app = bed.entity().await;
    app.adopt::<entity::Cart>("old").await.unwrap();
    app.send(entity::fill("old", 3)).await.unwrap();
    let acme = || Request::new().tenant(TenantId::new("acme").unwrap());
    app.dispatch(acme()).send(entity::open("new")).await.unwrap();
    app.send(entity::open("gone")).await.unwrap();
    app.states::<entity::Cart>().remove("gone").await.unwrap();
    let mut file = Vec::new();
    let exported = archive::export(&bed.store, &mut file, Options::new()).await.unwrap();
    assert_eq!((exported.events, exported.states), (5, 3));

    let copy = Bed::memory().await.unwrap();
    let alone = Options::new().tenant(Some(TenantId::new("acme").unwrap()));
    archive::import(&copy.store, &file[..], alone).await.unwrap();
    let there = copy.entity().await;
    assert_eq!(there.dispatch(acme()).load::<entity::Cart>("new").await.unwrap().owner, "new");
    assert!(there.load::<entity::Cart>("old").await.unwrap_err().is_not_found(), "of another tenant");
    for again in 0..2 {
        let imported = archive::import(&copy.store, &file[..], Options::new().batch(1)).await.unwrap();
        assert_eq!((imported.lines, imported.states, imported.digest), (5, 3, exported.digest));
        let cart = there.load::<entity::Cart>("old").await.unwrap();
        assert_eq!((cart.items, cart.version().get()), (5 + again, 3 + u64::from(again)), "a later one stays");
        there.send(entity::fill("old", 1)).await.unwrap();
        assert!(there.load::<entity::Cart>("gone").await.unwrap_err().is_not_found());
    }
    assert_eq!(copy.events().await.load::<events::Cart>("old").await.unwrap_err().code(), "state/stored");

    let other = Bed::memory().await.unwrap();
    archive::import(&other.store, &file[..], Options::new()).await.unwrap();
    app.send(entity::fill("old", 7)).await.unwrap();
    other.entity().await.send(entity::fill("old", 8)).await.unwrap();
    let mut later = Vec::new();
    archive::export(&bed.store, &mut later, Options::new()).await.unwrap();
    let error = archive::import(&other.store, &later[..], Options::new()).await.unwrap_err();
    assert_eq!(
        (error.code(), other.entity().await.load::<entity::Cart>("old").await.unwrap().items),
        ("archive/different", 13)
    );
    let text = String::from_utf8(file).unwrap();
    for (what, code) in [(text.replace("\"items\":5", "\"items\":6"), "archive/line"), (cut(&text), "archive/digest")] {
        let empty = Bed::memory().await.unwrap();
        assert_eq!(archive::import(&empty.store, what.as_bytes(), Options::new()).await.unwrap_err().code(), code);
    }
}

/// The file without its first line of a state.
fn cut(text: &str) -> String {
    let mut lines: Vec<&str> = text.lines().collect();
    let at = lines.iter().position(|line| line.starts_with("{\"state\"")).unwrap();
    lines.remove(at);
    lines.join("\n") + "\n"
}
