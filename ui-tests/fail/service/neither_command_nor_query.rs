// errors: 1
use bailiwick::service;

#[derive(Debug, thiserror::Error)]
#[error("no")]
struct MeetingError;

struct Meetings;

struct Knock;

#[service(name = "meetings")]
impl Meetings {
    #[handle]
    fn knock(&self, _message: Knock) -> Result<(), MeetingError> {
        Ok(())
    }
}

fn main() {}
