// errors: 1
use bailiwick::ValueObject;

#[derive(ValueObject, serde::Serialize)]
#[value(check = even)]
struct Even(u8);

fn even(number: &u8) -> bool {
    number % 2 == 0
}

fn main() {}
