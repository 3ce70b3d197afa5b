// errors: 3
use bailiwick::{Command, Context, Event, Recorded, service};
use serde::{Deserialize, Serialize};

#[derive(Command, Clone)]
struct Join;

#[derive(Event, Debug, Clone, Serialize, Deserialize)]
#[event(name = "meeting.joined")]
struct Joined;

#[derive(Debug, thiserror::Error)]
#[error("no")]
struct MeetingError;

struct Meetings;

#[service(nome = "meetings")]
impl Meetings {
    #[handle(comand)]
    async fn join(&self, _command: Join, _cx: &mut Context) -> Result<(), MeetingError> {
        Ok(())
    }

    #[subscribe(remotely)]
    async fn welcome(&self, _event: &Recorded<Joined>, _cx: &mut Context) -> Result<(), MeetingError> {
        Ok(())
    }
}

fn main() {}
