// errors: 2
use bailiwick::Query;

#[derive(Query)]
#[query(output = u8, output = u16)]
struct Seats;

fn main() {}
