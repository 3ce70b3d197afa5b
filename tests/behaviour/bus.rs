//! The bus: who is called, in which order, and what happens when one fails.

use std::{
    num::NonZeroUsize,
    sync::{Arc, Mutex},
    time::Duration,
};

use bailiwick::{
    BoxError, Clock, Envelope, Event, EventKind, Recorded,
    bus::{Bus, DispatchError, Panic, Staged},
    envelope::Metadata,
    event::EventSpec,
};
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, Serialize, Deserialize)]
enum Door {
    Opened { by: String },
    Closed,
}

impl Event for Door {
    const SPECS: &'static [EventSpec] =
        &[EventSpec::domain("house.door.opened", 1), EventSpec::domain("house.door.closed", 1)];
    const IS_ENUM: bool = true;

    fn index(&self) -> usize {
        match self {
            Self::Opened { .. } => 0,
            Self::Closed => 1,
        }
    }
}

#[derive(Debug, Clone, Serialize, Deserialize)]
struct Rain;

impl Event for Rain {
    const SPECS: &'static [EventSpec] = &[EventSpec::domain("weather.rain", 1)];
    const IS_ENUM: bool = false;

    fn index(&self) -> usize {
        0
    }
}

fn recorded<E: Event>(event: E) -> Recorded<E> {
    let clock = Clock::system();
    let envelope = Envelope {
        id: clock.message_id(),
        name: event.spec().name.into(),
        version: 1,
        kind: EventKind::Domain,
        time: clock.now(),
        key: None,
        metadata: Metadata::default(),
        payload: event.encode().unwrap().into(),
    };
    Recorded::new(event, envelope, None)
}

fn opened() -> Recorded<Door> {
    recorded(Door::Opened { by: "Ann".into() })
}

/// What was called, in order.
#[derive(Clone, Default)]
struct Calls(Arc<Mutex<Vec<String>>>);

impl Calls {
    fn note(&self, call: impl Into<String>) {
        self.0.lock().unwrap().push(call.into());
    }

    fn taken(&self) -> Vec<String> {
        std::mem::take(&mut self.0.lock().unwrap())
    }

    /// An asynchronous handler of `Door` that notes its name, after a while.
    fn door(&self, bus: &Bus, name: &'static str) {
        let calls = self.clone();
        bus.subscribe::<Door>(name, move |_| {
            let calls = calls.clone();
            async move {
                tokio::task::yield_now().await;
                calls.note(name);
                Ok(())
            }
        })
        .unwrap();
    }

    fn pattern(&self, bus: &Bus, pattern: &str, name: &'static str) {
        let calls = self.clone();
        bus.subscribe_to(pattern, name, move |_| {
            calls.note(name);
            async { Ok(()) }
        })
        .unwrap();
    }

    fn sync(&self, bus: &Bus, name: &'static str) {
        let calls = self.clone();
        bus.subscribe_sync::<Door>(name, move |_| {
            calls.note(name);
            Ok(())
        })
        .unwrap();
    }
}

fn no(text: &str) -> Result<(), BoxError> {
    Err(text.into())
}

fn failed(error: &DispatchError) -> Vec<String> {
    error.errors.iter().map(|failure| format!("{}: {}", failure.handler, failure.error)).collect()
}

#[tokio::test]
async fn handlers_run_in_the_order_of_registration_whatever_their_form() {
    let (bus, calls) = (Bus::new(), Calls::default());
    calls.door(&bus, "first");
    calls.pattern(&bus, "house.*", "second");
    calls.sync(&bus, "third");
    calls.door(&bus, "fourth");
    calls.pattern(&bus, "*", "fifth");
    bus.emit(opened()).await.unwrap();
    assert_eq!(calls.taken(), ["first", "second", "third", "fourth", "fifth"]);
    let names: Vec<_> = bus.handlers_for("house.door.opened").iter().map(ToString::to_string).collect();
    assert_eq!(names, ["first", "second", "third", "fourth", "fifth"]);
}

#[tokio::test]
async fn an_event_reaches_the_handlers_of_its_type_alone() {
    let (bus, calls) = (Bus::new(), Calls::default());
    calls.door(&bus, "door");
    calls.pattern(&bus, "weather.*", "weather");
    bus.emit(recorded(Rain)).await.unwrap();
    assert_eq!(calls.taken(), ["weather"]);
    bus.emit(recorded(Door::Closed)).await.unwrap();
    assert_eq!(calls.taken(), ["door"]);
}

