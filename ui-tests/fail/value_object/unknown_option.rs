// errors: 1
use bailiwick::ValueObject;

#[derive(ValueObject)]
#[value(chekc = even)]
struct Even(u8);

fn even(number: &u8) -> bool {
    number % 2 == 0
}

fn two() -> Result<Even, bailiwick::Invalid> {
    Even::new(2)
}

fn main() {}
