//! The road of a command: from `send` to the stream, to read models, to the other side of the broker.

use std::sync::atomic::Ordering;

use bailiwick::{
    Actor, App, BoxError, Recorded, SendError, TenantId, Transaction, Version, mediator::Request, projection, testing,
};
use tests::{
    bank::{
        Account, AccountError, AccountEvent, DEPOSITS, DEPOSITS_LATER, Desk, Inline, LABELS, Later, Open, Relabel,
        Split, Sum, TRANSFERRED, Transferred, deposit, open,
    },
    servers::{self, Room},
};

async fn bank() -> (testing::TestApp, Desk) {
    let desk = Desk::default();
    let app =
        testing::app().aggregate::<Account>().service(desk.clone()).projection(Inline::default()).projection(Later);
    (app.command::<Relabel>().build().await, desk)
}

#[tokio::test]
async fn a_command_travels_to_the_stream_the_projections_and_the_other_side_of_the_broker() {
    let (app, desk) = bank().await;
    app.send(open("a")).await.unwrap();
    app.send(open("b")).await.unwrap();
    let answer = app.send(Split { first: "a".into(), second: "b".into(), cents: 7 }).await.unwrap();
    assert_eq!(answer, 14);
    assert_eq!(app.load::<Account>("a").await.unwrap().cents, 7);
    assert_eq!(app.read(DEPOSITS).get("all").await.unwrap(), Some(14));
    assert_eq!(app.query(Sum).await.unwrap(), 0, "the other side has not been told yet");
    app.settle().await;
    assert_eq!(app.query(Sum).await.unwrap(), 14);
    assert_eq!(app.read(DEPOSITS_LATER).get("all").await.unwrap(), Some(14));
    assert_eq!(desk.calls.load(Ordering::SeqCst), 2);
    app.events().assert_published(Transferred { to: "b".into(), cents: 7 });
    assert_eq!(app.counts().await.unwrap().outbox, 0);
}

#[tokio::test]
async fn the_domains_no_arrives_unwrapped_and_writes_nothing() {
    let (app, _) = bank().await;
    app.send(open("a")).await.unwrap();
    let error = app.send(deposit("a", 0)).await.unwrap_err();
    assert_eq!(error.rejection(), Some(&AccountError::NothingToDeposit));
    assert_eq!(app.load::<Account>("a").await.unwrap().version(), Version::new(1));
}

#[tokio::test]
async fn a_missing_and_an_existing_aggregate_are_told_apart() {
    let (app, _) = bank().await;
    let missing = app.send(deposit("a", 1)).await.unwrap_err();
    assert_eq!(missing.runtime().unwrap().code(), "aggregate/not_found");
    assert!(app.load::<Account>("a").await.unwrap_err().is_not_found());
    app.send(open("a")).await.unwrap();
    let twice = app.send(open("a")).await.unwrap_err();
    assert_eq!(twice.runtime().unwrap().code(), "aggregate/exists");
}

#[tokio::test]
async fn a_failing_inner_command_undoes_its_own_writes_only() {
    let (app, _) = bank().await;
    app.send(open("a")).await.unwrap();
    // The second account does not exist: the whole split fails, since its handler passes the error on.
    let split = Split { first: "a".into(), second: "nobody".into(), cents: 7 };
    assert!(matches!(app.send(split).await, Err(SendError::Rejected(AccountError::Closed(_)))));
    assert_eq!(app.load::<Account>("a").await.unwrap().cents, 0);
    assert_eq!(app.counts().await.unwrap().outbox, 0);
    assert_eq!(app.events().of::<AccountEvent>().len(), 1);
}

#[tokio::test]
async fn two_hundred_commands_at_once_on_one_aggregate_all_take_effect() {
    let file = tempfile::tempdir().unwrap();
    let app = App::builder().sqlite(file.path().join("bank.db")).aggregate::<Account>().build().await.unwrap();
    app.send(open("a")).await.unwrap();
    let sends = (0..200).map(|_| app.send(deposit("a", 1)));
    for answer in futures_util::future::join_all(sends).await {
        answer.unwrap();
    }
    let account = app.load::<Account>("a").await.unwrap();
    assert_eq!((account.cents, account.version()), (200, Version::new(201)));
    app.close().await.unwrap();
}

