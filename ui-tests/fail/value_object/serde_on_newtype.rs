// errors: 1
use bailiwick::ValueObject;

#[derive(ValueObject)]
#[value(check = even)]
struct Even(#[serde(with = "numbers")] u8);

fn even(number: &u8) -> bool {
    number % 2 == 0
}

fn main() {}
