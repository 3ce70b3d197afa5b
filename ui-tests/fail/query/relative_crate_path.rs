// errors: 1
use bailiwick::Query;

#[derive(Query)]
#[query(crate = self::bw)]
struct Seats;

fn main() {}
