// errors: 2
use bailiwick::command;

#[command(name = "order.rename")]
struct Rename;

#[command(name = "order.rename")]
impl Default for Rename {
    fn default() -> Self {
        Rename
    }
}

fn main() {
    let _ = Rename::default();
}
