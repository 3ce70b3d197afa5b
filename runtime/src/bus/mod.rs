//! Events to their handlers, inside the process; and the port to other services, [`Broker`].
//!
//! A [`Bus`] holds handlers of typed events ([`subscribe`](Bus::subscribe)) and of patterns of event names
//! ([`subscribe_to`](Bus::subscribe_to)). An event is handed to all of them in the order in which they were registered,
//! each awaited before the next. Every handler runs, whatever the others answer; a panic counts as its handler's error;
//! the errors come back together in a [`DispatchError`]. No task is ever detached.
//!
//! ```
//! # use bailiwick::{Clock, Envelope, Event, EventKind, Recorded, bus::Bus, event::EventSpec};
//! # #[derive(serde::Serialize, serde::Deserialize)] struct OrderPlaced { order: u64 }
//! # impl Event for OrderPlaced {
//! #     const SPECS: &'static [EventSpec] = &[EventSpec::domain("order.placed", 1)];
//! #     const IS_ENUM: bool = false;
//! #     fn index(&self) -> usize { 0 }
//! # }
//! # async fn run(recorded: Recorded<OrderPlaced>) -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
//! let bus = Bus::new();
//! bus.subscribe::<OrderPlaced>("mail", |event| async move { println!("order {}", event.order); Ok(()) })?;
//! bus.subscribe_to("order.*", "log", |event| async move { println!("{}", event.name); Ok(()) })?;
//! bus.emit(recorded).await?;
//! # Ok(())
//! # }
//! ```

pub mod broker;
mod dispatch;
mod emission;
mod handler;
pub mod memory;
mod routes;
mod staged;
mod topic;

use std::{
    fmt,
    future::poll_fn,
    num::NonZeroUsize,
    sync::{Arc, Mutex, PoisonError},
};

use arc_swap::ArcSwap;

pub use broker::{AnyBroker, AnyInlet, Broker, Delivery, Inlet, InletSpec, Published, Receipt};
pub use dispatch::{DispatchError, HandlerError};
pub use handler::{Handler, Panic};
pub use memory::{Fault, MemoryBroker, MemoryInlet};
pub use staged::Staged;
pub use topic::Topic;

use self::{
    emission::Emission,
    handler::{Call, Entry, Handled, erase, erase_sync},
    routes::{Listener, Route, Routes},
};
use crate::{
    envelope::Recorded,
    error::{Error, ErrorKind},
    event::{AnyEvent, Event},
};

/// The in-process bus; clones share its handlers. Emitting never takes a lock.
#[derive(Clone)]
pub struct Bus {
    shared: Arc<Shared>,
    at_once: usize,
}

#[derive(Default)]
struct Shared {
    routes: ArcSwap<Routes>,
    /// The number of the last registration; held while the table is replaced.
    registered: Mutex<u64>,
}

impl Bus {
    /// A bus without handlers that calls the handlers of an event one after the other.
    #[must_use]
    pub fn new() -> Self {
        Self { shared: Arc::default(), at_once: 1 }
    }

    /// Runs the handlers of one event at once, at most `handlers` at a time, for what is emitted through this handle. The
    /// order of the handlers ends with that; the order of the events stays.
    #[must_use]
    pub fn concurrently(mut self, handlers: NonZeroUsize) -> Self {
        self.at_once = handlers.get();
        self
    }

    /// Hands every event of type `E` to `handler`.
    ///
    /// # Errors
    /// `bus/duplicate_handler` if events of `E` have a handler of this name.
    pub fn subscribe<E: Event>(&self, name: &str, handler: impl Handler<Recorded<E>>) -> Result<Subscription, Error> {
        self.register(name, Call::Async(erase::<Recorded<E>>(handler)))
    }

    /// Hands every event of type `E` to a function that does not wait for anything; the cheapest form.
    ///
    /// # Errors
    /// As [`subscribe`](Self::subscribe).
    pub fn subscribe_sync<E: Event>(
        &self,
        name: &str,
        handler: impl Fn(&Recorded<E>) -> Handled + Send + Sync + 'static,
    ) -> Result<Subscription, Error> {
        self.register(name, Call::Sync(erase_sync(handler)))
    }

    /// Hands those events of type `E` to `handler` for which `predicate` holds.
    ///
    /// # Errors
    /// As [`subscribe`](Self::subscribe).
    pub fn subscribe_where<E: Event>(
        &self,
        name: &str,
        predicate: impl Fn(&Recorded<E>) -> bool + Send + Sync + 'static,
        handler: impl Handler<Recorded<E>>,
    ) -> Result<Subscription, Error> {
        let chosen = move |event: Arc<Recorded<E>>| {
            let call = predicate(&event).then(|| handler(event));
            async move {
                match call {
                    Some(call) => call.await,
                    None => Ok(()),
                }
            }
        };
        self.subscribe::<E>(name, chosen)
    }

