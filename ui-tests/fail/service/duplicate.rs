// errors: 4
use bailiwick::{Command, Context, service};

#[derive(Command, Clone)]
struct Join;

#[derive(Debug, thiserror::Error)]
#[error("no")]
struct MeetingError;

struct Meetings;

#[service(name = "a", name = "b")]
impl Meetings {
    #[handle]
    #[handle]
    async fn join(&self, _command: Join, _cx: &mut Context) -> Result<(), MeetingError> {
        Ok(())
    }
}

fn main() {}
