// errors: 2
use bailiwick::ValueObject;

#[derive(ValueObject)]
#[value(check = even, check = even)]
struct Even(u8);

fn even(number: &u8) -> bool {
    number % 2 == 0
}

fn main() {}
