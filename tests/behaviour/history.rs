//! The past of an aggregate: as it was at a version or a time, and what each event changed.

use std::time::Duration;

use bailiwick::{
    Actor, Clock, Command, Context, Envelope, ErrorKind, Event, EventKind, Expected, TenantId, Version, command,
    envelope::{Metadata, StreamId},
    history::BeyondHead,
    mediator::Request,
    store::{Append, Commit},
    testing::{self, TestApp},
};
use serde::{Deserialize, Serialize};
use tests::bank::{Account, AccountEvent, deposit, open};

/// An account that gets one cent a second after it was opened, `deposits` times.
async fn bank(deposits: u64) -> TestApp {
    let app = testing::app().aggregate::<Account>().build().await;
    app.send(open("a")).await.unwrap();
    for _ in 0..deposits {
        app.clock().advance(Duration::from_secs(1));
        app.send(deposit("a", 1)).await.unwrap();
    }
    app
}

#[tokio::test]
async fn an_aggregate_is_loaded_as_it_was_at_each_version() {
    let app = bank(35).await;
    for version in 1..=36 {
        let account = app.load_at::<Account>("a", Version::new(version)).await.unwrap();
        assert_eq!(
            (account.cents, account.version()),
            (version - 1, Version::new(version)),
            "snapshots lie at 10, 20, 30"
        );
    }
}

#[tokio::test]
async fn an_aggregate_is_loaded_as_it_was_at_a_time() {
    let app = bank(12).await;
    let opened = testing::app().aggregate::<Account>().build().await.clock().now();
    for (millis, cents) in [(0, 0), (999, 0), (1_000, 1), (10_500, 10), (12_000, 12), (90_000, 12)] {
        let account = app.load_at::<Account>("a", opened.plus(Duration::from_millis(millis))).await.unwrap();
        assert_eq!(account.cents, cents, "{millis} ms after it was opened");
    }
}

#[tokio::test]
async fn a_version_beyond_the_head_is_told_with_the_head() {
    let app = bank(12).await;
    let error = app.load_at::<Account>("a", Version::new(14)).await.unwrap_err();
    assert_eq!((error.code(), error.kind()), ("history/beyond_head", ErrorKind::NotFound));
    let expected = BeyondHead { stream: "account/a".into(), version: Version::new(14), head: Version::new(13) };
    let cause = std::error::Error::source(&error).and_then(|cause| cause.downcast_ref::<BeyondHead>());
    assert_eq!(cause, Some(&expected));
    assert_eq!(expected.to_string(), "the stream account/a ends at version 13, before 14");
}

#[tokio::test]
async fn before_its_first_event_an_aggregate_is_not_there() {
    let app = bank(0).await;
    let before = bailiwick::Timestamp::from_micros(0);
    assert_eq!(app.load_at::<Account>("a", before).await.unwrap_err().code(), "aggregate/not_found");
    assert_eq!(app.load_at::<Account>("b", app.clock().now()).await.unwrap_err().code(), "aggregate/not_found");
}

#[tokio::test]
async fn a_tenant_has_a_past_of_its_own() {
    let app = testing::app().aggregate::<Account>().build().await;
    let acme = app.dispatch(Request::new().tenant(TenantId::new("acme").unwrap()));
    acme.send(open("a")).await.unwrap();
    acme.send(deposit("a", 5)).await.unwrap();
    app.send(open("a")).await.unwrap();
    assert_eq!(acme.load_at::<Account>("a", Version::new(2)).await.unwrap().cents, 5);
    assert_eq!(app.load_at::<Account>("a", Version::new(2)).await.unwrap_err().code(), "history/beyond_head");
    assert_eq!(acme.history::<Account>("a").unwrap().page(9).await.unwrap().len(), 2);
    let stream = StreamId::new("account", "a").unwrap();
    assert_eq!(acme.replay_log(&stream).await.unwrap(), "seq=1 type=account.opened\nseq=2 type=account.deposited\n");
    assert_eq!(app.replay_log(&stream).await.unwrap(), "seq=1 type=account.opened\n");
}

/// Takes back the last deposit.
#[derive(Command, Debug, Clone)]
struct Correct {
    account: String,
    raises: bool,
}

