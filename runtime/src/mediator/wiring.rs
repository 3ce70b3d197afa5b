//! The registry that becomes a [`Mediator`]: what is handled, by whom, and every gap that was found.

use std::{
    any::{TypeId, type_name},
    collections::HashMap,
    marker::PhantomData,
    sync::Arc,
    time::Duration,
};

use serde::{Serialize, de::DeserializeOwned};

use super::{
    AggregateHome, AggregateRegistrar, Behaviours, HandleCommand, HandleQuery, HandleStream, LocalSubscription,
    Mediator, MessageKind, Operation, OperationRegistrar, PatternSubscriber, RemoteSubscription, Service,
    ServiceRegistrar, Slots, Source, Subscriber, Undoable,
    way::{
        AggregateHandler, CommandSlot, Handle, KeyedLocks, OperationHandler, QuerySlot, ServiceHandler, StreamSlot,
        Undo, UndoOf, remember,
    },
};
use crate::{
    aggregate::{Aggregate, Decide, Persist},
    command::{Command, Handled, Targeted},
    event::{Event, EventSpec},
    query::Query,
    unit_of_work::Units,
};

/// A message and who handles it, for `describe`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// Its name.
    pub name: &'static str,
    /// What it is for.
    pub kind: MessageKind,
    /// The type that handles it.
    pub home: &'static str,
    /// The behaviours around it, outermost first.
    pub behaviours: Vec<&'static str>,
}

/// The events of one type, for the check that names are unique.
#[derive(Debug, Clone, Copy)]
pub struct EventTable {
    /// The Rust type.
    pub type_name: &'static str,
    /// Its events.
    pub specs: &'static [EventSpec],
    /// This program has them from a broker alone.
    pub from_broker: bool,
}

/// Collects what an application handles.
#[derive(Default)]
pub struct Wiring {
    slots: Slots,
    undoers: HashMap<&'static str, Box<dyn Undo>>,
    /// Every message, in the order of registration.
    pub messages: Vec<Message>,
    /// Every event type that was named.
    pub events: Vec<EventTable>,
    /// Events that only a projection reads: their names are known, too.
    pub projected: Vec<&'static [EventSpec]>,
    /// Aggregates whose events are not in the log, and those events.
    pub unlogged: Vec<EventTable>,
    /// Subscriptions to this process.
    pub local: Vec<LocalSubscription>,
    /// Subscriptions to the broker.
    pub remote: Vec<RemoteSubscription>,
    /// Homes that were registered twice, and other contradictions.
    pub findings: Vec<String>,
    homes: Vec<(TypeId, &'static str)>,
}

impl Wiring {
    /// Registers an aggregate.
    pub fn aggregate<A: AggregateHome, U: Behaviours>(&mut self, ring: &Arc<U>) {
        self.home::<A>();
        self.event::<A::Event>(false);
        if let Persist::Entity(policy) = A::PERSIST {
            self.unlogged.push(EventTable { type_name: type_name::<A>(), specs: A::Event::SPECS, from_broker: false });
            self.findings.extend(policy.refusal().map(|error| format!("`{}`: {error:?}", type_name::<A>())));
        }
        A::register(&mut Registering { wiring: self, ring, home: PhantomData::<A> });
    }

    /// Registers a service.
    pub fn service<S: Service, U: Behaviours>(&mut self, service: S, ring: &Arc<U>) {
        self.home::<S>();
        S::register(&mut Registering { wiring: self, ring, home: Arc::new(service) });
    }

    /// Registers a command that carries out itself.
    pub fn operation<C: Operation, U: Behaviours>(&mut self, ring: &Arc<U>) {
        self.home::<C>();
        C::register(&mut Registering { wiring: self, ring, home: PhantomData::<C> });
    }

    /// Notes an event type.
    pub fn event<E: Event>(&mut self, from_broker: bool) {
        let table = EventTable { type_name: type_name::<E>(), specs: E::SPECS, from_broker };
        match self.events.iter_mut().find(|known| known.type_name == table.type_name) {
            Some(known) => known.from_broker &= from_broker,
            None => self.events.push(table),
        }
    }

    /// Whether something handles `M`.
    #[must_use]
    pub fn handles<M: 'static>(&self) -> bool {
        self.slots.contains_key(&TypeId::of::<M>())
    }

    /// The mediator. `timeout` bounds each handler unless its command says otherwise.
    #[must_use]
    pub fn build(self, units: Units, timeout: Option<Duration>) -> Mediator {
        Mediator { units, timeout, slots: self.slots, undoers: self.undoers, retries: KeyedLocks::default() }
    }

