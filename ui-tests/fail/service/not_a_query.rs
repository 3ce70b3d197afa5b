// errors: 1
use bailiwick::{Context, service};

#[derive(Debug, thiserror::Error)]
#[error("no")]
struct MeetingError;

struct Meetings;

struct Knock;

#[service(name = "meetings")]
impl Meetings {
    #[handle]
    fn read(&self, _query: Knock, _cx: &Context) -> Result<String, MeetingError> {
        Ok(String::new())
    }
}

fn main() {}
