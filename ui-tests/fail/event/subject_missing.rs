// errors: 1
use bailiwick::{Event, Sensitive};
use serde::{Deserialize, Serialize};

#[derive(Event, Serialize, Deserialize)]
#[event(name = "guest.invited")]
struct Invited {
    guest: String,
    #[event(sensitive)]
    email: Sensitive<String>,
}

fn main() {}
