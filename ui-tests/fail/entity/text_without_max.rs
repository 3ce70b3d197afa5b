// errors: 3
use bailiwick::{ValueObject, entity::Entity};

#[derive(ValueObject)]
#[value(check = is_email)]
struct Email(String);

fn is_email(text: &str) -> bool {
    text.contains('@')
}

#[derive(Entity)]
struct Customer {
    #[id]
    id: String,
    #[col(filter)]
    email: Email,
}

#[derive(Entity)]
#[entity(unique(name))]
struct Country {
    #[id]
    id: i64,
    name: String,
}

fn main() {}
