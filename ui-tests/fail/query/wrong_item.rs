// errors: 1
use bailiwick::Query;

#[derive(Query)]
enum Seats {
    Free,
}

fn main() {}