#[tokio::test]
async fn an_unregistered_home_names_message_and_builder_line() {
    let app = testing::app().build().await;
    let error = app.send(open("a")).await.unwrap_err();
    let error = error.runtime().unwrap();
    assert_eq!(error.code(), "mediator/no_handler");
    assert!(error.to_string().contains(".aggregate::<Account>()"), "{error}");
    assert!(error.to_string().contains("Open"), "{error}");
}

#[tokio::test]
async fn build_reports_every_gap_at_once() {
    let error = App::builder()
        .expects::<Open>()
        .aggregate::<Account>()
        .aggregate::<Account>()
        .service(Desk::default())
        .behaviour(bailiwick::app::Timeout::after("soon"))
        .build()
        .await
        .unwrap_err();
    let text = error.to_string();
    for part in
        ["nothing handles", "registered twice", "no store", "`bank.transferred` is published", "`soon` is no length"]
    {
        assert!(text.contains(part), "{part} is missing in:\n{text}");
    }
}

#[tokio::test]
async fn an_operation_is_audited_redacted_and_undone_once() {
    let (app, _) = bank().await;
    let relabel = Relabel { account: "a".into(), label: "holiday".into(), note: Some("secret".into()) };
    let run = app.run(relabel.clone()).await.unwrap();
    assert_eq!(run.output(), &None);
    assert_eq!(app.read(LABELS).get("a").await.unwrap().as_deref(), Some("holiday"));
    let audit = app.audit().commands().list(10).await.unwrap();
    assert_eq!((audit.len(), audit[0].id, audit[0].name.as_str()), (1, run.id(), "account.relabel"));
    assert!(audit[0].input.contains("•••") && !audit[0].input.contains("secret"), "{}", audit[0].input);
    assert!(!format!("{:?}", audit[0]).contains("secret"), "what `undo` needs is not for logs");
    app.undo(run.id()).await.unwrap();
    assert_eq!(app.read(LABELS).get("a").await.unwrap(), None);
    assert_eq!(app.undo(run.id()).await.unwrap_err().code(), "command/already_undone");
}

#[tokio::test]
async fn refused_commands_leave_an_audit_row_and_nothing_else() {
    let (app, _) = bank().await;
    let relabel = |label: &str| Relabel { account: "a".into(), label: label.into(), note: None };
    assert!(matches!(app.send(relabel("")).await, Err(SendError::Rejected(_))));
    let mallory = Request::new().actor(Actor::new("mallory"));
    let denied = app.dispatch(mallory).send(relabel("mine")).await.unwrap_err();
    assert_eq!(denied.runtime().unwrap().code(), "mediator/denied");
    let outcomes: Vec<_> =
        app.audit().commands().list(10).await.unwrap().iter().map(|row| row.outcome.as_str()).collect();
    assert_eq!(outcomes, ["failed", "rejected"]);
    assert_eq!(app.read(LABELS).get("a").await.unwrap(), None);
}

#[tokio::test]
async fn tenants_see_their_own_streams_and_read_models() {
    let (app, _) = bank().await;
    let of = |name| Request::new().tenant(TenantId::new(name).unwrap());
    app.dispatch(of("acme")).send(open("a")).await.unwrap();
    app.dispatch(of("acme")).send(deposit("a", 5)).await.unwrap();
    assert!(app.dispatch(of("other")).load::<Account>("a").await.unwrap_err().is_not_found());
    assert_eq!(app.dispatch(of("acme")).load::<Account>("a").await.unwrap().cents, 5);
    assert_eq!(app.read(DEPOSITS).get("all").await.unwrap(), None);
    assert_eq!(app.read_of(Some(TenantId::new("acme").unwrap()), DEPOSITS).get("all").await.unwrap(), Some(5));
    app.settle().await;
}

#[tokio::test]
async fn correlation_is_inherited_and_causation_names_the_cause() {
    let (app, _) = bank().await;
    app.send(open("a")).await.unwrap();
    app.send(open("b")).await.unwrap();
    app.events().clear();
    app.send(Split { first: "a".into(), second: "b".into(), cents: 1 }).await.unwrap();
    let all = app.events().all();
    let correlation = all[0].metadata.correlation;
    assert!(correlation.is_some());
    assert!(all.iter().all(|envelope| envelope.metadata.correlation == correlation));
    assert!(all.iter().all(|envelope| envelope.metadata.causation.is_some()));
}

