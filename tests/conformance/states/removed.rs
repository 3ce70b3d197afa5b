//! A state that was removed, and what is created after it.

use bailiwick::{
    ErrorKind, SendError, Version,
    archive::{self, Finding, Options},
    envelope::Metadata,
    store::{Commit, ModelChange, ModelKey, ModelWrite},
};

use super::{
    Bed,
    model::{
        CartEvent,
        entity::{Cart, fill, open},
    },
};

fn opened(owner: &str) -> CartEvent {
    CartEvent::Opened { owner: owner.into() }
}

pub(super) async fn who_decided_on_a_removed_state_does_not_replace_the_next_one(bed: &Bed) {
    let app = bed.entity().await;
    app.send(open("c")).await.unwrap();
    let mut late = app.mediator().units().begin(Metadata::default());
    let mut one = late.load::<Cart>("c").await.unwrap();
    one.raise(CartEvent::Filled { items: 1 });
    late.save(&mut one).unwrap();

    assert!(app.states::<Cart>().remove("c").await.unwrap());
    let mut unit = app.mediator().units().begin(Metadata::default());
    let mut next = unit.load::<Cart>("c").await.unwrap();
    assert_eq!(next.version(), Version::NONE);
    next.raise(opened("another"));
    unit.save(&mut next).unwrap();
    unit.commit().await.unwrap();

    let error = late.commit().await.unwrap_err();
    assert_eq!((error.code(), error.kind()), ("store/conflict", ErrorKind::Conflict));
    assert_eq!((error.field("life"), error.field("actual_life")), (Some("0"), Some("1")));
    let cart = app.load::<Cart>("c").await.unwrap();
    assert_eq!((&*cart.owner, cart.items, cart.version()), ("another", 0, Version::new(1)));
    app.send(fill("c", 2)).await.unwrap();
    assert_eq!(app.load::<Cart>("c").await.unwrap().items, 2);
}

pub(super) async fn who_decided_on_a_removed_state_does_not_bring_it_back(bed: &Bed) {
    let app = bed.entity().await;
    app.send(open("c")).await.unwrap();
    let mut late = app.mediator().units().begin(Metadata::default());
    let mut one = late.load::<Cart>("c").await.unwrap();
    one.raise(CartEvent::Filled { items: 1 });
    late.save(&mut one).unwrap();
    assert!(app.states::<Cart>().remove("c").await.unwrap());
    assert!(late.commit().await.unwrap_err().is_conflict());
    assert!(app.load::<Cart>("c").await.unwrap_err().is_not_found());
}

pub(super) async fn of_two_who_create_a_removed_state_again_one_does(bed: &Bed) {
    let app = bed.entity().await;
    for life in 0..3 {
        app.send(open("c")).await.unwrap();
        app.send(fill("c", 9)).await.unwrap();
        assert!(app.states::<Cart>().remove("c").await.unwrap(), "life {life}");
        let (one, other) = tokio::join!(app.send(open("c")), app.send(open("c")));
        let refused = if one.is_ok() { other } else { one };
        assert!(
            matches!(&refused, Err(SendError::Runtime(error)) if error.is_conflict() || error.code() == "aggregate/exists"),
            "{refused:?}"
        );
        let cart = app.load::<Cart>("c").await.unwrap();
        assert_eq!((cart.items, cart.version()), (0, Version::new(1)));
        assert!(app.states::<Cart>().remove("c").await.unwrap());
    }
    assert_eq!(bed.store.counts().await.unwrap().events, 1, "one note for all lives");
}

pub(super) async fn removed_states_fill_no_page(bed: &Bed) {
    let app = bed.entity().await;
    let states = app.states::<Cart>();
    for id in ["a", "b", "c", "d", "e", "f"] {
        app.send(open(id)).await.unwrap();
    }
    for id in ["a", "b", "c", "e"] {
        assert!(states.remove(id).await.unwrap());
    }
    assert_eq!(states.ids(None, 1).await.unwrap(), ["d"]);
    assert_eq!(states.ids(Some("d"), 1).await.unwrap(), ["f"]);
    assert_eq!(states.ids(None, 9).await.unwrap(), ["d", "f"]);
    assert_eq!(states.ids(None, 0).await.unwrap(), Vec::<String>::new());
}

pub(super) async fn an_archive_carries_what_was_removed(bed: &Bed) {
    let app = bed.entity().await;
    app.send(open("gone")).await.unwrap();
    app.send(open("again")).await.unwrap();
    app.send(fill("again", 5)).await.unwrap();
    let copy = Bed::memory().await.unwrap();
    bring(bed, &copy).await;
    assert_eq!(copy.entity().await.load::<Cart>("again").await.unwrap().items, 5);

    let states = app.states::<Cart>();
    assert!(states.remove("gone").await.unwrap() && states.remove("again").await.unwrap());
    app.send(open("again")).await.unwrap();
    bring(bed, &copy).await;
    let there = copy.entity().await;
    assert!(there.load::<Cart>("gone").await.unwrap_err().is_not_found());
    let again = there.load::<Cart>("again").await.unwrap();
    assert_eq!((again.items, again.version()), (0, Version::new(1)), "the one that was created last");
    assert_eq!(there.states::<Cart>().ids(None, 9).await.unwrap(), ["again"]);
}

