//! One emission, poll by poll: what a handler may do meanwhile, and what is left when nobody polls any more.

use std::{
    future::poll_fn,
    num::NonZeroUsize,
    pin::Pin,
    sync::{
        Arc, Mutex, Weak,
        atomic::{AtomicUsize, Ordering},
    },
    task::{Context, Poll},
};

use bailiwick::{
    BoxError, Clock, Envelope, Event, EventKind, Recorded,
    bus::{Bus, DispatchError, Panic, Staged},
    envelope::Metadata,
};
use futures_util::{FutureExt as _, future::BoxFuture, poll};
use serde::{Deserialize, Serialize};

#[derive(Event, Debug, Clone, Serialize, Deserialize)]
#[event(name = "bell.rung")]
struct Rung;

fn rung() -> Recorded<Rung> {
    let clock = Clock::system();
    let envelope = Envelope {
        id: clock.message_id(),
        name: Rung.spec().name.into(),
        version: 1,
        kind: EventKind::Domain,
        time: clock.now(),
        key: None,
        metadata: Metadata::default(),
        payload: Rung.encode().unwrap().into(),
    };
    Recorded::new(Rung, envelope, None)
}

type Emitted<'a> = BoxFuture<'a, Result<(), DispatchError>>;

/// The ways of handing an event to the handlers of a bus.
fn ways(bus: &Bus) -> [Emitted<'_>; 2] {
    [bus.emit(rung()).boxed(), bus.dispatch(Staged::new(rung())).boxed()]
}

/// What happened, in order.
#[derive(Clone, Default)]
struct Notes(Arc<Mutex<Vec<String>>>);

impl Notes {
    fn note(&self, what: String) {
        self.0.lock().unwrap().push(what);
    }

    fn taken(&self) -> Vec<String> {
        std::mem::take(&mut self.0.lock().unwrap())
    }

    /// A handler that is pending so many times; it notes its beginning and its end, and that it was dropped before.
    fn handler(&self, bus: &Bus, name: &'static str, pending: usize) {
        let notes = self.clone();
        bus.subscribe::<Rung>(name, move |_| {
            let mut running = Running { name, notes: notes.clone(), ended: false };
            notes.note(format!("{name} begins"));
            async move {
                wait(pending).await;
                running.ended = true;
                running.notes.note(format!("{name} ends"));
                Ok(())
            }
        })
        .unwrap();
    }

    fn sync(&self, bus: &Bus, name: &'static str) {
        let notes = self.clone();
        bus.subscribe_sync::<Rung>(name, move |_| {
            notes.note(format!("{name} ran"));
            Ok(())
        })
        .unwrap();
    }
}

struct Running {
    name: &'static str,
    notes: Notes,
    ended: bool,
}

impl Drop for Running {
    fn drop(&mut self) {
        if !self.ended {
            self.notes.note(format!("{} dropped", self.name));
        }
    }
}

/// Is pending exactly so many times, and wakes at once.
async fn wait(times: usize) {
    let mut left = times;
    poll_fn(|cx| {
        if left == 0 {
            return Poll::Ready(());
        }
        left -= 1;
        cx.waker().wake_by_ref();
        Poll::Pending
    })
    .await;
}

#[tokio::test]
async fn dropped_after_any_poll_it_drops_the_running_handler_and_calls_no_other() {
    const WHOLE: [&str; 6] = ["first ran", "second begins", "second ends", "third ran", "fourth begins", "fourth ends"];
    let (bus, notes) = (Bus::new(), Notes::default());
    notes.sync(&bus, "first");
    notes.handler(&bus, "second", 2);
    notes.sync(&bus, "third");
    notes.handler(&bus, "fourth", 1);
    for polls in 0..=4 {
        for mut emitted in ways(&bus) {
            let mut ended = false;
            for _ in 0..polls {
                ended = poll!(&mut emitted).is_ready();
            }
            drop(emitted);
            let expected = match polls {
                0 => Vec::new(),
                1 | 2 => [&WHOLE[..2], &["second dropped"]].concat(),
                3 => [&WHOLE[..5], &["fourth dropped"]].concat(),
                _ => WHOLE.to_vec(),
            };
            assert_eq!(
                (notes.taken(), ended),
                (expected.iter().map(ToString::to_string).collect(), polls == 4),
                "{polls}"
            );
        }
    }
}

