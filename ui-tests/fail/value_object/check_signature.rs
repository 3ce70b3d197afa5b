// errors: 1
use bailiwick::ValueObject;

#[derive(ValueObject)]
#[value(check = even)]
struct Even(u8);

fn even(number: &u8) -> u8 {
    number % 2
}

fn main() {}