async fn bring(from: &Bed, to: &Bed) {
    let mut file = Vec::new();
    archive::export(&from.store, &mut file, Options::new()).await.unwrap();
    archive::import(&to.store, &file[..], Options::new()).await.unwrap();
}

pub(super) async fn an_import_that_was_cut_before_a_state_is_told_and_repeated(bed: &Bed) {
    let source = Bed::memory().await.unwrap();
    let app = source.entity().await;
    app.send(open("c")).await.unwrap();
    app.send(fill("c", 3)).await.unwrap();
    let mut file = Vec::new();
    archive::export(&source.store, &mut file, Options::new()).await.unwrap();
    let text = String::from_utf8(file).unwrap();
    let cut: String = text.split_inclusive('\n').take_while(|line| !line.starts_with("{\"state\"")).collect();
    assert_eq!(
        archive::import(&bed.store, cut.as_bytes(), Options::new()).await.unwrap_err().code(),
        "archive/truncated"
    );
    let there = bed.entity().await;
    assert_eq!(there.load::<Cart>("c").await.unwrap_err().code(), "state/missing");
    let created = there.send(open("c")).await;
    assert!(matches!(created, Err(SendError::Runtime(error)) if error.code() == "state/missing"), "no second cart");
    archive::import(&bed.store, text.as_bytes(), Options::new()).await.unwrap();
    assert_eq!(there.load::<Cart>("c").await.unwrap().items, 3);
}

pub(super) async fn a_state_that_is_lost_can_be_given_up(bed: &Bed) {
    let app = bed.entity().await;
    app.send(open("c")).await.unwrap();
    change_row(bed, ModelChange::Delete).await;
    assert_eq!(app.load::<Cart>("c").await.unwrap_err().code(), "state/missing");
    assert!(app.states::<Cart>().remove("c").await.unwrap());
    assert!(!app.states::<Cart>().remove("c").await.unwrap());
    app.send(open("c")).await.unwrap();
}

pub(super) async fn an_archive_repairs_a_damaged_row(bed: &Bed) {
    let app = bed.entity().await;
    app.send(open("c")).await.unwrap();
    app.send(fill("c", 4)).await.unwrap();
    let mut file = Vec::new();
    archive::export(&bed.store, &mut file, Options::new()).await.unwrap();
    change_row(bed, ModelChange::Put(b"{}".to_vec())).await;
    assert_eq!(app.load::<Cart>("c").await.unwrap_err().code(), "state/unreadable");
    archive::import(&bed.store, &file[..], Options::new()).await.unwrap();
    assert_eq!(app.load::<Cart>("c").await.unwrap().items, 4);
}

pub(super) async fn a_check_of_the_store_tells_states_that_are_lost_or_damaged(bed: &Bed) {
    let app = bed.entity().await;
    app.send(open("c")).await.unwrap();
    for id in ["kept", "gone"] {
        app.send(open(id)).await.unwrap();
    }
    app.states::<Cart>().remove("gone").await.unwrap();
    let found = async || {
        let report = archive::verify(&bed.store, Options::new()).await.unwrap();
        let codes = report.findings.iter().map(|finding| match finding {
            Finding::State(position, error) => {
                (position.get(), error.code(), error.field("stream").unwrap().to_owned())
            }
            other => panic!("{other}"),
        });
        codes.collect::<Vec<_>>()
    };
    assert_eq!(found().await, []);
    for (change, code) in
        [(ModelChange::Put(b"{}".to_vec()), "state/unreadable"), (ModelChange::Delete, "state/missing")]
    {
        change_row(bed, change).await;
        assert_eq!(found().await, [(1, code, "cart/c".to_owned())]);
    }
    assert!(app.states::<Cart>().remove("c").await.unwrap());
    assert_eq!(found().await, [], "given up");
}

pub(super) async fn a_root_that_was_made_by_hand_keeps_what_is_known_of_the_stream(bed: &Bed) {
    let app = bed.entity().await;
    app.send(open("c")).await.unwrap();
    app.states::<Cart>().remove("c").await.unwrap();
    app.send(open("c")).await.unwrap();
    let row = || async { bed.store.model(place()).await.unwrap().unwrap().value };
    let marks = |row: Vec<u8>| {
        let row: serde_json::Value = serde_json::from_slice(&row).unwrap();
        [row["marked"].clone(), row["unlogged"].clone(), row["life"].clone()]
    };
    let before = marks(row().await);
    let mut unit = app.mediator().units().begin(Metadata::default());
    let state = Cart { owner: "hand".into(), items: 1 };
    let mut root = bailiwick::Root::<Cart>::restore("c".into(), state, Version::new(1));
    root.raise(CartEvent::Filled { items: 1 });
    unit.save(&mut root).unwrap();
    unit.commit().await.unwrap();
    assert_eq!(marks(row().await), before);
    assert_eq!(app.load::<Cart>("c").await.unwrap().items, 2);
}

/// Changes the row of the cart `c` behind the framework's back.
async fn change_row(bed: &Bed, change: ModelChange) {
    let row = ModelWrite { model: "bailiwick.states", key: "cart/c".into(), change };
    bed.store.commit(Commit { models: vec![row], ..Commit::default() }).await.unwrap();
}

fn place() -> ModelKey {
    ModelKey { tenant: None, model: "bailiwick.states", key: "cart/c".into(), generation: None }
}
