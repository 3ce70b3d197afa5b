//! One program that keeps states.

use bailiwick::{
    ErrorKind, Position, Root, SendError, TenantId, Version,
    envelope::{Metadata, StreamId},
    mediator::Request,
    store::Load,
    unit_of_work::Units,
};

use super::{
    Bed,
    model::{
        CartEvent, Renamed,
        entity::{Cart, fill, open},
    },
};

pub(super) async fn a_state_is_stored_and_its_events_are_not(bed: &Bed) {
    let app = bed.entity().await;
    assert_eq!(app.load::<Cart>("c").await.unwrap_err().code(), "aggregate/not_found");
    assert!(matches!(app.send(fill("c", 1)).await, Err(SendError::Runtime(error)) if error.is_not_found()));
    app.send(open("c")).await.unwrap();
    app.send(fill("c", 2)).await.unwrap();
    app.send(fill("c", 3)).await.unwrap();
    let cart = app.load::<Cart>("c").await.unwrap();
    assert_eq!((cart.items, cart.version()), (5, Version::new(3)));
    assert!(matches!(app.send(open("c")).await, Err(SendError::Runtime(error)) if error.code() == "aggregate/exists"));
    assert!(matches!(app.send(fill("c", 0)).await, Err(SendError::Rejected(_))));
    let log = bed.store.read(Position::START, 10).await.unwrap();
    let names: Vec<&str> = log.iter().map(|event| &*event.envelope.name).collect();
    assert_eq!(names, ["bailiwick.state_stored"], "the note alone");
    let again = bed.entity().await.load::<Cart>("c").await.unwrap();
    assert_eq!(again.state(), cart.state());
}

fn units(app: &bailiwick::App) -> Units {
    app.mediator().units().clone()
}

pub(super) async fn two_writers_of_one_state_are_told_of_the_conflict(bed: &Bed) {
    let app = bed.entity().await;
    app.send(open("c")).await.unwrap();
    let (mut first, mut second) = (units(&app).begin(Metadata::default()), units(&app).begin(Metadata::default()));
    let (mut one, mut other) = (first.load::<Cart>("c").await.unwrap(), second.load::<Cart>("c").await.unwrap());
    one.raise(CartEvent::Filled { items: 1 });
    other.raise(CartEvent::Filled { items: 10 });
    first.save(&mut one).unwrap();
    second.save(&mut other).unwrap();
    first.commit().await.unwrap();
    let error = second.commit().await.unwrap_err();
    assert_eq!((error.code(), error.kind()), ("store/conflict", ErrorKind::Conflict));
    assert_eq!((error.field("expected"), error.field("actual")), (Some("version 1"), Some("2")));
    assert_eq!(app.load::<Cart>("c").await.unwrap().items, 1);
}

pub(super) async fn two_who_create_one_state_are_told_of_the_conflict(bed: &Bed) {
    let app = bed.entity().await;
    let (mut first, mut second) = (units(&app).begin(Metadata::default()), units(&app).begin(Metadata::default()));
    let (mut one, mut other) = (first.load::<Cart>("c").await.unwrap(), second.load::<Cart>("c").await.unwrap());
    one.raise(CartEvent::Opened { owner: "one".into() });
    other.raise(CartEvent::Opened { owner: "other".into() });
    first.save(&mut one).unwrap();
    second.save(&mut other).unwrap();
    let (first, second) = tokio::join!(first.commit(), second.commit());
    let won = first.is_ok();
    let error = if won { second.unwrap_err() } else { first.unwrap_err() };
    assert!(error.is_conflict(), "{error}");
    let cart = app.load::<Cart>("c").await.unwrap();
    assert_eq!((&*cart.owner, cart.version()), (if won { "one" } else { "other" }, Version::new(1)));
}

pub(super) async fn commands_at_once_lose_no_update(bed: &Bed) {
    let (app, other) = (bed.entity().await, bed.entity().await);
    app.send(open("c")).await.unwrap();
    let mut all = tokio::task::JoinSet::new();
    for number in 0..24 {
        let app = if number % 2 == 0 { app.clone() } else { other.clone() };
        all.spawn(async move {
            loop {
                match app.send(fill("c", 1)).await {
                    Ok(()) => return,
                    Err(SendError::Runtime(error)) if error.is_conflict() || error.is_transient() => {}
                    Err(error) => panic!("{error:?}"),
                }
            }
        });
    }
    while let Some(done) = all.join_next().await {
        done.unwrap();
    }
    let cart = app.load::<Cart>("c").await.unwrap();
    assert_eq!((cart.items, cart.version()), (24, Version::new(25)));
}

pub(super) async fn states_are_listed_and_removed(bed: &Bed) {
    let app = bed.entity().await;
    let states = app.states::<Cart>();
    assert_eq!(states.ids(None, 10).await.unwrap(), Vec::<String>::new());
    for id in ["b", "a", "c/1", "c"] {
        app.send(open(id)).await.unwrap();
    }
    assert_eq!(states.ids(None, 10).await.unwrap(), ["a", "b", "c", "c/1"]);
    assert_eq!(states.ids(Some("a"), 2).await.unwrap(), ["b", "c"]);
    app.send(fill("b", 7)).await.unwrap();
    assert!(states.remove("b").await.unwrap());
    assert!(!states.remove("b").await.unwrap());
    assert_eq!(states.ids(None, 10).await.unwrap(), ["a", "c", "c/1"]);
    assert!(app.load::<Cart>("b").await.unwrap_err().is_not_found());
    app.send(open("b")).await.unwrap();
    let again = app.load::<Cart>("b").await.unwrap();
    assert_eq!((again.items, again.version()), (0, Version::new(1)));
    assert!(!app.adopt::<Cart>("a").await.unwrap(), "its state is there");
    assert!(app.adopt::<Cart>("never").await.unwrap_err().is_not_found());
}