    /// Hands every event whose name fits `pattern` to `handler`, still encoded. `*` stands for any run of characters, also
    /// none and also dots, `?` for one, `[ab]` for one of a class, `[!ab]` for one outside it.
    ///
    /// # Errors
    /// `bus/pattern` if the pattern is malformed; `bus/duplicate_handler` if it has a handler of this name.
    pub fn subscribe_to(
        &self,
        pattern: &str,
        name: &str,
        handler: impl Handler<AnyEvent>,
    ) -> Result<Subscription, Error> {
        let topic = Topic::compile(pattern)?;
        let call = erase::<AnyEvent>(handler);
        self.change(|routes, number| {
            if routes.has_listener(&topic, name) {
                return Err(duplicate(name).with("pattern", topic.as_str()));
            }
            Ok(routes.with_listener(Listener { number, name: name.into(), topic, call }))
        })
    }

    fn register<E: Event>(&self, name: &str, call: Call<E>) -> Result<Subscription, Error> {
        self.change(|routes, number| {
            if routes.has::<E>(name) {
                let events = E::SPECS.iter().map(|spec| spec.name).collect::<Vec<_>>().join(", ");
                return Err(duplicate(name).with("events", events));
            }
            Ok(routes.with(Some(Entry { number, name: name.into(), call })))
        })
    }

    fn change(&self, change: impl FnOnce(&Routes, u64) -> Result<Routes, Error>) -> Result<Subscription, Error> {
        let _old; // ends after the lock: what handlers hold may itself unsubscribe when it ends
        let mut registered = self.shared.registered.lock().unwrap_or_else(PoisonError::into_inner);
        let number = *registered + 1;
        let routes = change(&self.shared.routes.load(), number)?;
        _old = self.shared.routes.swap(Arc::new(routes));
        *registered = number;
        Ok(Subscription { bus: self.clone(), number })
    }

    /// Hands an event to its handlers and waits for all of them.
    ///
    /// # Errors
    /// The errors of the handlers that failed; the others have run.
    ///
    /// # Cancel safety
    /// Dropping the future drops the handler that is running; those after it are not called.
    pub fn emit<E: Event>(
        &self,
        recorded: Recorded<E>,
    ) -> impl Future<Output = Result<(), DispatchError>> + Send + use<'_, E> {
        let mut emission = Emission::new(recorded);
        poll_fn(move |cx| emission.poll(self, cx))
    }

    /// As [`emit`](Self::emit), for an event whose type was put away.
    ///
    /// # Errors
    /// As [`emit`](Self::emit).
    ///
    /// # Cancel safety
    /// As [`emit`](Self::emit).
    pub async fn dispatch(&self, staged: Staged) -> Result<(), DispatchError> {
        staged.dispatch(self).await
    }

    /// Whether somebody may hear this event; `false` is certain.
    #[must_use]
    pub fn hears<E: Event>(&self, event: &E) -> bool {
        let routes = self.shared.routes.load();
        routes.route::<E>(event.index()).map_or_else(|| routes.listens(), |route| !route.is_empty())
    }

    /// Calls a function with the route of an event, unless there is none.
    fn on_route<E: Event, T>(&self, index: usize, then: impl FnOnce(&Route<E>) -> T) -> Option<T> {
        let routes = self.shared.routes.load();
        let learned;
        let route = match routes.route::<E>(index) {
            Some(route) => route,
            None if !routes.listens() => return None,
            None => {
                learned = self.learn::<E>(index);
                &learned
            }
        };
        Some(then(route))
    }

    /// Makes a place for a type that only patterns have asked for.
    #[cold]
    fn learn<E: Event>(&self, index: usize) -> Route<E> {
        let _held = self.shared.registered.lock().unwrap_or_else(PoisonError::into_inner);
        let routes = self.shared.routes.load().with::<E>(None);
        let route = routes.route::<E>(index).map(Arc::clone).unwrap_or_default();
        self.shared.routes.store(Arc::new(routes));
        route
    }

    /// The names of the handlers of an event, in the order in which they are called.
    #[must_use]
    pub fn handlers_for(&self, event: &str) -> Vec<Arc<str>> {
        self.shared.routes.load().names(event)
    }

    /// Removes every handler.
    pub fn clear(&self) {
        let _old; // ends after the lock, as in `change`
        let _held = self.shared.registered.lock().unwrap_or_else(PoisonError::into_inner);
        _old = self.shared.routes.swap(Arc::default());
    }
}

fn duplicate(name: &str) -> Error {
    let message = "a handler of this name is subscribed already; give each its own name";
    Error::new(ErrorKind::Config, "bus/duplicate_handler", message).with("handler", name)
}

impl Default for Bus {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for Bus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Bus").field("at_once", &self.at_once).finish_non_exhaustive()
    }
}

/// A handler's place on the bus. Dropping it changes nothing.
#[derive(Debug, Clone)]
pub struct Subscription {
    bus: Bus,
    number: u64,
}

impl Subscription {
    /// Removes the handler. What is being dispatched still reaches it.
    pub fn unsubscribe(self) {
        let shared = &self.bus.shared;
        let _old; // ends after the lock, as in `change`
        let _held = shared.registered.lock().unwrap_or_else(PoisonError::into_inner);
        let routes = shared.routes.load().without(self.number);
        _old = shared.routes.swap(Arc::new(routes));
    }
}
