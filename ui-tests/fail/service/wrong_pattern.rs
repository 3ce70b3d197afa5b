// errors: 2
use bailiwick::{AnyEvent, Context, Event, Recorded, service};
use serde::{Deserialize, Serialize};

#[derive(Event, Debug, Clone, Serialize, Deserialize)]
#[event(name = "meeting.joined")]
struct Joined;

#[derive(Debug, thiserror::Error)]
#[error("no")]
struct MeetingError;

struct Meetings;

#[service(name = "meetings")]
impl Meetings {
    #[subscribe("meeting.*")]
    async fn welcome(&self, _event: &Recorded<Joined>, _cx: &mut Context) -> Result<(), MeetingError> {
        Ok(())
    }

    #[subscribe]
    async fn log(&self, _event: &AnyEvent, _cx: &mut Context) -> Result<(), MeetingError> {
        Ok(())
    }
}

fn main() {}
