// errors: 1
use bailiwick::ValueObject;

#[derive(ValueObject)]
#[value(check = even)]
enum Even {
    Two,
}

fn main() {}