#[tokio::test]
async fn snapshots_shorten_a_load_and_change_nothing() {
    let (app, _) = bank().await;
    app.send(open("a")).await.unwrap();
    for _ in 0..35 {
        app.send(deposit("a", 1)).await.unwrap();
    }
    let account = app.load::<Account>("a").await.unwrap();
    assert_eq!((account.cents, account.version()), (35, Version::new(36)));
    let stream = bailiwick::envelope::StreamId::new("account", "a").unwrap();
    let schema = (<Account as bailiwick::Aggregate>::SNAPSHOT.unwrap().schema)();
    let load = bailiwick::store::Load { snapshot: Some(schema), ..bailiwick::store::Load::all(None, stream) };
    let loaded = app.store().load(load).await.unwrap();
    assert_eq!(loaded.snapshot.unwrap().version, Version::new(30));
    assert_eq!(loaded.events.len(), 6);
}

#[tokio::test]
async fn the_description_lists_what_is_wired() {
    let (app, _) = bank().await;
    let text = app.describe().to_string();
    for line in [
        "command Open -> tests::bank::Account",
        "command account.relabel -> tests::bank::Relabel",
        "query Sum -> tests::bank::Desk",
        "event bank.transferred v1 to topic bank",
        "subscription desk.note <- broker: bank.transferred",
        "projection deposits (inline)",
        "projection deposits_later (async)",
    ] {
        assert!(text.lines().any(|own| own == line), "{line} is missing in:\n{text}");
    }
    assert!(app.describe().to_json().unwrap().starts_with('{'));
}

#[tokio::test]
async fn read_models_of_the_other_side_take_each_message_once() {
    let (app, desk) = bank().await;
    for account in ["a", "b"] {
        app.send(open(account)).await.unwrap();
    }
    for _ in 0..20 {
        app.send(Split { first: "a".into(), second: "b".into(), cents: 1 }).await.unwrap();
    }
    app.settle().await;
    app.settle().await;
    assert_eq!(app.read(TRANSFERRED).all().await.unwrap(), [("a".to_owned(), 20), ("b".to_owned(), 20)]);
    assert_eq!(desk.calls.load(Ordering::SeqCst), 40);
}

#[tokio::test]
async fn a_url_names_the_file_of_the_store() {
    let folder = tempfile::tempdir().unwrap();
    for slashes in ["", "//", "///"] {
        let file = folder.path().join(format!("bank{}.db", slashes.len()));
        let url = format!("sqlite:{slashes}{}", file.display());
        App::builder().database(&url).build().await.unwrap().close().await.unwrap();
        assert!(file.exists(), "{url}");
    }
    for url in ["sqlite://bank.db?mode=ro", "oracle://bank", "bank.db"] {
        let error = App::builder().database(url).build().await.unwrap_err();
        assert!(error.to_string().contains(url), "{error}");
    }
}

#[derive(bailiwick::Event, Debug, Clone, serde::Serialize, serde::Deserialize)]
#[event(name = "label.changed", alias = "bailiwick.label_changed")]
struct Changed {}

struct Follows;

#[projection(name = "follows", version = 1)]
impl Follows {
    #[project]
    async fn changed(&self, _event: &Recorded<Changed>, _tx: &mut Transaction) -> Result<(), BoxError> {
        Ok(())
    }
}

#[tokio::test]
async fn an_event_named_like_those_of_the_framework_is_an_error_at_build() {
    let error = App::builder().memory().projection(Follows).build().await.unwrap_err();
    assert_eq!(error.code(), "app/build");
    let text = error.to_string();
    let finding = "the event name `bailiwick.label_changed` begins with `bailiwick.`";
    assert!(text.contains(finding) && text.contains("name it after your domain"), "{text}");
}

#[tokio::test]
async fn a_url_names_the_server_of_the_store() {
    let (mysql, postgres) =
        (servers::mysql().map(|server| server.room()), servers::postgres().map(|server| server.room()));
    for url in mysql.iter().chain(&postgres).map(Room::own_url) {
        let app = App::builder().database(&url).aggregate::<Account>().build().await.unwrap();
        app.send(open("a")).await.unwrap();
        assert_eq!(app.load::<Account>("a").await.unwrap().version(), Version::new(1), "{url}");
        app.close().await.unwrap();
    }
}

#[tokio::test]
async fn the_debug_text_of_a_message_shows_no_payload() {
    let (app, _) = bank().await;
    app.send(open("a")).await.unwrap();
    let text = format!("{:?}", app.events().all());
    assert!(text.contains("account.opened") && !text.contains("Ada"), "{text}");
    assert!(text.contains(r#"payload: 15 bytes"#), "{text}");
}
