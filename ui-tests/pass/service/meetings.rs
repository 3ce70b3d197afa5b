//! The programs of the guide: a service, a command that can be undone, a projection.

#![deny(warnings)]
#![allow(dead_code, reason = "nothing is sent here")]

use std::sync::Arc;

use bailiwick::{Actor, AnyEvent, Command, Context, Event, Query, Recorded, command, projection, service};
use bailiwick::store::Transaction;
use futures_core::Stream;
use serde::{Deserialize, Serialize};

type MeetingId = u64;
type UserId = u64;
type MeetingLink = String;

struct Rooms;

impl Rooms {
    async fn join(&self, _: MeetingId, _: UserId) -> Result<(), MeetingError> {
        Ok(())
    }
}

#[derive(Debug, thiserror::Error)]
#[error("no")]
pub struct MeetingError;

#[derive(Event, Debug, Clone, PartialEq, Serialize, Deserialize)]
#[event(name = "meeting.user_joined")]
pub struct UserJoined { user: UserId }

#[derive(Command, Debug, Clone, Serialize, Deserialize)]
pub struct JoinMeeting { meeting: MeetingId, user: UserId }

#[derive(Query, Debug, Clone, Serialize, Deserialize)]
pub struct ReadHistory;

#[derive(Debug)]
pub struct Entry;

#[derive(Command, Debug, Clone)]
pub struct Ping;

#[derive(Query, Debug, Clone)]
pub struct Ask;

pub struct Meetings { rooms: Arc<Rooms> }

#[derive(Query, Debug, Clone, Serialize, Deserialize)]
#[query(output = MeetingLink)]
pub struct ReadMeeting { pub meeting: MeetingId }

#[service]
impl Meetings {
    #[handle]
    async fn join(&self, command: JoinMeeting, cx: &mut Context) -> Result<(), MeetingError> {
        self.rooms.join(command.meeting, command.user).await?;
        cx.publish(UserJoined { user: command.user });          // outbox: sent only if the transaction commits
        Ok(())
    }
    #[handle]
    async fn read(&self, query: ReadMeeting, cx: &Context) -> Result<MeetingLink, MeetingError> {
        let _ = cx;
        Ok(query.meeting.to_string())
    }
    #[handle]
    async fn ping(&self, _: Ping) -> Result<u8, MeetingError> { Ok(7) }
    #[handle]
    fn ask(&self, _: Ask) -> Result<u16, MeetingError> { Ok(8) }
    #[handle(stream)]
    fn history(&self, query: ReadHistory, cx: &Context) -> impl Stream<Item = Result<Entry, MeetingError>> {
        let _ = (query, cx);
        futures_util::stream::iter([Ok(Entry)])
    }
    #[subscribe]
    async fn welcome(&self, event: &Recorded<UserJoined>, cx: &mut Context) -> Result<(), MeetingError> {
        let _ = (event.user, cx);
        Ok(())
    }
    #[subscribe(name = "billing.welcome", remote)]
    fn bill(&self, _: &Recorded<UserJoined>) -> Result<(), MeetingError> { Ok(()) }
    #[subscribe("order.*")]
    async fn log(&self, event: &AnyEvent) -> Result<(), MeetingError> {
        let _ = event;
        Ok(())
    }
}

type RequestId = String;
type OrderId = String;

#[derive(Debug, Serialize, Deserialize)]
pub struct Renamed;

#[derive(Debug, thiserror::Error)]
#[error("no")]
pub struct OrderError;

#[derive(Command, Debug, Clone, Serialize, Deserialize)]
pub struct RenameOrder { pub request: RequestId, #[target] pub order: OrderId, pub name: String, #[audit(redact)] pub note: Option<String> }

#[command(name = "order.rename", audit)]
impl RenameOrder {
    #[validate]  fn check(&self) -> Result<(), OrderError> { Ok(()) }
    #[authorize] fn allowed(&self, actor: &Actor) -> bool { let _ = actor; true }
    #[execute]   async fn execute(&self, cx: &mut Context) -> Result<Renamed, OrderError> { let _ = cx; Ok(Renamed) }
    #[undo]      async fn undo(&self, done: &Renamed, cx: &mut Context) -> Result<(), OrderError> { let _ = (done, cx); Ok(()) }
}

#[derive(Event, Debug, Clone, PartialEq, Serialize, Deserialize)]
#[event(name = "order.paid")]
pub struct OrderPaid { cents: u64 }

type Error = OrderError;

pub struct RevenueByMonth;

#[projection(name = "revenue_by_month", version = 1)]
impl RevenueByMonth {
    #[project] async fn paid(&self, event: &Recorded<OrderPaid>, tx: &mut Transaction) -> Result<(), Error> { let _ = (event, tx); Ok(()) }
}

fn main() {
    use bailiwick::{Projection, Service, command::Handled};
    fn output<M: Handled<Output = T>, T>() {}
    output::<ReadMeeting, MeetingLink>();
    output::<ReadHistory, Entry>();
    output::<Ping, u8>();
    output::<Ask, u16>();
    assert_eq!((Meetings::NAME, RevenueByMonth::NAME), ("meetings", "revenue_by_month"));
}
