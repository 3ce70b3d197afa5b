//! An event to its subscribers.

use std::{
    any::TypeId,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

use arc_swap::ArcSwap;
use bailiwick::{BoxError, Clock, Envelope, Event, EventKind, Recorded, bus::Bus, envelope::Metadata};
use futures_util::future::join_all;
use serde::{Deserialize, Serialize};
use tokio::sync::broadcast;

use super::{
    by_hand::{Boxed, ByType},
    support::{Area, Case, Gate, Side, Timer},
};

#[derive(Event, Debug, Clone, Serialize, Deserialize)]
#[event(name = "meter.read")]
struct Read {
    value: u64,
}

/// What all handlers of a side have seen. It lives as long as the process, so that a handler copies a reference.
#[derive(Debug, Clone, Copy)]
struct Seen(&'static AtomicU64);

impl Seen {
    fn new() -> Self {
        Self(Box::leak(Box::default()))
    }

    /// One thread counts: a load and a store, no locked instruction.
    fn add(&self, value: u64) {
        self.0.store(self.0.load(Ordering::Relaxed) + value, Ordering::Relaxed);
    }

    fn take(&self) -> u64 {
        self.0.swap(0, Ordering::Relaxed)
    }
}

pub fn cases(area: &mut Area) {
    area.case("emit, 1 sync", || {
        Case::cpu(map_sync(1))
            .side(map_by_reference(1))
            .side(map_swapped(1))
            .side(map_with_duties(1))
            .side(broadcast())
            .side(ours_sync(1))
            .gate(Gate::must("ours", 1.25, DUTIES))
            .gate(Gate::must("ours", 0.4, "tokio broadcast"))
            .gate(Gate::moonshot("ours", 1.8, "TypeId map").because(ARC_SWAP))
    });
    for handlers in [8, 100] {
        area.case(&format!("emit, {handlers} sync"), || {
            Case::cpu(map_sync(handlers))
                .side(map_swapped(handlers))
                .side(map_with_duties(handlers))
                .side(ours_sync(handlers))
                .gate(Gate::must("ours", 1.25, DUTIES))
                .gate(Gate::moonshot("ours", 1.6, "TypeId map").because(CAUGHT))
        });
        area.case(&format!("emit, {handlers} async"), || {
            Case::cpu(map_async(handlers))
                .side(joined(handlers))
                .side(ours_async("ours", handlers))
                .gate(Gate::must("ours", 1.6, "TypeId map").because(CAUGHT))
                .gate(Gate::must("ours", 0.9, "join_all").because(JOINED))
                .gate(Gate::moonshot("ours", 1.2, "TypeId map"))
        });
        area.case(&format!("emit, {handlers} by wildcard"), || {
            Case::cpu(ours_async("typed", handlers))
                .side(ours_any(handlers))
                .gate(Gate::must("by wildcard", 1.15, "typed").because(ENVELOPE))
        });
    }
}

/// The name of the side that owes what ours owes.
const DUTIES: &str = "the duties by hand";
const ARC_SWAP: &str = "the table may change while events are emitted: reading it behind `arc-swap` takes two locked \
instructions where the base has one, which ends the event. A hand-written map that may be replaced is the side \
`replaceable`; it alone is most of the difference.";
const CAUGHT: &str = "most of it is paid per event, not per handler (a hundred handlers are within the gate): two locked \
instructions to read a table that may be replaced (the side `replaceable`), then the lookup and the future itself.";
const JOINED: &str = "the limit itself, without a panic caught, lies only just below `join_all` at this number of handlers; at a \
hundred ours is far below.";
const ENVELOPE: &str = "not expected: the envelope is shared, and the route is resolved once per event name.";

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap()
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

/// Makes events a thousand at a time, and times what becomes of them.
fn in_batches(timer: &mut Timer, times: u64, mut work: impl FnMut(Vec<Recorded<Read>>)) {
    const BATCH: u64 = 1_000;
    let event = recorded();
    let mut left = times;
    while left > 0 {
        let size = left.min(BATCH);
        let events = (0..size).map(|_| event.clone()).collect();
        timer.time(|| work(events));
        left -= size;
    }
}

type Sync = Box<dyn Fn(&Recorded<Read>) -> Result<(), BoxError> + Send + std::marker::Sync>;
type Async = Box<dyn Fn(Arc<Recorded<Read>>) -> Boxed<'static, Result<(), BoxError>> + Send + std::marker::Sync>;

fn sync_handlers(handlers: usize, seen: &Seen) -> ByType {
    let handler = || {
        let seen = *seen;
        Box::new(move |event: &Recorded<Read>| {
            seen.add(event.value);
            Ok(())
        }) as Sync
    };
    let all: Vec<Sync> = (0..handlers).map(|_| handler()).collect();
    ByType::from_iter([(TypeId::of::<Read>(), Box::new(all) as _)])
}

fn async_handlers(handlers: usize, seen: &Seen) -> ByType {
    let handler = || {
        let seen = *seen;
        Box::new(move |event: Arc<Recorded<Read>>| {
            Box::pin(async move {
                seen.add(event.value);
                Ok(())
            }) as Boxed<'static, _>
        }) as Async
    };
    let all: Vec<Async> = (0..handlers).map(|_| handler()).collect();
    ByType::from_iter([(TypeId::of::<Read>(), Box::new(all) as _)])
}

fn found<T: 'static>(map: &ByType) -> &T {
    map.get(&TypeId::of::<Read>()).and_then(|found| found.downcast_ref()).unwrap()
}

fn call(map: &ByType, event: &Recorded<Read>) {
    for handler in found::<Vec<Sync>>(map) {
        handler(event).unwrap();
    }
}

fn map_sync(handlers: usize) -> Side {
    let seen = Seen::new();
    let map = sync_handlers(handlers, &seen);
    Side::new("TypeId map", move |timer, times| {
        in_batches(timer, times, |events| {
            for event in events {
                call(&map, &event); // and the event ends here, as it does in `emit`
            }
        });
        seen.take()
    })
}

/// What it costs without taking the event: no gate holds on it, because a handler that waits must own the event.
fn map_by_reference(handlers: usize) -> Side {
    let seen = Seen::new();
    let map = sync_handlers(handlers, &seen);
    let event = recorded();
    Side::new("TypeId map, borrowed", move |timer, times| {
        timer.time(|| {
            for _ in 0..times {
                call(&map, std::hint::black_box(&event));
            }
        });
        seen.take()
    })
}

/// What it costs that the map may be replaced while events are emitted, and nothing else: no gate holds on it.
fn map_swapped(handlers: usize) -> Side {
    let seen = Seen::new();
    let map = ArcSwap::from_pointee(sync_handlers(handlers, &seen));
    Side::new("TypeId map, replaceable", move |timer, times| {
        in_batches(timer, times, |events| {
            for event in events {
                call(&map.load(), &event);
            }
        });
        seen.take()
    })
}

/// What ours owes, by hand: the event is taken by a future, the map may be replaced, and one handler's panic stops no other.
fn map_with_duties(handlers: usize) -> Side {
    let (runtime, seen) = (runtime(), Seen::new());
    let map = ArcSwap::from_pointee(sync_handlers(handlers, &seen));
    Side::new(DUTIES, move |timer, times| {
        in_batches(timer, times, |events| {
            runtime.block_on(async {
                for event in events {
                    emit_by_hand(&map, event).await.unwrap();
                }
            });
        });
        seen.take()
    })
}

async fn emit_by_hand(map: &ArcSwap<ByType>, event: Recorded<Read>) -> Result<(), Vec<BoxError>> {
    let mut errors = Vec::new();
    for handler in found::<Vec<Sync>>(&map.load()) {
        let answer = catch_unwind(AssertUnwindSafe(|| handler(&event))).unwrap_or_else(|_| Err("panicked".into()));
        if let Err(error) = answer {
            errors.push(error);
        }
    }
    if errors.is_empty() { Ok(()) } else { Err(errors) }
}

fn map_async(handlers: usize) -> Side {
    let (runtime, seen) = (runtime(), Seen::new());
    let map = async_handlers(handlers, &seen);
    Side::new("TypeId map", move |timer, times| {
        in_batches(timer, times, |events| {
            runtime.block_on(async {
                for event in events {
                    let event = Arc::new(event);
                    for handler in found::<Vec<Async>>(&map) {
                        handler(Arc::clone(&event)).await.unwrap();
                    }
                }
            });
        });
        seen.take()
    })
}

fn joined(handlers: usize) -> Side {
    let (runtime, seen) = (runtime(), Seen::new());
    let map = async_handlers(handlers, &seen);
    Side::new("join_all", move |timer, times| {
        in_batches(timer, times, |events| {
            runtime.block_on(async {
                for event in events {
                    let event = Arc::new(event);
                    let calls = found::<Vec<Async>>(&map).iter().map(|handler| handler(Arc::clone(&event)));
                    join_all(calls).await.into_iter().for_each(|answer| answer.unwrap());
                }
            });
        });
        seen.take()
    })
}

fn broadcast() -> Side {
    let (runtime, seen) = (runtime(), Seen::new());
    let (sender, mut receiver) = broadcast::channel::<Arc<Recorded<Read>>>(16);
    Side::new("tokio broadcast", move |timer, times| {
        in_batches(timer, times, |events| {
            runtime.block_on(async {
                for event in events {
                    let _receivers = sender.send(Arc::new(event)).unwrap();
                    seen.add(receiver.recv().await.unwrap().value);
                }
            });
        });
        seen.take()
    })
}

fn emit(name: &'static str, bus: Bus, seen: Seen) -> Side {
    let runtime = runtime();
    Side::new(name, move |timer, times| {
        in_batches(timer, times, |events| {
            runtime.block_on(async {
                for event in events {
                    bus.emit(event).await.unwrap();
                }
            });
        });
        seen.take()
    })
}

fn ours_sync(handlers: usize) -> Side {
    let (bus, seen) = (Bus::new(), Seen::new());
    for number in 0..handlers {
        let handler = move |event: &Recorded<Read>| {
            seen.add(event.value);
            Ok(())
        };
        bus.subscribe_sync::<Read>(&format!("handler {number}"), handler).map(drop).unwrap();
    }
    emit("ours", bus, seen)
}

fn ours_async(name: &'static str, handlers: usize) -> Side {
    let (bus, seen) = (Bus::new(), Seen::new());
    for number in 0..handlers {
        let handler = move |event: Arc<Recorded<Read>>| async move {
            seen.add(event.value);
            Ok(())
        };
        bus.subscribe::<Read>(&format!("handler {number}"), handler).map(drop).unwrap();
    }
    emit(name, bus, seen)
}

fn ours_any(handlers: usize) -> Side {
    let (bus, seen) = (Bus::new(), Seen::new());
    for number in 0..handlers {
        let handler = move |event: Arc<Envelope>| async move {
            seen.add(u64::from(event.version));
            Ok(())
        };
        bus.subscribe_to("meter.*", &format!("handler {number}"), handler).map(drop).unwrap();
    }
    emit("by wildcard", bus, seen)
}
