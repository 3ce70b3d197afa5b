// errors: 2
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
    fn read(&self, _query: Read, _cx: &mut Context) -> impl Stream<Item = String> {
        futures_util::stream::empty()
    }
}

fn main() {}
