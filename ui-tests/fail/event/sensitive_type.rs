// errors: 1
use bailiwick::Event;
use serde::{Deserialize, Serialize};

#[derive(Event, Serialize, Deserialize)]
#[event(name = "guest.invited", subject = guest)]
struct Invited {
    guest: String,
    #[event(sensitive)]
    email: String,
}

fn main() {}
