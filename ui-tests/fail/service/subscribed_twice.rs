// errors: 2
use bailiwick::{Context, Event, Recorded, service};
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
    #[subscribe(name = "meetings.hello")]
    async fn welcome(&self, _event: &Recorded<Joined>, _cx: &mut Context) -> Result<(), MeetingError> {
        Ok(())
    }

    #[subscribe(name = "meetings.hello")]
    async fn hello(&self, _event: &Recorded<Joined>, _cx: &mut Context) -> Result<(), MeetingError> {
        Ok(())
    }
}

fn main() {}
