//! An event that waits to be dispatched, of whatever type.

use std::{
    fmt,
    future::poll_fn,
    sync::Arc,
    task::{Context, Poll},
};

use super::{
    Bus,
    emission::{Answer, Emission, Rest},
};
use crate::{
    envelope::{Envelope, Origin, Recorded},
    event::Event,
};

/// An event with its envelope, whose type has been put away: what a unit of work stages until after the commit.
/// [`Bus::dispatch`] finds its typed handlers without decoding it again.
pub struct Staged(Box<dyn AnyRecorded>);

impl Staged {
    /// Puts an event's type away.
    #[must_use]
    pub fn new<E: Event>(event: Recorded<E>) -> Self {
        Self(Box::new(event))
    }

    /// The envelope.
    #[must_use]
    pub fn envelope(&self) -> &Envelope {
        self.0.envelope()
    }

    /// The event's registered name.
    #[must_use]
    pub fn name(&self) -> &'static str {
        self.0.name()
    }

    /// Gives it another payload, of the same event.
    pub(crate) fn reseal(&mut self, payload: Arc<[u8]>) {
        self.0.reseal(payload);
    }

    /// Says where in the event store the event came to stand; known only after the commit.
    pub fn place(&mut self, origin: Origin) {
        self.0.place(origin);
    }

    pub(super) async fn dispatch(self, bus: &Bus) -> Answer {
        let (mut staged, mut rest) = (Some(self.0), None);
        poll_fn(|cx| {
            if let Some(rest) = &mut rest {
                return Rest::as_mut(rest).poll(cx);
            }
            let Some(event) = staged.take() else { return Poll::Ready(Ok(())) };
            event.dispatch(bus, cx, &mut rest)
        })
        .await
    }
}

impl fmt::Debug for Staged {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Staged({}, {})", self.name(), self.envelope().id)
    }
}

trait AnyRecorded: Send + Sync {
    fn envelope(&self) -> &Envelope;
    fn name(&self) -> &'static str;
    fn place(&mut self, origin: Origin);
    fn reseal(&mut self, payload: Arc<[u8]>);
    fn dispatch(self: Box<Self>, bus: &Bus, cx: &mut Context<'_>, rest: &mut Option<Rest>) -> Poll<Answer>;
}

impl<E: Event> AnyRecorded for Recorded<E> {
    fn envelope(&self) -> &Envelope {
        Self::envelope(self)
    }

    fn name(&self) -> &'static str {
        self.event().spec().name
    }

    fn place(&mut self, origin: Origin) {
        self.origin = Some(origin);
    }

    fn reseal(&mut self, payload: Arc<[u8]>) {
        Arc::make_mut(&mut self.envelope).payload = payload;
    }

    fn dispatch(self: Box<Self>, bus: &Bus, cx: &mut Context<'_>, rest: &mut Option<Rest>) -> Poll<Answer> {
        let mut emission = Emission::new(*self);
        let answer = emission.poll(bus, cx);
        *rest = emission.rest();
        answer
    }
}
