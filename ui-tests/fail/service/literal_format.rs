// errors: 2
use bailiwick::{AnyEvent, Context, service};

#[derive(Debug, thiserror::Error)]
#[error("no")]
struct MeetingError;

struct Meetings;

#[service(name = 7)]
impl Meetings {
    #[subscribe("order.[ab")]
    async fn welcome(&self, _event: &AnyEvent, _cx: &mut Context) -> Result<(), MeetingError> {
        Ok(())
    }
}

fn main() {}