#[tokio::test]
async fn a_handler_is_polled_once_for_each_poll_also_among_concurrent_ones() {
    let in_order = Bus::new();
    for bus in [in_order.clone(), in_order.concurrently(NonZeroUsize::new(4).unwrap())] {
        let polls = Arc::new(AtomicUsize::new(0));
        let counted = Arc::clone(&polls);
        let subscription = bus.subscribe::<Rung>("counted", move |_| {
            let counted = Arc::clone(&counted);
            let mut waits = Box::pin(wait(2));
            poll_fn(move |cx| {
                counted.fetch_add(1, Ordering::Relaxed);
                waits.poll_unpin(cx).map(Ok)
            })
        });
        for (emission, mut emitted) in ways(&bus).into_iter().enumerate() {
            for poll in 1..=3 {
                assert_eq!(poll!(&mut emitted).is_ready(), poll == 3);
                assert_eq!(polls.load(Ordering::Relaxed), 3 * emission + poll);
            }
        }
        subscription.unwrap().unsubscribe();
    }
}

#[tokio::test]
async fn a_handler_subscribed_meanwhile_hears_the_next_event() {
    let (bus, notes) = (Bus::new(), Notes::default());
    notes.handler(&bus, "first", 1);
    let mut emitted = bus.emit(rung()).boxed();
    assert!(poll!(&mut emitted).is_pending());
    notes.sync(&bus, "second");
    emitted.await.unwrap();
    assert_eq!(notes.taken(), ["first begins", "first ends"]);
    bus.emit(rung()).await.unwrap();
    assert_eq!(notes.taken(), ["first begins", "first ends", "second ran"]);
}

#[tokio::test]
async fn what_is_being_dispatched_still_reaches_a_handler_that_another_unsubscribes() {
    for waits in [0, 1] {
        let (bus, notes) = (Bus::new(), Notes::default());
        let second = Arc::new(Mutex::new(None::<bailiwick::bus::Subscription>));
        let taken = Arc::clone(&second);
        bus.subscribe::<Rung>("first", move |_| {
            let subscription = taken.lock().unwrap().take();
            async move {
                wait(waits).await;
                subscription.into_iter().for_each(bailiwick::bus::Subscription::unsubscribe);
                Ok(())
            }
        })
        .unwrap();
        let noted = notes.clone();
        let subscription = bus.subscribe_sync::<Rung>("second", move |_| {
            noted.note("second ran".into());
            Ok(())
        });
        *second.lock().unwrap() = Some(subscription.unwrap());
        bus.emit(rung()).await.unwrap();
        assert_eq!(notes.taken(), ["second ran"]);
        bus.emit(rung()).await.unwrap();
        assert!(notes.taken().is_empty());
    }
}

#[tokio::test]
async fn what_an_unsubscribed_handler_holds_is_free_at_once() {
    let bus = Bus::new();
    let held = Arc::new(());
    let kept = Arc::clone(&held);
    let sync = bus.subscribe_sync::<Rung>("sync", move |_| {
        let _kept = &kept;
        Ok(())
    });
    let kept = Arc::clone(&held);
    let waiting = bus.subscribe::<Rung>("waiting", move |_| {
        let kept = Arc::clone(&kept);
        async move {
            wait(1).await;
            drop(kept);
            Ok(())
        }
    });
    bus.emit(rung()).await.unwrap();
    assert_eq!(Arc::strong_count(&held), 3);
    sync.unwrap().unsubscribe();
    waiting.unwrap().unsubscribe();
    assert_eq!(Arc::strong_count(&held), 1);
}

