// errors: 8
use bailiwick::{AnyEvent, Command, Context, Event, Query, Recorded, service};
use futures_core::Stream;
use serde::{Deserialize, Serialize};

#[derive(Command, Clone)]
struct Join;

#[derive(Query)]
struct Read;

#[derive(Event, Debug, Clone, Serialize, Deserialize)]
#[event(name = "meeting.joined")]
struct Joined;

#[derive(Debug, thiserror::Error)]
#[error("no")]
struct MeetingError;

struct Meetings;

#[derive(Query)]
struct History;

#[service(name = "meetings")]
impl Meetings {
    #[handle]
    async fn join(&mut self, _command: Join, _now: u64, _cx: &mut Context) -> Result<(), MeetingError> {
        Ok(())
    }

    #[handle]
    fn read(&self, _query: Read, _cx: &Context) -> String {
        String::new()
    }

    #[subscribe]
    async fn welcome(&self, _event: &Joined, _cx: &mut Context) -> Result<(), MeetingError> {
        Ok(())
    }

    #[handle(stream)]
    fn history(&self, _query: History, _cx: &mut Context) -> impl Stream<Item = String> {
        futures_util::stream::empty()
    }

    #[subscribe("meeting.*")]
    async fn greet(&self, _event: &Recorded<Joined>, _cx: &mut Context) -> Result<(), MeetingError> {
        Ok(())
    }

    #[subscribe]
    async fn log(&self, _event: &AnyEvent, _cx: &mut Context) -> Result<(), MeetingError> {
        Ok(())
    }
}

fn main() {}
