// errors: 2
use bailiwick::entity::Entity;

#[derive(Entity)]
enum Order {
    Paid,
}

#[derive(Entity)]
struct Line(i64);

fn main() {}
