//! How often a dispatch asks for memory: a count, so it is a test and no bench.

use std::sync::Arc;

use allocation_counter::measure;
use bailiwick::{
    App, Behaviour, BoxError, Clock, Command, Context, Envelope, Event, EventKind, Recorded, SendError, bus::Bus,
    command::Handled, envelope::Metadata, mediator::Next, service,
};
use futures_util::FutureExt as _;
use serde::{Deserialize, Serialize};

#[derive(Command, Debug, Clone)]
struct Touch;

#[derive(Debug, thiserror::Error)]
enum Never {}

struct Counter;

#[service]
impl Counter {
    #[handle]
    async fn touch(&self, _command: Touch) -> Result<u64, Never> {
        Ok(1)
    }
}

struct Through<const N: usize>;

impl<const N: usize> Behaviour for Through<N> {
    const NAME: &'static str = "through";

    async fn around<M: Handled, X: Next<M>>(
        &self,
        message: M,
        cx: &mut Context<'_>,
        next: X,
    ) -> Result<M::Output, SendError<M::Error>> {
        next.run(message, cx).await
    }
}

/// Allocations of one dispatch; the one before it makes what is made once.
fn of_a_dispatch(app: &App) -> u64 {
    let send = || assert_eq!(app.send(Touch).now_or_never().unwrap().unwrap(), 1);
    send();
    measure(send).count_total
}

#[tokio::test]
async fn a_command_that_writes_nothing_allocates_once() {
    let app = App::builder().memory().service(Counter).build().await.unwrap();
    assert_eq!(of_a_dispatch(&app), 1);
}

#[tokio::test]
async fn behaviours_allocate_nothing() {
    let builder = App::builder().memory().behaviour(Through::<1>).behaviour(Through::<2>).behaviour(Through::<3>);
    let builder = builder.behaviour(Through::<4>).behaviour(Through::<5>);
    let app = builder.service(Counter).build().await.unwrap();
    assert_eq!(of_a_dispatch(&app), 1);
}

#[derive(Event, Debug, Clone, Serialize, Deserialize)]
#[event(name = "meter.read")]
struct Read {
    value: u64,
}

fn recorded() -> Recorded<Read> {
    let (clock, event) = (Clock::system(), Read { value: 1 });
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

fn of_an_event(bus: &Bus) -> u64 {
    bus.emit(recorded()).now_or_never().unwrap().unwrap();
    let event = recorded();
    measure(|| bus.emit(event).now_or_never().unwrap().unwrap()).count_total
}

#[test]
fn an_event_to_synchronous_handlers_allocates_nothing() {
    let bus = Bus::new();
    for name in ["first", "second", "third"] {
        bus.subscribe_sync::<Read>(name, |event| if event.value > 0 { Ok(()) } else { Err("no value".into()) })
            .unwrap();
    }
    assert_eq!(of_an_event(&bus), 0);
}

#[test]
fn an_event_to_handlers_that_wait_allocates_once_and_once_per_handler() {
    let bus = Bus::new();
    for name in ["first", "second", "third"] {
        let handler = |event: Arc<Recorded<Read>>| async move {
            if event.value > 0 { Ok(()) } else { Err(BoxError::from("no value")) }
        };
        bus.subscribe::<Read>(name, handler).unwrap();
    }
    assert_eq!(of_an_event(&bus), 1 + 3);
}
