// errors: 1
use bailiwick::{Command, Error, service};

#[derive(Command, Debug, Clone)]
struct Join;

struct Meetings;

#[service]
impl Meetings {
    #[handle]
    fn join(&self, _command: Join) -> Result<(), Error> {
        Ok(())
    }
}

struct Doors;

#[service]
impl Doors {
    #[handle]
    fn join(&self, _command: Join) -> Result<(), Error> {
        Ok(())
    }
}

fn main() {}
