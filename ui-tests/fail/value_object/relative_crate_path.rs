// errors: 1
use bailiwick::ValueObject;

#[derive(ValueObject)]
#[value(check = even, crate = bw)]
struct Even(u8);

fn even(number: &u8) -> bool {
    number % 2 == 0
}

fn main() {}
