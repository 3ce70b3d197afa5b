// errors: 4
use bailiwick::roles::{authorize, execute, undo, validate};

struct Rename;

impl Rename {
    #[validate]
    fn check(&self) {}

    #[authorize]
    fn allowed(&self) {}

    #[execute]
    fn execute(&self) {}

    #[undo]
    fn take_back(&self) {}
}

fn main() {
    Rename.check();
}
