// errors: 1
use bailiwick::Query;

#[derive(Query)]
#[query(ouptut = u8)]
struct Seats;

fn main() {}
