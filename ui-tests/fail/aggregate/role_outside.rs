// errors: 2
use bailiwick::roles::{apply, handle};

struct Room;

impl Room {
    #[handle]
    fn open(&self) {}

    #[apply(Opened)]
    fn on_opened(&mut self) {}
}

fn main() {
    Room.open();
}
