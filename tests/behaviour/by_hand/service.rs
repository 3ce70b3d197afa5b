//! A service.

use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};

use bailiwick::{
    AnyEvent, BoxError, Command, Context, Event, Query, Recorded, Service,
    command::Handled,
    mediator::{HandleCommand, HandleQuery, HandleStream, PatternSubscriber, ServiceRegistrar, Source, Subscriber},
    service, testing,
};
use futures_core::Stream;
use futures_util::{StreamExt as _, stream};
use serde::{Deserialize, Serialize};

use super::No;

#[derive(Event, Debug, Clone, PartialEq, Serialize, Deserialize)]
#[event(name = "meeting.joined")]
struct Joined {
    user: u64,
}

/// The messages of one service; each service has its own.
macro_rules! messages {
    ($($derive:ident $name:ident { $($field:ident)? })*) => {
        $(#[derive($derive, Debug, Clone)] struct $name { $($field: u64)? })*
    };
}

messages! {
    Command Join { user } Query Sum {} Query Countdown { from }
    Command JoinByHand { user } Query SumByHand {} Query CountdownByHand { from }
}

#[derive(Clone, Default)]
struct Meetings {
    sum: Arc<AtomicU64>,
}

#[service]
impl Meetings {
    #[handle]
    async fn join(&self, command: Join, cx: &mut Context) -> Result<u64, No> {
        if command.user == 0 {
            return Err(No);
        }
        cx.publish(Joined { user: command.user });
        Ok(command.user * 2)
    }

    #[handle]
    fn sum(&self, _: Sum) -> Result<u64, No> {
        Ok(self.sum.load(Ordering::SeqCst))
    }

    #[handle(stream)]
    fn countdown(&self, query: Countdown) -> impl Stream<Item = Result<u64, No>> {
        stream::iter((0..query.from).rev().map(Ok))
    }

    #[subscribe]
    fn welcome(&self, event: &Recorded<Joined>) -> Result<(), No> {
        self.sum.fetch_add(event.user, Ordering::SeqCst);
        Ok(())
    }

    #[subscribe("meeting.*")]
    async fn log(&self, event: &AnyEvent) -> Result<(), No> {
        self.sum.fetch_add(event.name.len() as u64 * 1000, Ordering::SeqCst);
        Ok(())
    }
}

#[derive(Clone, Default)]
struct ByHand {
    sum: Arc<AtomicU64>,
}

impl Handled for JoinByHand {
    type Output = u64;
    type Error = No;
    type Home = ByHand;

    const REGISTER: &'static str = ".service(ByHand { .. })";
}

impl HandleCommand<JoinByHand> for ByHand {
    async fn handle(&self, command: JoinByHand, cx: &mut Context<'_>) -> Result<u64, No> {
        if command.user == 0 {
            return Err(No);
        }
        cx.publish(Joined { user: command.user });
        Ok(command.user * 2)
    }
}

impl Handled for SumByHand {
    type Output = u64;
    type Error = No;
    type Home = ByHand;

    const REGISTER: &'static str = ".service(ByHand { .. })";
}

impl HandleQuery<SumByHand> for ByHand {
    async fn handle(&self, _: SumByHand, _: &Context<'_>) -> Result<u64, No> {
        Ok(self.sum.load(Ordering::SeqCst))
    }
}

impl Handled for CountdownByHand {
    type Output = u64;
    type Error = No;
    type Home = ByHand;

    const REGISTER: &'static str = ".service(ByHand { .. })";
}

impl HandleStream<CountdownByHand> for ByHand {
    fn handle<'a>(
        &'a self,
        query: CountdownByHand,
        _: &'a Context<'_>,
    ) -> impl Stream<Item = Result<u64, No>> + Send + 'a {
        stream::iter((0..query.from).rev().map(Ok))
    }
}

struct Welcome;

impl Subscriber for Welcome {
    type Service = ByHand;
    type Event = Joined;

    const NAME: &'static str = "by_hand.welcome";
    const SOURCE: Source = Source::of::<Joined>();

    async fn receive(service: &ByHand, event: &Recorded<Joined>, _: &mut Context<'_>) -> Result<(), BoxError> {
        service.sum.fetch_add(event.user, Ordering::SeqCst);
        Ok(())
    }
}

struct Log;

impl PatternSubscriber for Log {
    type Service = ByHand;

    const NAME: &'static str = "by_hand.log";
    const PATTERN: &'static str = "meeting.*";

    async fn receive(service: &ByHand, event: &AnyEvent, _: &mut Context<'_>) -> Result<(), BoxError> {
        service.sum.fetch_add(event.name.len() as u64 * 1000, Ordering::SeqCst);
        Ok(())
    }
}

impl Service for ByHand {
    const NAME: &'static str = "by_hand";

    fn register<R: ServiceRegistrar<Self>>(registrar: &mut R) {
        registrar.command::<JoinByHand>();
        registrar.query::<SumByHand>();
        registrar.stream::<CountdownByHand>();
        registrar.subscriber::<Welcome>();
        registrar.pattern_subscriber::<Log>();
    }
}

#[tokio::test]
async fn services() {
    let written = {
        let app = testing::app().service(Meetings::default()).build().await;
        let (no, yes) = (app.send(Join { user: 0 }).await, app.send(Join { user: 4 }).await);
        app.settle().await;
        let items: Vec<u64> = app.stream(Countdown { from: 3 }).map(|item| item.unwrap()).collect().await;
        (format!("{no:?} {yes:?}"), app.query(Sum {}).await.unwrap(), items)
    };
    let by_hand = {
        let app = testing::app().service(ByHand::default()).build().await;
        let (no, yes) = (app.send(JoinByHand { user: 0 }).await, app.send(JoinByHand { user: 4 }).await);
        app.settle().await;
        let items: Vec<u64> = app.stream(CountdownByHand { from: 3 }).map(|item| item.unwrap()).collect().await;
        (format!("{no:?} {yes:?}"), app.query(SumByHand {}).await.unwrap(), items)
    };
    assert_eq!(written, by_hand);
    assert_eq!((Meetings::NAME, written.1), ("meetings", 14_004));
}