    fn home<H: 'static>(&mut self) {
        let id = TypeId::of::<H>();
        if self.homes.iter().any(|(known, _)| *known == id) {
            self.findings.push(format!("`{}` is registered twice: remove one of the two lines", type_name::<H>()));
        }
        self.homes.push((id, type_name::<H>()));
    }

    fn command<C, U, H>(&mut self, ring: &Arc<U>, handler: H)
    where
        C: Command + Handled,
        U: Behaviours,
        H: Handle<C>,
    {
        self.note::<C, U>(C::policy().name.unwrap_or(C::NAME), MessageKind::Command);
        self.slots.insert(TypeId::of::<C>(), Box::new(CommandSlot::<C>::new(Arc::clone(ring), handler)));
    }

    fn note<M: Handled, U: Behaviours>(&mut self, name: &'static str, kind: MessageKind) {
        let mut behaviours = Vec::new();
        U::names(&mut behaviours);
        self.messages.push(Message { name, kind, home: type_name::<M::Home>(), behaviours });
    }
}

struct Registering<'a, U, H> {
    wiring: &'a mut Wiring,
    ring: &'a Arc<U>,
    home: H,
}

impl<A: Aggregate, U: Behaviours> AggregateRegistrar<A> for Registering<'_, U, PhantomData<A>> {
    fn decides<C>(&mut self)
    where
        C: Command + Targeted<Id = A::Id> + Handled<Home = A, Error = A::Error, Output = ()>,
        A: Decide<C>,
    {
        self.wiring.command::<C, U, _>(self.ring, AggregateHandler::<A>(PhantomData));
    }
}

impl<S: Service, U: Behaviours> ServiceRegistrar<S> for Registering<'_, U, Arc<S>> {
    fn command<C>(&mut self)
    where
        C: Command + Handled<Home = S>,
        S: HandleCommand<C>,
    {
        self.wiring.command::<C, U, _>(self.ring, ServiceHandler(Arc::clone(&self.home)));
    }

    fn query<Q>(&mut self)
    where
        Q: Query + Handled<Home = S>,
        S: HandleQuery<Q>,
    {
        self.wiring.note::<Q, U>(Q::NAME, MessageKind::Query);
        let slot = QuerySlot::<Q>::new(Arc::clone(self.ring), ServiceHandler(Arc::clone(&self.home)));
        self.wiring.slots.insert(TypeId::of::<Q>(), Box::new(slot));
    }

    fn stream<Q>(&mut self)
    where
        Q: Query + Handled<Home = S>,
        S: HandleStream<Q>,
    {
        self.wiring.note::<Q, ()>(Q::NAME, MessageKind::Query);
        let slot = StreamSlot::<Q>::new(Arc::clone(&self.home));
        self.wiring.slots.insert(TypeId::of::<Q>(), Box::new(slot));
    }

    fn subscriber<T: Subscriber<Service = S>>(&mut self) {
        self.wiring.event::<T::Event>(T::SOURCE == Source::Broker);
        let service = Arc::clone(&self.home);
        match T::SOURCE {
            Source::Process => self.wiring.local.push(LocalSubscription::typed::<T>(service)),
            Source::Broker => self.wiring.remote.push(RemoteSubscription::new::<T>(service)),
        }
    }

    fn pattern_subscriber<T: PatternSubscriber<Service = S>>(&mut self) {
        self.wiring.local.push(LocalSubscription::pattern::<T>(Arc::clone(&self.home)));
    }
}

impl<C: Operation, U: Behaviours> OperationRegistrar<C> for Registering<'_, U, PhantomData<C>> {
    fn plain(&mut self) {
        self.wiring.command::<C, U, _>(self.ring, OperationHandler::<C> { remember: None });
    }

    fn undoable(&mut self)
    where
        C: Undoable,
        <C as Handled>::Output: Serialize + DeserializeOwned + Sync,
    {
        self.wiring.command::<C, U, _>(self.ring, OperationHandler::<C> { remember: Some(remember::<C>) });
        let name = C::policy().name.unwrap_or(C::NAME);
        if self.wiring.undoers.insert(name, Box::new(UndoOf::<C>(PhantomData))).is_some() {
            self.wiring.findings.push(format!("two commands that can be undone are named `{name}`: rename one"));
        }
    }
}

impl std::fmt::Debug for Wiring {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Wiring")
            .field("messages", &self.messages)
            .field("findings", &self.findings)
            .finish_non_exhaustive()
    }
}
