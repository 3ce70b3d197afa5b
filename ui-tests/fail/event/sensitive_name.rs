// errors: 1
use bailiwick::{Event, Sensitive};
use serde::{Deserialize, Serialize};

#[derive(Event, Serialize, Deserialize)]
#[event(name = "guest.invited", subject = email)]
struct Invited {
    #[event(sensitive)]
    email: Sensitive<String>,
}

fn main() {}
