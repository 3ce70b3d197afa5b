//! What stands beside a stored state: projections, subscribers, and what reads the log.

use std::sync::{Arc, Mutex};

use bailiwick::{
    App, ErrorKind,
    envelope::Envelope,
    projection::{Follower, Rebuild},
};

use super::{
    Bed,
    model::{
        Following, ITEMS, Inline,
        entity::{Cart, fill, open},
        events,
    },
};

pub(super) async fn what_an_event_reaches_it_reaches_in_the_same_commit(bed: &Bed) {
    let seen: Arc<Mutex<Vec<String>>> = Arc::default();
    let told = Arc::clone(&seen);
    let observer = move |envelope: &Envelope| told.lock().unwrap().push(envelope.name.to_string());
    let app = App::builder().any_store(bed.store.clone()).observer(Arc::new(observer)).projection(Inline);
    let app = app.aggregate::<Cart>().build().await.unwrap();
    app.send(open("c")).await.unwrap();
    app.send(fill("c", 2)).await.unwrap();
    app.send(fill("c", 3)).await.unwrap();
    assert_eq!(app.read(ITEMS).get("all").await.unwrap(), Some(5));
    assert_eq!(*seen.lock().unwrap(), ["cart.opened", "cart.filled", "cart.filled"], "and no note");
}

pub(super) async fn a_follower_stops_before_the_log_is_incomplete(bed: &Bed) {
    let old = bed.events().await;
    old.send(events::open("old")).await.unwrap();
    old.send(events::fill("old", 2)).await.unwrap();
    let app = bed.entity().await;
    app.adopt::<Cart>("old").await.unwrap();
    app.send(fill("old", 3)).await.unwrap();
    let follower = Follower::new(bed.store.clone(), Following);
    for _ in 0..2 {
        let error = follower.step().await.unwrap_err();
        assert_eq!((error.code(), error.kind()), ("projection/unlogged", ErrorKind::Config));
        assert_eq!((error.field("projection"), error.field("stream")), (Some("items_following"), Some("cart/old")));
    }
    assert_eq!(app.read(ITEMS).get("all").await.unwrap(), Some(2), "what came before it was taken");
    assert!(
        bed.store.checkpoint(follower.checkpoint().into()).await.unwrap().unwrap() < bed.store.head().await.unwrap()
    );
    let both = App::builder().any_store(bed.store.clone()).projection(Following).aggregate::<Cart>().build().await;
    let error = both.unwrap_err();
    assert!(error.to_string().contains("`items_following` follows the log for `cart.opened`"), "{error}");
}

pub(super) async fn a_rebuild_of_what_the_log_lacks_never_goes_live(bed: &Bed) {
    let app = App::builder().any_store(bed.store.clone()).projection(Inline).aggregate::<Cart>().build().await.unwrap();
    app.send(open("c")).await.unwrap();
    app.send(fill("c", 2)).await.unwrap();
    for _ in 0..2 {
        let error = Rebuild::new(bed.store.clone(), Inline).run().await.unwrap_err();
        assert_eq!(error.code(), "projection/unlogged");
    }
    assert_eq!(app.read(ITEMS).get("all").await.unwrap(), Some(2));
}

pub(super) async fn other_projections_pass_by(bed: &Bed) {
    bed.entity().await.send(open("c")).await.unwrap();
    let follower = Follower::new(bed.store.clone(), tests::bank::Later);
    assert_eq!(follower.step().await.unwrap().position, bed.store.head().await.unwrap());
    Rebuild::new(bed.store.clone(), tests::bank::Later).run().await.unwrap();
}
