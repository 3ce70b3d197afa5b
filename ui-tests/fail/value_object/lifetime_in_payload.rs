// errors: 1
use bailiwick::ValueObject;

#[derive(ValueObject)]
#[value(check = short)]
struct Name<'a>(&'a str);

fn short(name: &str) -> bool {
    name.len() < 9
}

fn main() {}
