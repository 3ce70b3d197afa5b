// errors: 6
use bailiwick::{AnyEvent, Command, Context, Query, service};
use futures_core::Stream;

#[derive(Command, Clone)]
struct Join;

#[derive(Query)]
struct Read;

#[derive(Debug, thiserror::Error)]
#[error("no")]
struct MeetingError;

struct Meetings;

#[service(name = "meetings")]
impl Meetings {
    #[handle]
    #[subscribe]
    async fn join(&self, _command: Join, _cx: &mut Context) -> Result<(), MeetingError> {
        Ok(())
    }

    #[handle(query, stream)]
    fn read(&self, _query: Read, _cx: &Context) -> impl Stream<Item = Result<String, MeetingError>> {
        futures_util::stream::empty()
    }

    #[subscribe("order.*", remote)]
    async fn welcome(&self, _event: &AnyEvent, _cx: &mut Context) -> Result<(), MeetingError> {
        Ok(())
    }
}

fn main() {}
