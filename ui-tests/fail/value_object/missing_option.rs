// errors: 1
use bailiwick::ValueObject;

#[derive(ValueObject)]
struct Even(u8);

fn main() {}
