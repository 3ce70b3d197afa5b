// errors: 1
use bailiwick::{Event, Sensitive};
use serde::{Deserialize, Serialize};

#[derive(Event, Serialize, Deserialize)]
#[event(name = "guest.invited", subject = guest)]
struct Invited {
    guest: String,
    #[event(sensitive)]
    email: Sensitive<String>,
    phone: bailiwick::Sensitive<String>,
}

fn main() {}
