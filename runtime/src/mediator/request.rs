//! What a caller says about a dispatch, and what a run tells.

use std::fmt;

use crate::{
    actor::Actor,
    bus::DispatchError,
    command::Handled,
    envelope::{Metadata, TraceParent},
    id::MessageId,
    tenant::TenantId,
    version::Position,
};

/// Who sends a message, for whom, and as part of what.
#[derive(Debug, Clone, Default)]
pub struct Request {
    /// `None` as long as nothing was said: most dispatches carry one empty word.
    metadata: Option<Box<Metadata>>,
}

static NOTHING: Metadata =
    Metadata { tenant: None, actor: None, correlation: None, causation: None, traceparent: None, depth: 0 };

impl Request {
    /// A request of nobody in particular.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// For this tenant.
    #[must_use]
    pub fn tenant(mut self, tenant: TenantId) -> Self {
        self.said().tenant = Some(tenant);
        self
    }

    /// By this actor.
    #[must_use]
    pub fn actor(mut self, actor: Actor) -> Self {
        self.said().actor = Some(actor);
        self
    }

    /// As part of this conversation.
    #[must_use]
    pub fn correlation(mut self, correlation: MessageId) -> Self {
        self.said().correlation = Some(correlation);
        self
    }

    /// As part of this trace.
    #[must_use]
    pub fn trace(mut self, trace: TraceParent) -> Self {
        self.said().traceparent = Some(trace);
        self
    }

    /// The tenant it is for.
    #[must_use]
    pub fn tenant_id(&self) -> Option<&TenantId> {
        self.metadata().tenant.as_ref()
    }

    /// Of a subscriber in this process: the command's own, one level deeper.
    #[must_use]
    pub(super) fn within(metadata: &Metadata, depth: u8) -> Self {
        Self::saying(Metadata { depth, ..metadata.clone() })
    }

    /// Of a subscriber to the broker. It acts as itself: the actor of a message that came from outside is no authority.
    #[must_use]
    pub(super) fn acting_as(subscription: &str, metadata: &Metadata) -> Self {
        Self::saying(Metadata { actor: Some(Actor::new(subscription)), depth: 0, ..metadata.clone() })
    }

    fn saying(metadata: Metadata) -> Self {
        Self { metadata: Some(Box::new(metadata)) }
    }

    pub(super) fn metadata(&self) -> &Metadata {
        self.metadata.as_deref().unwrap_or(&NOTHING)
    }

    fn said(&mut self) -> &mut Metadata {
        self.metadata.get_or_insert_default()
    }
}

/// A command that was carried out.
pub struct Executed<C: Handled> {
    pub(super) id: MessageId,
    pub(super) output: C::Output,
    pub(super) position: Position,
    pub(super) dispatch_errors: Vec<DispatchError>,
}

impl<C: Handled> Executed<C> {
    /// The id of this run, for [`undo`](super::Mediator::undo) and the audit.
    pub fn id(&self) -> MessageId {
        self.id
    }

    /// What the handler answered.
    pub fn output(&self) -> &C::Output {
        &self.output
    }

    /// What the handler answered.
    pub fn into_output(self) -> C::Output {
        self.output
    }

    /// The position of the last event it appended; [`Position::START`] without events.
    pub fn position(&self) -> Position {
        self.position
    }

    /// In-process subscribers that failed after the commit.
    pub fn dispatch_errors(&self) -> &[DispatchError] {
        &self.dispatch_errors
    }
}

impl<C: Handled> fmt::Debug for Executed<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Executed")
            .field("id", &self.id)
            .field("position", &self.position)
            .field("dispatch_errors", &self.dispatch_errors)
            .finish_non_exhaustive()
    }
}
