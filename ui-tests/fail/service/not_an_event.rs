// errors: 1
use bailiwick::{Context, Recorded, service};

#[derive(Debug, thiserror::Error)]
#[error("no")]
struct MeetingError;

struct Meetings;

struct Knock;

#[service(name = "meetings")]
impl Meetings {
    #[subscribe]
    async fn welcome(&self, _event: &Recorded<Knock>, _cx: &mut Context) -> Result<(), MeetingError> {
        Ok(())
    }
}

fn main() {}
