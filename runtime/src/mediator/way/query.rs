//! The way of a query.

use std::{pin::pin, sync::Arc};

use tracing::Instrument as _;

use super::{Boxed, Way, core::Core, homes::Ask, stream::admit, tell};
use crate::{
    command::Handled,
    mediator::{Behaviours, Context, Mediator, MessageInfo, MessageKind, Next, Request, behaviour::Answer},
    query::Query,
    telemetry,
};

/// The way of a query, with its behaviours and its handler inside.
pub(in crate::mediator) struct QuerySlot<Q: Query + Handled>(Box<dyn DynQuery<Q>>);

trait DynQuery<Q: Query + Handled>: Send + Sync {
    fn ask<'a>(&'a self, mediator: &'a Mediator, query: Q, request: Request) -> Boxed<'a, Answer<Q>>;
}

impl<Q: Query + Handled> QuerySlot<Q> {
    pub(in crate::mediator) fn new<U: Behaviours, H: Ask<Q>>(ring: Arc<U>, handler: H) -> Self {
        let policy = Q::policy();
        let info = MessageInfo { name: policy.name.unwrap_or(Q::NAME), kind: MessageKind::Query };
        let timeout = policy.timeout;
        Self(Box::new(Way { ring, core: Core { handler, info, policy, attempts: 1, timeout } }))
    }

    pub(in crate::mediator) fn ask<'a>(
        &'a self,
        mediator: &'a Mediator,
        query: Q,
        request: Request,
    ) -> Boxed<'a, Answer<Q>> {
        self.0.ask(mediator, query, request)
    }
}

impl<Q: Query + Handled, U: Behaviours, H: Ask<Q>> DynQuery<Q> for Way<U, H> {
    fn ask<'a>(&'a self, mediator: &'a Mediator, query: Q, request: Request) -> Boxed<'a, Answer<Q>> {
        let mut cx = Context::new(mediator, &self.core.info, request);
        let work = async move {
            let answer = self.ring.run(query, &mut cx, Asked(&self.core)).await;
            tell("query", &answer);
            answer
        };
        Box::pin(work.instrument(telemetry::query(self.core.info.name)))
    }
}

struct Asked<'a, H>(&'a Core<H>);

impl<H> Clone for Asked<'_, H> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<H> Copy for Asked<'_, H> {}

impl<Q: Query + Handled, H: Ask<Q>> Next<Q> for Asked<'_, H> {
    async fn run(self, query: Q, cx: &mut Context<'_>) -> Answer<Q> {
        let cx = &*cx;
        let work = pin!(async {
            admit(&query, cx).await?;
            self.0.handler.ask(query, cx).await
        });
        self.0.bounded(cx.mediator(), cx.around(), work).await
    }
}
