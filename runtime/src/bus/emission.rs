//! One event on its way to its handlers.
//!
//! A handler is polled once where it is called. Most emissions therefore end in their first poll, with the table of handlers
//! borrowed and nothing kept; only where a handler waits, the rest is put away, with its own share of the route.

use std::{
    future::poll_fn,
    sync::Arc,
    task::{Context, Poll, ready},
};

use futures_util::{FutureExt as _, StreamExt as _, future::BoxFuture, stream};

use super::{
    Bus,
    dispatch::{DispatchError, HandlerError},
    handler::{Call, Called, Entry, Handled, Waiting},
    routes::Route,
};
use crate::{envelope::Recorded, error::BoxError, event::Event};

/// What became of an event.
pub(super) type Answer = Result<(), DispatchError>;

/// What is left to do once a handler waits.
pub(super) type Rest = BoxFuture<'static, Answer>;

/// What went wrong so far: one word, because mostly it is nothing.
type Failed = Option<Box<DispatchError>>;

/// An emission, polled with the bus. It is small, because it is moved before it is polled.
pub(super) struct Emission<E> {
    /// Taken when handlers come to share it.
    event: Option<Recorded<E>>,
    rest: Option<Rest>,
}

impl<E: Event> Emission<E> {
    pub(super) fn new(event: Recorded<E>) -> Self {
        Self { event: Some(event), rest: None }
    }

    /// What is left to do, if a handler waits.
    pub(super) fn rest(self) -> Option<Rest> {
        self.rest
    }

    pub(super) fn poll(&mut self, bus: &Bus, cx: &mut Context<'_>) -> Poll<Answer> {
        if let Some(rest) = &mut self.rest {
            return rest.as_mut().poll(cx);
        }
        let Some(index) = self.event.as_ref().map(|event| event.event().index()) else { return Poll::Ready(Ok(())) };
        let begun = bus.on_route(index, |route| self.begin(route, index, bus.at_once, cx));
        begun.unwrap_or(Poll::Ready(Ok(())))
    }

    /// Calls the synchronous handlers at the head of a route, which only look at the event, and then the others.
    #[inline]
    fn begin(&mut self, route: &Route<E>, index: usize, at_once: usize, cx: &mut Context<'_>) -> Poll<Answer> {
        let Some(event) = &self.event else { return Poll::Ready(Ok(())) };
        let (mut failed, mut left) = (None, &**route);
        while let Some((entry, others)) = left.split_first() {
            let Call::Sync(call) = &entry.call else {
                let event = self.event.take().map(Arc::new);
                let next = route.len() - left.len();
                return self.go_on(route, Progress { index, event, next, failed }, at_once, cx);
            };
            if let Err(error) = call(event) {
                failed = failure::<E>(failed, index, entry, error);
            }
            left = others;
        }
        self.event = None; // it has reached everybody
        Poll::Ready(answer(failed))
    }

    // Its variables are many: inlined they would slow down the emission that never comes here.
    #[inline(never)]
    fn go_on(
        &mut self,
        route: &Route<E>,
        mut progress: Progress<E>,
        at_once: usize,
        cx: &mut Context<'_>,
    ) -> Poll<Answer> {
        if at_once > 1 {
            return self.rest.insert(progress.at_once(Arc::clone(route), at_once).boxed()).as_mut().poll(cx);
        }
        match progress.go_on(route, cx) {
            None => Poll::Ready(answer(progress.failed)),
            Some(waiting) => {
                self.rest = Some(progress.in_order(Arc::clone(route), waiting).boxed());
                Poll::Pending // the handler was polled just now
            }
        }
    }
}

/// How far an event has come on its route.
struct Progress<E> {
    /// The row of the event among those of its type.
    index: usize,
    /// `None` once the last handler has it.
    event: Option<Arc<Recorded<E>>>,
    /// The first handler that was not called yet.
    next: usize,
    failed: Failed,
}

impl<E: Event> Progress<E> {
    /// Calls the handlers that are left, until one waits.
    fn go_on(&mut self, route: &[Entry<E>], cx: &mut Context<'_>) -> Option<Waiting> {
        while let Some(entry) = route.get(self.next) {
            self.next += 1;
            match call(entry, &mut self.event, self.next == route.len(), cx) {
                Called::Done(answer) => self.collect(entry, answer),
                Called::Waits(waiting) => return Some(waiting),
            }
        }
        None
    }

    /// Waits for the handler that was called last, then calls the others, each when the one before it has ended.
    fn in_order(mut self, route: Route<E>, waiting: Waiting) -> impl Future<Output = Answer> + Send {
        let mut waiting = Some(waiting);
        poll_fn(move |cx| {
            if let Some(work) = &mut waiting {
                let answer = ready!(work.poll(cx));
                waiting = None; // what it holds is free before the next one begins
                self.collect(&route[self.next - 1], answer);
            }
            waiting = self.go_on(&route, cx);
            if waiting.is_some() { Poll::Pending } else { Poll::Ready(answer(self.failed.take())) }
        })
    }

    /// Calls the handlers that are left, at most so many at a time.
    async fn at_once(mut self, route: Route<E>, at_once: usize) -> Answer {
        let calls = stream::iter(self.next..route.len()).map(|index| whole_call(&route[index], self.event.clone()));
        let answers: Vec<Handled> = calls.buffered(at_once).collect().await;
        for (entry, answer) in route[self.next..].iter().zip(answers) {
            self.collect(entry, answer);
        }
        answer(self.failed)
    }

    fn collect(&mut self, entry: &Entry<E>, answer: Handled) {
        if let Err(error) = answer {
            self.failed = failure::<E>(self.failed.take(), self.index, entry, error);
        }
    }
}

/// Calls one handler and waits for it.
fn whole_call<E: Event>(entry: &Entry<E>, mut event: Option<Arc<Recorded<E>>>) -> impl Future<Output = Handled> + Send {
    let mut waiting = None::<Waiting>;
    poll_fn(move |cx| {
        if let Some(waiting) = &mut waiting {
            return waiting.poll(cx);
        }
        match call(entry, &mut event, true, cx) {
            Called::Done(answer) => Poll::Ready(answer),
            Called::Waits(begun) => {
                waiting = Some(begun);
                Poll::Pending
            }
        }
    })
}

/// Calls one handler. The last one takes the event: counting it up and down once more would cost as much as a call.
fn call<E: Event>(entry: &Entry<E>, event: &mut Option<Arc<Recorded<E>>>, last: bool, cx: &mut Context<'_>) -> Called {
    let Some(shared) = event else { return Called::Done(Ok(())) };
    match &entry.call {
        Call::Sync(call) => Called::Done(call(shared)),
        Call::Any(call) => call(Arc::clone(&shared.envelope), cx),
        Call::Async(call) => {
            let shared = if last { event.take() } else { Some(Arc::clone(shared)) };
            shared.map_or(Called::Done(Ok(())), |shared| call(shared, cx))
        }
    }
}

/// Adds a failure. By value, so that what went wrong stays in a register while nothing does.
#[cold]
fn failure<E: Event>(failed: Failed, index: usize, entry: &Entry<E>, error: BoxError) -> Failed {
    let none = || Box::new(DispatchError { event: E::SPECS[index].name, errors: Vec::new() });
    let mut failed = failed.unwrap_or_else(none);
    failed.errors.push(HandlerError { handler: Arc::clone(&entry.name), error });
    Some(failed)
}

fn answer(failed: Failed) -> Answer {
    failed.map_or(Ok(()), |failed| Err(*failed))
}
