// errors: 1
use bailiwick::{Context, Query, service};
use futures_core::Stream;

#[derive(Query)]
struct Read;

#[derive(Debug, thiserror::Error)]
#[error("no")]
struct MeetingError;

struct Meetings;

#[service(name = "meetings")]
impl Meetings {
    #[handle(stream)]
    async fn read(&self, _query: Read, _cx: &Context) -> impl Stream<Item = Result<String, MeetingError>> {
        futures_util::stream::empty()
    }
}

fn main() {}
