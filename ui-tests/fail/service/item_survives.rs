// errors: 1
use bailiwick::{Command, Context, Event, Query, Recorded, service};
use serde::{Deserialize, Serialize};

#[derive(Command, Clone)]
struct Join;

#[derive(Query)]
struct Read;

#[derive(Event, Debug, Clone, Serialize, Deserialize)]
#[event(name = "meeting.joined")]
struct Joined;

#[derive(Debug, thiserror::Error)]
#[error("no")]
struct MeetingError;

struct Meetings;

#[service(nome = "meetings")]
impl Meetings {
    #[handle]
    async fn join(&self, _command: Join, _cx: &mut Context) -> Result<(), MeetingError> {
        Ok(())
    }

    #[handle]
    fn read(&self, _query: Read, _cx: &Context) -> Result<String, MeetingError> {
        Ok(String::new())
    }

    #[subscribe]
    async fn welcome(&self, _event: &Recorded<Joined>, _cx: &mut Context) -> Result<(), MeetingError> {
        Ok(())
    }
}

fn main() {
    fn service<S: bailiwick::Service>() {}
    service::<Meetings>();
    fn handled<M: bailiwick::command::Handled<Output = (), Error = MeetingError>>() {}
    handled::<Join>();
    let _ = Meetings::read;
}
