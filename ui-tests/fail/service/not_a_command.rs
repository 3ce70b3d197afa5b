// errors: 1
use bailiwick::{Context, service};

#[derive(Debug, thiserror::Error)]
#[error("no")]
struct MeetingError;

struct Meetings;

#[derive(Clone)]
struct Knock;

#[service(name = "meetings")]
impl Meetings {
    #[handle]
    async fn join(&self, _command: Knock, _cx: &mut Context) -> Result<(), MeetingError> {
        Ok(())
    }
}

fn main() {}
