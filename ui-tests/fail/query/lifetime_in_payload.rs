// errors: 1
use bailiwick::Query;

#[derive(Query)]
struct Seats {
    room: Option<&'static str>,
}

fn main() {}
