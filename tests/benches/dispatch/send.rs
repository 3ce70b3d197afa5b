//! A command that does nothing.

use std::{hint::black_box, sync::Arc, time::Duration};

use ::tower::{Service as _, ServiceExt as _};
use bailiwick::{App, Behaviour, Command, Context, SendError, command::Handled, mediator::Next, service};

use super::{
    by_hand::{BoxedPass, Dutiful, Erased, Mediator, Pass, Plain},
    support::{Area, Case, Gate, Side},
    through_tower,
};

#[derive(Command, Debug, Clone)]
pub struct Touch {
    pub amount: u64,
}

#[derive(Debug, thiserror::Error)]
pub enum Never {}

pub struct Counter;

#[service]
impl Counter {
    #[handle]
    async fn touch(&self, command: Touch, _cx: &mut Context) -> Result<u64, Never> {
        Ok(command.amount)
    }
}

struct Through<const N: usize>;

impl<const N: usize> Behaviour for Through<N> {
    const NAME: &'static str = "through";

    async fn around<M: Handled, X: Next<M>>(
        &self,
        message: M,
        cx: &mut Context<'_>,
        next: X,
    ) -> Result<M::Output, SendError<M::Error>> {
        next.run(message, cx).await
    }
}

pub fn cases(area: &mut Area) {
    area.case("send, no-op, no behaviour", || {
        let app = runtime().block_on(App::builder().memory().service(Counter).build()).unwrap();
        Case::cpu(limit("limit", Mediator::default().with(Plain)))
            .side(direct())
            .side(limit(DUTIES, Mediator::default().with(dutiful())))
            .side(tower("tower", through_tower::plain()))
            .side(ours(app))
            .gate(Gate::must("ours", 1.6, DUTIES))
            .gate(Gate::moonshot("ours", 1.6, "limit").because(CONTEXT))
    });
    area.case("send, no-op, 5 behaviours", || {
        let boxed = (0..5).fold(Arc::new(Plain) as Arc<dyn Erased<Touch>>, |inner, _| Arc::new(BoxedPass(inner)));
        Case::cpu(limit("limit", Mediator::default().with(Pass(Pass(Pass(Pass(Pass(Plain))))))))
            .side(limit(DUTIES, Mediator::default().with(Pass(Pass(Pass(Pass(Pass(dutiful()))))))))
            .side(limit("boxed per behaviour", Mediator::default().with(boxed)))
            .side(tower("tower, 5 layers", through_tower::layered()))
            .side(ours(with_behaviours()))
            .gate(Gate::must("ours", 2.1, DUTIES))
            .gate(Gate::must("ours", 0.5, "boxed per behaviour"))
            .gate(Gate::must("ours", 2.1, "limit").because(CONTEXT))
            .gate(Gate::moonshot("ours", 1.2, "limit"))
    });
}

/// The name of the side that owes what ours owes.
const DUTIES: &str = "the duties by hand";
const CONTEXT: &str = "the limit polls the handler's future and nothing else. Ours makes and drops a `Context`, polls an attempt \
and the user's code inside it, each a state of its own, catches panics, looks whether a time-out, an audit row, a retry or a span is \
wanted, and asks the command's own checks. No locked instruction is left, and an allocation is made once, as promised.";

fn dutiful() -> Dutiful {
    Dutiful(Some(Duration::from_secs(30)))
}

fn with_behaviours() -> App {
    let builder = App::builder().memory().behaviour(Through::<1>).behaviour(Through::<2>).behaviour(Through::<3>);
    let builder = builder.behaviour(Through::<4>).behaviour(Through::<5>);
    runtime().block_on(builder.service(Counter).build()).unwrap()
}

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap()
}

fn limit(name: &'static str, mediator: Mediator) -> Side {
    let runtime = runtime();
    Side::new(name, move |timer, times| {
        timer.time(|| {
            runtime.block_on(async {
                let mut sum = 0;
                for _ in 0..times {
                    sum += mediator.send(Touch { amount: black_box(1) }).await.unwrap_or_else(|never| match never {});
                }
                sum
            })
        })
    })
}

fn direct() -> Side {
    let runtime = runtime();
    Side::new("direct call", move |timer, times| {
        timer.time(|| {
            runtime.block_on(async {
                let mut sum = 0;
                for _ in 0..times {
                    sum += Plain.touch(Touch { amount: black_box(1) }).await.unwrap_or_else(|never| match never {});
                }
                sum
            })
        })
    })
}

fn tower(name: &'static str, mut service: through_tower::Erased) -> Side {
    let runtime = runtime();
    Side::new(name, move |timer, times| {
        timer.time(|| {
            runtime.block_on(async {
                let mut sum = 0;
                for _ in 0..times {
                    let ready = service.ready().await.unwrap_or_else(|never| match never {});
                    sum += ready.call(Touch { amount: black_box(1) }).await.unwrap_or_else(|never| match never {});
                }
                sum
            })
        })
    })
}

fn ours(app: App) -> Side {
    let runtime = runtime();
    Side::new("ours", move |timer, times| {
        timer.time(|| {
            runtime.block_on(async {
                let mut sum = 0;
                for _ in 0..times {
                    sum += app.send(Touch { amount: black_box(1) }).await.unwrap();
                }
                sum
            })
        })
    })
}