#[command]
impl Correct {
    #[execute]
    async fn execute(&self, cx: &mut Context) -> Result<(), bailiwick::Error> {
        let account = cx.load::<Account>(self.account.as_str()).await?;
        let before = Version::new(account.version().get() - 1);
        let mut before = cx.load_at::<Account>(self.account.as_str(), before).await?;
        cx.publish(Corrected { cents: account.cents - before.cents });
        if self.raises {
            before.raise(AccountEvent::Deposited { cents: 1 });
            cx.save(&mut before)?;
        }
        Ok(())
    }
}

#[derive(Event, Debug, Clone, PartialEq, Serialize, Deserialize)]
#[event(name = "bank.corrected")]
struct Corrected {
    cents: u64,
}

#[tokio::test]
async fn a_handler_looks_at_the_past_and_does_not_write_there() {
    let app = testing::app().aggregate::<Account>().command::<Correct>().build().await;
    app.send(open("a")).await.unwrap();
    app.send(deposit("a", 500)).await.unwrap();
    app.send(Correct { account: "a".into(), raises: false }).await.unwrap();
    app.events().assert_published(Corrected { cents: 500 });
    let error = app.send(Correct { account: "a".into(), raises: true }).await.unwrap_err();
    assert!(format!("{error:?}").contains("store/conflict"), "{error:?}");
    assert_eq!(app.load::<Account>("a").await.unwrap().version(), Version::new(2));
}

#[tokio::test]
async fn each_event_tells_what_it_changed() {
    let app = testing::app().aggregate::<Account>().build().await;
    app.send(open("a")).await.unwrap();
    let request = Request::new().actor(Actor::new("ada"));
    app.dispatch(request).send(deposit("a", 500)).await.unwrap();
    app.send(deposit("a", 200)).await.unwrap();
    let mut history = app.history::<Account>("a").unwrap();
    let entries = history.page(10).await.unwrap();
    let told: Vec<String> = entries.iter().map(|entry| format!("{entry}: {}", entry.diff)).collect();
    assert_eq!(
        told,
        [
            "1 account.opened 2026-01-01T00:00:00Z: owner: \"\" → \"Ada\"\n",
            "2 account.deposited 2026-01-01T00:00:00Z by ada: cents: 0 → 500\n",
            "3 account.deposited 2026-01-01T00:00:00Z: cents: 500 → 700\n",
        ]
    );
    assert_eq!(history.root().cents, 700);
    assert_eq!(history.next().await.unwrap(), None);
    app.send(deposit("a", 1)).await.unwrap();
    let entry = history.next().await.unwrap().unwrap();
    assert_eq!((entry.version, entry.diff.to_string()), (Version::new(4), "cents: 700 → 701\n".into()));
}

#[tokio::test]
async fn a_long_history_is_read_in_pages() {
    let app = bank(600).await;
    let mut history = app.history::<Account>("a").unwrap().after(Version::new(1)).await.unwrap();
    for cents in 1..=600 {
        let entry = history.next().await.unwrap().unwrap();
        let expected = (Version::new(cents + 1), format!("cents: {} → {cents}\n", cents - 1));
        assert_eq!((entry.version, entry.diff.to_string()), expected);
    }
    assert_eq!(history.next().await.unwrap(), None);
    let stream = StreamId::new("account", "a").unwrap();
    let log = app.replay_log(&stream).await.unwrap();
    assert_eq!(log.lines().count(), 601);
    assert!(log.ends_with("\nseq=601 type=account.deposited\n"), "{log}");
    let beyond = app.history::<Account>("a").unwrap().after(Version::new(602)).await;
    assert_eq!(beyond.unwrap_err().code(), "history/beyond_head");
}

#[tokio::test]
async fn the_replay_log_is_a_line_for_each_event() {
    let app = testing::app().aggregate::<Account>().build().await;
    let stream = StreamId::new("order", "42").unwrap();
    assert_eq!(app.replay_log(&stream).await.unwrap(), "");
    let clock = Clock::system();
    let events = ["OrderCreated", "OrderPaid", "OrderShipped"].map(|name| Envelope {
        id: clock.message_id(),
        name: name.into(),
        version: 1,
        kind: EventKind::Domain,
        time: clock.now(),
        key: None,
        metadata: Metadata::default(),
        payload: b"{}".as_slice().into(),
    });
    let appends = vec![Append { stream: stream.clone(), expected: Expected::NoStream, events: events.into() }];
    app.store().commit(Commit { appends, ..Commit::default() }).await.unwrap();
    let expected = "seq=1 type=OrderCreated\nseq=2 type=OrderPaid\nseq=3 type=OrderShipped\n";
    assert_eq!(app.replay_log(&stream).await.unwrap(), expected);
}