#[tokio::test]
async fn an_event_without_handlers_is_no_error() {
    Bus::new().emit(recorded(Rain)).await.unwrap();
}

#[tokio::test]
async fn a_handler_that_fails_keeps_no_other_from_running_and_is_named() {
    let (bus, calls) = (Bus::new(), Calls::default());
    calls.sync(&bus, "before");
    bus.subscribe_sync::<Door>("broken", |_| no("out of ink")).unwrap();
    bus.subscribe::<Door>("broken too", |_| async { no("out of paper") }).unwrap();
    calls.door(&bus, "after");
    let error = bus.emit(opened()).await.unwrap_err();
    assert_eq!(calls.taken(), ["before", "after"]);
    assert_eq!(error.event, "house.door.opened");
    assert_eq!(failed(&error), ["broken: out of ink", "broken too: out of paper"]);
    assert!(error.to_string().contains("broken too: out of paper"), "{error}");
}

#[tokio::test]
async fn a_panic_counts_as_the_error_of_its_handler() {
    let (bus, calls) = (Bus::new(), Calls::default());
    bus.subscribe_sync::<Door>("sync", |_| panic!("one")).unwrap();
    let early = |_: Arc<Recorded<Door>>| -> std::future::Ready<Result<(), BoxError>> { panic!("two") };
    bus.subscribe::<Door>("before the future", early).unwrap();
    bus.subscribe::<Door>("while polled", |event| async move {
        tokio::task::yield_now().await;
        panic!("three of {}", event.name())
    })
    .unwrap();
    bus.subscribe_where::<Door>("in the predicate", |_| panic!("four"), |_| async { Ok(()) }).unwrap();
    calls.door(&bus, "after");
    let error = bus.emit(opened()).await.unwrap_err();
    assert_eq!(calls.taken(), ["after"]);
    let texts: Vec<_> = error.errors.iter().map(|e| e.error.downcast_ref::<Panic>().unwrap().text()).collect();
    assert_eq!(texts, ["one", "two", "three of house.door.opened", "four"]);
}

#[tokio::test]
async fn a_name_is_given_once_per_event() {
    let (bus, calls) = (Bus::new(), Calls::default());
    calls.door(&bus, "mail");
    let error = bus.subscribe_sync::<Door>("mail", |_| Ok(())).unwrap_err();
    assert_eq!(error.code(), "bus/duplicate_handler");
    assert!(error.to_string().contains("house.door.opened"), "{error}");
    bus.subscribe_sync::<Rain>("mail", |_| Ok(())).unwrap();
    calls.pattern(&bus, "house.*", "log");
    let again = bus.subscribe_to("house.*", "log", |_| async { Ok(()) }).unwrap_err();
    assert_eq!(again.code(), "bus/duplicate_handler");
    bus.emit(opened()).await.unwrap();
    assert_eq!(calls.taken(), ["mail", "log"]);
}

#[tokio::test]
async fn unsubscribing_ends_the_calls_and_dropping_the_subscription_does_not() {
    let (bus, calls) = (Bus::new(), Calls::default());
    let noted = calls.clone();
    let typed = bus.subscribe_sync::<Door>("typed", move |_| {
        noted.note("typed");
        Ok(())
    });
    let noted = calls.clone();
    let listening = bus.subscribe_to("*", "any", move |_| {
        noted.note("any");
        async { Ok(()) }
    });
    drop(typed.as_ref().unwrap().clone());
    bus.emit(opened()).await.unwrap();
    assert_eq!(calls.taken(), ["typed", "any"]);
    typed.unwrap().unsubscribe();
    bus.emit(opened()).await.unwrap();
    assert_eq!(calls.taken(), ["any"]);
    listening.unwrap().unsubscribe();
    bus.emit(opened()).await.unwrap();
    assert!(calls.taken().is_empty());
    bus.subscribe_sync::<Door>("typed", |_| Ok(())).unwrap();
}

#[tokio::test]
async fn a_predicate_chooses_the_events_of_a_handler() {
    let (bus, calls) = (Bus::new(), Calls::default());
    let noted = calls.clone();
    let is_open = |event: &Recorded<Door>| matches!(event.event(), Door::Opened { .. });
    bus.subscribe_where::<Door>("opened", is_open, move |event| {
        let noted = noted.clone();
        async move {
            noted.note(event.name());
            Ok(())
        }
    })
    .unwrap();
    bus.emit(recorded(Door::Closed)).await.unwrap();
    bus.emit(opened()).await.unwrap();
    assert_eq!(calls.taken(), ["house.door.opened"]);
}

