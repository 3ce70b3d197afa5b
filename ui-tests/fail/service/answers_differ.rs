// errors: 1
use bailiwick::{Context, Query, service};

#[derive(Query)]
#[query(output = String)]
struct Read;

#[derive(Debug, thiserror::Error)]
#[error("no")]
struct MeetingError;

struct Meetings;

#[service(name = "meetings")]
impl Meetings {
    #[handle]
    fn read(&self, _query: Read, _cx: &Context) -> Result<u64, MeetingError> {
        Ok(7)
    }
}

fn main() {}
