// errors: 2
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

#[service(name = "meetings")]
impl Meetings {
    #[handle]
    async fn join(&self, _command: Join, _cx: &mut Context) -> Result<(), MeetingError> {
        let one = std::rc::Rc::new(1);
        std::future::ready(()).await;
        drop(one);
        Ok(())
    }

    #[subscribe]
    async fn welcome(&self, _event: &Recorded<Joined>, _cx: &mut Context) -> Result<(), MeetingError> {
        let one = std::rc::Rc::new(1);
        std::future::ready(()).await;
        drop(one);
        Ok(())
    }
}

fn main() {}
