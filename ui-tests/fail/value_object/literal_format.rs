// errors: 1
use bailiwick::ValueObject;

#[derive(ValueObject)]
#[value(check = "even")]
struct Even(u8);

fn main() {}