#[tokio::test]
async fn a_panic_at_any_poll_leaves_the_other_handlers_their_turn() {
    let in_order = Bus::new();
    let notes = Notes::default();
    in_order.subscribe_sync::<Rung>("sync", |_| panic!("at the call")).unwrap();
    for (name, other, waits) in [("a", "between a and b", 0), ("b", "between b and c", 1), ("c", "after c", 2)] {
        in_order
            .subscribe::<Rung>(name, move |_| async move {
                wait(waits).await;
                panic!("after {waits}")
            })
            .unwrap();
        notes.handler(&in_order, other, waits);
    }
    for bus in [in_order.clone(), in_order.concurrently(NonZeroUsize::new(2).unwrap())] {
        for emitted in ways(&bus) {
            let error = emitted.await.unwrap_err();
            let panics = error.errors.iter().map(|failure| failure.error.downcast_ref::<Panic>().unwrap().text());
            assert_eq!(panics.collect::<Vec<_>>(), ["at the call", "after 0", "after 1", "after 2"]);
            assert_eq!(notes.taken().len(), 6);
        }
    }
}

#[tokio::test]
async fn no_event_outlives_its_emission() {
    for last_is_sync in [false, true] {
        let (bus, seen) = (Bus::new(), Arc::new(Mutex::new(Vec::<Weak<Recorded<Rung>>>::new())));
        for name in ["first", "second"] {
            let seen = Arc::clone(&seen);
            bus.subscribe::<Rung>(name, move |event| {
                seen.lock().unwrap().push(Arc::downgrade(&event));
                async move {
                    wait(1).await;
                    if event.name() == "bell.rung" { Ok(()) } else { Err(BoxError::from("another event")) }
                }
            })
            .unwrap();
        }
        if last_is_sync {
            bus.subscribe_sync::<Rung>("third", |_| Ok(())).unwrap();
        }
        bus.emit(rung()).await.unwrap();
        let seen = seen.lock().unwrap();
        assert!(seen.len() == 2 && Weak::ptr_eq(&seen[0], &seen[1]));
        assert!(seen.iter().all(|event| event.upgrade().is_none()));
    }
}

/// Panics where it is dropped, after it was pending once.
struct Brittle(usize);

impl Future for Brittle {
    type Output = Result<(), BoxError>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        cx.waker().wake_by_ref();
        self.0 += 1;
        if self.0 == 1 { Poll::Pending } else { Poll::Ready(Ok(())) }
    }
}

impl Drop for Brittle {
    fn drop(&mut self) {
        assert!(self.0 < 2, "in the drop");
    }
}

#[tokio::test]
async fn a_panic_of_what_a_handler_holds_leaves_the_other_handlers_their_turn() {
    let in_order = Bus::new();
    let notes = Notes::default();
    in_order.subscribe::<Rung>("brittle", |_| Brittle(0)).unwrap();
    notes.handler(&in_order, "other", 0);
    for bus in [in_order.clone(), in_order.concurrently(NonZeroUsize::new(2).unwrap())] {
        for emitted in ways(&bus) {
            let error = emitted.await.unwrap_err();
            assert_eq!(error.errors.len(), 1);
            assert_eq!(error.errors[0].error.downcast_ref::<Panic>().unwrap().text(), "in the drop");
            assert_eq!(notes.taken(), ["other begins", "other ends"]);
        }
    }
}

/// Ends a subscription when it is dropped itself.
struct Ends(Option<bailiwick::bus::Subscription>);

impl Drop for Ends {
    fn drop(&mut self) {
        self.0.take().into_iter().for_each(bailiwick::bus::Subscription::unsubscribe);
    }
}

#[tokio::test]
async fn what_a_handler_holds_may_unsubscribe_another_when_it_ends() {
    let (bus, notes) = (Bus::new(), Notes::default());
    let noted = notes.clone();
    let other = bus.subscribe_sync::<Rung>("other", move |_| {
        noted.note("heard".into());
        Ok(())
    });
    let ends = Ends(Some(other.unwrap()));
    let first = bus.subscribe_sync::<Rung>("first", move |_| {
        let _ends = &ends;
        Ok(())
    });
    bus.emit(rung()).await.unwrap();
    assert_eq!(notes.taken(), ["heard"]);
    first.unwrap().unsubscribe();
    bus.emit(rung()).await.unwrap();
    assert!(notes.taken().is_empty());
}
