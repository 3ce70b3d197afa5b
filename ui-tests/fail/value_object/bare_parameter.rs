// errors: 1
use bailiwick::ValueObject;

#[derive(ValueObject)]
#[value(check = fine)]
struct Any<T>(T);

fn fine<T>(_: &T) -> bool {
    true
}

fn main() {}
