//! Every message that a test's application has made durable.

use std::{
    fmt::Debug,
    sync::{Arc, Mutex, PoisonError},
};

use crate::{
    envelope::Envelope,
    event::{self, Event},
    sensitive::Ring,
    unit_of_work::Observer,
};

/// The messages that commits have made durable so far: events of streams, published domain events, outbox messages.
#[derive(Debug, Clone, Default)]
pub struct RecordedEvents(Arc<Mutex<Vec<(Envelope, Ring)>>>);

impl RecordedEvents {
    pub(super) fn observer(&self) -> Observer {
        let events = self.clone();
        Arc::new(move |envelope: &Envelope| {
            events.0.lock().unwrap_or_else(PoisonError::into_inner).push((envelope.clone(), Ring::at_hand()));
        })
    }

    /// All of them, in order.
    #[must_use]
    pub fn all(&self) -> Vec<Envelope> {
        self.recorded().into_iter().map(|(envelope, _)| envelope).collect()
    }

    fn recorded(&self) -> Vec<(Envelope, Ring)> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Those of one type, decoded, in order.
    ///
    /// # Panics
    /// If one cannot be decoded.
    #[must_use]
    #[track_caller]
    pub fn of<E: Event>(&self) -> Vec<E> {
        let known = self.recorded().into_iter().filter(|(envelope, _)| E::knows(&envelope.name));
        known
            .map(|(envelope, ring)| match ring.hold(|| event::open::<E>(&envelope)) {
                Ok(event) => event,
                Err(error) => panic!("`{}` cannot be read: {error:?}", envelope.name),
            })
            .collect()
    }

    /// Expects that this event was published.
    ///
    /// # Panics
    /// If it was not; it prints what was.
    #[track_caller]
    pub fn assert_published<E: Event + PartialEq + Debug>(&self, event: E) {
        let published = self.of::<E>();
        assert!(published.contains(&event), "{event:?} was not published; {}", self.there_was(&published));
    }

    /// Expects that these events, and of their type no others, were published in this order.
    ///
    /// # Panics
    /// If not; it prints what was.
    #[track_caller]
    pub fn assert_published_in_order<E: Event + PartialEq + Debug>(&self, events: impl IntoIterator<Item = E>) {
        let expected: Vec<E> = events.into_iter().collect();
        assert_eq!(self.of::<E>(), expected, "left: published, right: expected");
    }

    /// Expects that nothing was published.
    ///
    /// # Panics
    /// If something was; it prints what.
    #[track_caller]
    pub fn assert_nothing_published(&self) {
        let names: Vec<_> = self.all().into_iter().map(|envelope| envelope.name).collect();
        assert!(names.is_empty(), "nothing should be published, but there was: {}", names.join(", "));
    }

    /// Forgets what was recorded so far.
    pub fn clear(&self) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }

    fn there_was<E: Debug>(&self, published: &[E]) -> String {
        match (published, self.all().as_slice()) {
            (_, []) => "nothing was".into(),
            ([], all) => {
                let names: Vec<_> = all.iter().map(|envelope| envelope.name.as_ref()).collect();
                format!("of its type nothing was, otherwise: {}", names.join(", "))
            }
            (published, _) => format!("there was: {published:?}"),
        }
    }
}
