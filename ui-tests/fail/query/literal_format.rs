// errors: 1
use bailiwick::Query;

#[derive(Query)]
#[query(output(u8))]
struct Seats;

fn main() {}
