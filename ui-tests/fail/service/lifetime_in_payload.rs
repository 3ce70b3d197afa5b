// errors: 1
use bailiwick::{Command, Context, service};

#[derive(Command, Clone)]
struct Join;

#[derive(Debug, thiserror::Error)]
#[error("no")]
struct MeetingError;

struct Meetings;

#[service(name = "meetings")]
impl Meetings {
    #[handle]
    async fn join(&self, _command: &Join, _cx: &mut Context) -> Result<(), MeetingError> {
        Ok(())
    }
}

fn main() {}
