//! The spans of a command that ends in a projection and on the other side of the broker, as a tree.

use std::sync::{
    Arc, Mutex,
    atomic::{AtomicUsize, Ordering},
};

use bailiwick::testing;
use tests::bank::{Account, AccountError, Desk, Later, Split, open};
use tracing::{Event, Level, Subscriber, level_filters::LevelFilter, span};
use tracing_subscriber::{Layer, layer::Context, layer::SubscriberExt as _, registry::LookupSpan};

/// Writes each span's path when it begins.
struct Paths(Arc<Mutex<Vec<String>>>);

impl<S: Subscriber + for<'a> LookupSpan<'a>> Layer<S> for Paths {
    fn on_new_span(&self, _: &span::Attributes<'_>, id: &span::Id, cx: Context<'_, S>) {
        let path: Vec<_> = cx.span_scope(id).unwrap().from_root().map(|span| span.name()).collect();
        let mut paths = self.0.lock().unwrap();
        let path = path.join(" > ");
        if !paths.contains(&path) {
            paths.push(path);
        }
    }
}

#[tokio::test]
async fn the_span_tree_follows_the_life_of_a_command() {
    let paths = Arc::new(Mutex::new(Vec::new()));
    // With one subscriber alone, a callsite that another test's thread meets first would be switched off for good.
    let _second = tracing::Dispatch::new(tracing_subscriber::registry());
    let subscriber = tracing_subscriber::registry().with(Paths(Arc::clone(&paths)));
    let guard = tracing::subscriber::set_default(subscriber);
    let app = testing::app().aggregate::<Account>().service(Desk::default()).projection(Later).build().await;
    app.send(open("a")).await.unwrap();
    app.send(Split { first: "a".into(), second: "a".into(), cents: 1 }).await.unwrap();
    app.settle().await;
    drop(guard);
    let paths = paths.lock().unwrap();
    for path in [
        "send",
        "send > handle",
        "send > handle > load",
        "send > commit",
        "send > commit > append",
        "send > handle > handle",
        "relay",
        "relay > publish",
        "receive",
        "project",
    ] {
        assert!(paths.iter().any(|own| own == path), "{path} is missing in {paths:#?}");
    }
}

/// Counts what is told of failures.
struct Failures(Arc<AtomicUsize>);

impl<S: Subscriber> Layer<S> for Failures {
    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        if *event.metadata().level() == Level::ERROR {
            self.0.fetch_add(1, Ordering::Relaxed);
        }
    }
}

#[tokio::test]
async fn who_listens_to_failures_alone_hears_of_a_command_that_failed() {
    #[derive(bailiwick::Command, Debug, Clone)]
    struct Burst;
    struct Pipe;
    #[bailiwick::service]
    impl Pipe {
        #[handle]
        async fn burst(&self, _command: Burst) -> Result<(), AccountError> {
            panic!("no pressure")
        }
    }
    let told = Arc::new(AtomicUsize::new(0));
    let _second = tracing::Dispatch::new(tracing_subscriber::registry().with(LevelFilter::ERROR));
    let subscriber = tracing_subscriber::registry().with(Failures(Arc::clone(&told))).with(LevelFilter::ERROR);
    let guard = tracing::subscriber::set_default(subscriber);
    let app = testing::app().service(Pipe).build().await;
    app.send(Burst).await.unwrap_err();
    drop(guard);
    assert_eq!(told.load(Ordering::Relaxed), 1);
}