pub(super) async fn a_tenant_has_states_of_its_own(bed: &Bed) {
    let app = bed.entity().await;
    let acme = TenantId::new("acme").unwrap();
    let of_acme = || app.dispatch(Request::new().tenant(acme.clone()));
    app.send(open("c")).await.unwrap();
    of_acme().send(open("c")).await.unwrap();
    of_acme().send(fill("c", 4)).await.unwrap();
    of_acme().send(open("only")).await.unwrap();
    assert_eq!(app.load::<Cart>("c").await.unwrap().items, 0);
    assert_eq!(of_acme().load::<Cart>("c").await.unwrap().items, 4);
    assert_eq!(app.states::<Cart>().ids(None, 9).await.unwrap(), ["c"]);
    assert_eq!(app.states_of::<Cart>(Some(acme.clone())).ids(None, 9).await.unwrap(), ["c", "only"]);
    assert!(app.states_of::<Cart>(Some(acme)).remove("c").await.unwrap());
    assert_eq!(app.load::<Cart>("c").await.unwrap().version(), Version::new(1));
}

pub(super) async fn a_unit_sees_what_it_saved_and_forgets_what_it_rolled_back(bed: &Bed) {
    let app = bed.entity().await;
    let mut unit = units(&app).begin(Metadata::default());
    let mut cart: Root<Cart> = unit.load("c").await.unwrap();
    cart.raise(CartEvent::Opened { owner: "c".into() });
    unit.save(&mut cart).unwrap();
    cart.raise(CartEvent::Filled { items: 1 });
    unit.save(&mut cart).unwrap();
    let part: Result<(), ()> = unit
        .savepoint(async |inner| {
            let mut lost: Root<Cart> = inner.load("c").await.unwrap();
            assert_eq!((lost.items, lost.version()), (1, Version::new(2)));
            lost.raise(CartEvent::Filled { items: 100 });
            inner.save(&mut lost).unwrap();
            Err(())
        })
        .await
        .unwrap();
    assert!(part.is_err());
    let mut kept: Root<Cart> = unit.load("c").await.unwrap();
    kept.raise(CartEvent::Filled { items: 2 });
    unit.save(&mut kept).unwrap();
    unit.commit().await.unwrap();
    let cart = app.load::<Cart>("c").await.unwrap();
    assert_eq!((cart.items, cart.version()), (3, Version::new(3)));

    let mut unit = units(&app).begin(Metadata::default());
    let mut stale: Root<Cart> = unit.load("c").await.unwrap();
    let lost = &mut stale;
    let part: Result<(), ()> = unit
        .savepoint(async move |inner| {
            lost.raise(CartEvent::Filled { items: 5 });
            inner.save(lost).unwrap();
            Err(())
        })
        .await
        .unwrap();
    assert!(part.is_err());
    stale.raise(CartEvent::Filled { items: 5 });
    unit.save(&mut stale).unwrap();
    assert!(unit.commit().await.unwrap_err().is_conflict(), "decided on what was rolled back");
}

pub(super) async fn a_state_that_does_not_fit_is_refused_and_stays(bed: &Bed) {
    let app = bed.entity().await;
    app.send(open("c")).await.unwrap();
    app.send(fill("c", 3)).await.unwrap();
    let error = app.load::<Renamed>("c").await.unwrap_err();
    assert_eq!((error.code(), error.field("lost")), ("state/outgrown", Some("items")));
    assert_eq!(app.load::<Cart>("c").await.unwrap().items, 3);
    let stream = StreamId::new("cart", "c").unwrap();
    assert_eq!(bed.store.load(Load::all(None, stream)).await.unwrap().events.len(), 1);
}

pub(super) async fn a_commit_dropped_at_any_poll_is_whole_or_nothing(bed: &Bed) {
    let app = bed.entity().await;
    for polls in 0..24 {
        let id = format!("c-{polls}");
        let opened = tests::drop_at::after_polls(polls, app.send(open(&id))).await;
        let filled = tests::drop_at::after_polls(polls, app.send(fill(&id, 3))).await;
        // What was dropped may still be under way: whoever writes now is ordered behind it, or meets it.
        let after = loop {
            match app.send(fill(&id, 10)).await {
                Ok(()) => break Some(app.load::<Cart>(id.as_str()).await.unwrap()),
                Err(SendError::Runtime(error)) if error.is_not_found() => break None,
                Err(SendError::Runtime(error)) if error.is_conflict() => {}
                Err(error) => panic!("{error:?}"),
            }
        };
        let items = after.as_ref().map(|cart| cart.items);
        assert!(matches!(items, None | Some(10 | 13)), "{items:?} after {polls} polls");
        assert!(items.is_some() || opened.is_none(), "what was answered is there");
        assert!(items == Some(13) || !matches!(filled, Some(Ok(()))), "what was answered is there");
        let version = after.map(|cart| (cart.version().get(), cart.items));
        assert!(matches!(version, None | Some((2, 10) | (3, 13))), "{version:?}: version and state are one");
    }
}
