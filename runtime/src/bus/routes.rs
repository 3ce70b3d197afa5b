//! Who is subscribed: one immutable table, replaced as a whole by each change.

use std::{
    any::{Any, TypeId},
    collections::HashMap,
    hash::{BuildHasherDefault, Hasher},
    sync::{Arc, OnceLock},
};

use super::{
    handler::{AnyCall, Call, Entry},
    topic::Topic,
};
use crate::event::Event;

/// The handlers of one event, in the order of registration.
pub(super) type Route<E> = Arc<[Entry<E>]>;

/// A subscription to a pattern.
pub(super) struct Listener {
    pub(super) number: u64,
    pub(super) name: Arc<str>,
    pub(super) topic: Topic,
    pub(super) call: AnyCall,
}

/// The table that readers hold for the length of one lookup.
#[derive(Default, Clone)]
pub(super) struct Routes {
    listeners: Arc<Vec<Arc<Listener>>>,
    slots: HashMap<TypeId, Arc<dyn AnySlot>, BuildHasherDefault<Identity>>,
}

impl Routes {
    /// The handlers of the event at `index` of `E`; `None` if the table has not met `E` yet.
    pub(super) fn route<E: Event>(&self, index: usize) -> Option<&Route<E>> {
        Some(self.slot::<E>()?.route(index, &self.listeners))
    }

    /// Whether there are subscriptions to patterns.
    pub(super) fn listens(&self) -> bool {
        !self.listeners.is_empty()
    }

    /// Whether events of `E` have a handler of this name.
    pub(super) fn has<E: Event>(&self, name: &str) -> bool {
        self.slot::<E>().is_some_and(|slot| slot.typed.iter().any(|entry| &*entry.name == name))
    }

    /// Whether this pattern has a handler of this name.
    pub(super) fn has_listener(&self, topic: &Topic, name: &str) -> bool {
        self.listeners.iter().any(|listener| listener.topic == *topic && &*listener.name == name)
    }

    /// The table with a place for `E`, and another handler there if one is given.
    pub(super) fn with<E: Event>(&self, entry: Option<Entry<E>>) -> Self {
        let mut typed = self.slot::<E>().map(|slot| slot.typed.clone()).unwrap_or_default();
        typed.extend(entry);
        let mut routes = self.clone();
        routes.slots.insert(TypeId::of::<E>(), Arc::new(Slot::new(typed)));
        routes
    }

    /// The table with another subscription to a pattern.
    pub(super) fn with_listener(&self, listener: Listener) -> Self {
        let mut listeners = Vec::clone(&self.listeners);
        listeners.push(Arc::new(listener));
        let slots = self.slots.iter().map(|(id, slot)| (*id, slot.fresh())).collect();
        Self { listeners: Arc::new(listeners), slots }
    }

    /// The table without one registration.
    pub(super) fn without(&self, number: u64) -> Self {
        let listeners = self.listeners.iter().filter(|listener| listener.number != number).cloned().collect();
        let slots = self.slots.iter().map(|(id, slot)| (*id, slot.without(number))).collect();
        Self { listeners: Arc::new(listeners), slots }
    }

    /// Names the handlers of an event, in order.
    pub(super) fn names(&self, event: &str) -> Vec<Arc<str>> {
        let listeners = self.listeners.iter().filter(|listener| listener.topic.matches(event));
        let mut named: Vec<_> = listeners.map(|listener| (listener.number, Arc::clone(&listener.name))).collect();
        named.extend(self.slots.values().flat_map(|slot| slot.names(event)));
        named.sort_unstable_by_key(|(number, _)| *number);
        named.into_iter().map(|(_, name)| name).collect()
    }

    fn slot<E: Event>(&self) -> Option<&Slot<E>> {
        let slot: &dyn Any = &**self.slots.get(&TypeId::of::<E>())?;
        slot.downcast_ref()
    }
}

/// The handlers of one type, and for each of its events the route with the patterns resolved, made when first asked for.
struct Slot<E> {
    typed: Vec<Entry<E>>,
    routes: Box<[OnceLock<Route<E>>]>,
}

impl<E: Event> Slot<E> {
    fn new(typed: Vec<Entry<E>>) -> Self {
        Self { typed, routes: E::SPECS.iter().map(|_| OnceLock::new()).collect() }
    }

    fn route(&self, index: usize, listeners: &[Arc<Listener>]) -> &Route<E> {
        let route = &self.routes[index];
        route.get().unwrap_or_else(|| route.get_or_init(|| self.resolve(E::SPECS[index].name, listeners)))
    }

    #[cold]
    fn resolve(&self, event: &str, listeners: &[Arc<Listener>]) -> Route<E> {
        let matching = listeners.iter().filter(|listener| listener.topic.matches(event)).map(|listener| Entry {
            number: listener.number,
            name: Arc::clone(&listener.name),
            call: Call::Any(Arc::clone(&listener.call)),
        });
        let mut route: Vec<_> = self.typed.iter().cloned().chain(matching).collect();
        route.sort_by_key(|entry| entry.number);
        route.into()
    }
}

/// A [`Slot`] of a type that is not known here.
trait AnySlot: Any + Send + Sync {
    fn fresh(&self) -> Arc<dyn AnySlot>;
    fn without(&self, number: u64) -> Arc<dyn AnySlot>;
    fn names(&self, event: &str) -> Vec<(u64, Arc<str>)>;
}

impl<E: Event> AnySlot for Slot<E> {
    fn fresh(&self) -> Arc<dyn AnySlot> {
        Arc::new(Self::new(self.typed.clone()))
    }

    fn without(&self, number: u64) -> Arc<dyn AnySlot> {
        Arc::new(Self::new(self.typed.iter().filter(|entry| entry.number != number).cloned().collect()))
    }

    fn names(&self, event: &str) -> Vec<(u64, Arc<str>)> {
        let entries: &[_] = if E::knows(event) { &self.typed } else { &[] };
        entries.iter().map(|entry| (entry.number, Arc::clone(&entry.name))).collect()
    }
}

/// A `TypeId` is a hash already.
#[derive(Default)]
struct Identity(u64);

impl Hasher for Identity {
    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = self.0.rotate_left(8) ^ u64::from(*byte);
        }
    }

    fn write_u64(&mut self, hash: u64) {
        self.0 = hash;
    }

    fn finish(&self) -> u64 {
        self.0
    }
}
