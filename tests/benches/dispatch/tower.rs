//! A peer: the same command through a service of tower, erased as its users erase one.

use std::task::{Context, Poll};

use tower::{Service, service_fn, util::BoxCloneService};

use super::{
    by_hand::{Answer, Boxed, Plain},
    send::{Never, Touch},
};

pub type Erased = BoxCloneService<Touch, u64, Never>;

/// A middleware that passes through: its future is boxed, as that of one written with `async` is.
#[derive(Debug, Clone)]
struct Pass<S>(S);

impl<S> Service<Touch> for Pass<S>
where
    S: Service<Touch, Response = u64, Error = Never>,
    S::Future: Send + 'static,
{
    type Response = u64;
    type Error = Never;
    type Future = Boxed<'static, Answer>;

    fn poll_ready(&mut self, task: &mut Context<'_>) -> Poll<Result<(), Never>> {
        self.0.poll_ready(task)
    }

    fn call(&mut self, command: Touch) -> Self::Future {
        Box::pin(self.0.call(command))
    }
}

pub fn plain() -> Erased {
    BoxCloneService::new(service_fn(|command: Touch| async move { Plain.touch(command).await }))
}

pub fn layered() -> Erased {
    let service = service_fn(|command: Touch| async move { Plain.touch(command).await });
    BoxCloneService::new(Pass(Pass(Pass(Pass(Pass(service))))))
}