#[tokio::test]
async fn a_staged_event_finds_its_typed_handlers() {
    let (bus, calls) = (Bus::new(), Calls::default());
    calls.sync(&bus, "sync");
    let staged = Staged::new(opened());
    assert_eq!((staged.name(), &*staged.envelope().name), ("house.door.opened", "house.door.opened"));
    bus.dispatch(staged).await.unwrap();
    assert_eq!(calls.taken(), ["sync"]);
    calls.door(&bus, "async");
    calls.pattern(&bus, "*.opened", "pattern");
    bus.dispatch(Staged::new(opened())).await.unwrap();
    assert_eq!(calls.taken(), ["sync", "async", "pattern"]);
}

#[tokio::test]
async fn wildcards_stand_for_runs_single_characters_and_classes() {
    let cases = [
        ("*", true),
        ("house.*", true),
        ("house.door.opened*", true),
        ("*opened", true),
        ("h*d*r*d", true),
        ("house?door?opened", true),
        ("house.door.[ox]pened", true),
        ("house.door.[a-z]pened", true),
        ("house.door.[!x]pened", true),
        ("house.door.opened", true),
        ("house", false),
        ("house.door.opened?", false),
        ("house.door.[!o]pened", false),
        ("house.door.[a-m]pened", false),
        ("*closed", false),
        ("House.*", false),
    ];
    for (pattern, fits) in cases {
        let (bus, calls) = (Bus::new(), Calls::default());
        calls.pattern(&bus, pattern, "listener");
        bus.emit(opened()).await.unwrap();
        assert_eq!(calls.taken().len(), usize::from(fits), "{pattern}");
        assert_eq!(bus.handlers_for("house.door.opened").len(), usize::from(fits), "{pattern}");
    }
}

#[test]
fn a_malformed_pattern_is_refused_at_subscription() {
    for pattern in ["", "house.[", "house.[ab", "house.[!", "house.[z-a]", "[]"] {
        let error = Bus::new().subscribe_to(pattern, "listener", |_| async { Ok(()) }).unwrap_err();
        assert_eq!(error.code(), "bus/pattern", "{pattern}");
        assert_eq!(error.field("pattern"), Some(format!("{pattern:?}").as_str()));
    }
}

#[test]
fn a_pattern_of_many_stars_matches_in_reasonable_time() {
    let bus = Bus::new();
    bus.subscribe_to(&"*a".repeat(200), "listener", |_| async { Ok(()) }).unwrap();
    assert!(bus.handlers_for(&"a".repeat(5_000)).len() == 1);
    assert!(bus.handlers_for(&format!("{}b", "a".repeat(5_000))).is_empty());
}

#[tokio::test(start_paused = true)]
async fn concurrent_handlers_run_at_once_but_never_more_than_allowed() {
    let bus = Bus::new().concurrently(NonZeroUsize::new(3).unwrap());
    for name in ["a", "b", "c", "d"] {
        bus.subscribe::<Door>(name, |_| async {
            tokio::time::sleep(Duration::from_secs(1)).await;
            no("late")
        })
        .unwrap();
    }
    let begun = tokio::time::Instant::now();
    let error = bus.emit(opened()).await.unwrap_err();
    assert_eq!(begun.elapsed(), Duration::from_secs(2));
    assert_eq!(failed(&error), ["a: late", "b: late", "c: late", "d: late"]);
}

#[tokio::test]
async fn a_handler_may_subscribe_and_emit_while_it_runs() {
    let (bus, calls) = (Bus::new(), Calls::default());
    let (inner, noted) = (bus.clone(), calls.clone());
    bus.subscribe_sync::<Rain>("nested", move |_| {
        noted.sync(&inner, "later");
        Ok(())
    })
    .unwrap();
    bus.emit(recorded(Rain)).await.unwrap();
    bus.emit(opened()).await.unwrap();
    assert_eq!(calls.taken(), ["later"]);
}

#[tokio::test]
async fn clearing_removes_every_handler() {
    let (bus, calls) = (Bus::new(), Calls::default());
    calls.door(&bus, "typed");
    calls.pattern(&bus, "*", "any");
    bus.clear();
    bus.emit(opened()).await.unwrap();
    assert!(calls.taken().is_empty() && bus.handlers_for("house.door.opened").is_empty());
}
