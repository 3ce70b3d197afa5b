// errors: 1
use bailiwick::roles::subscribe;

struct Meetings;

impl Meetings {
    #[subscribe]
    fn welcome(&self) {}
}

fn main() {
    Meetings.welcome();
}
