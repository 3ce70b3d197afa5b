// errors: 8
use bailiwick::{entity::Entity, repository::Sql};

#[derive(Entity)]
struct Country {
    #[id]
    id: i64,
}

const UNCLOSED: Sql<Country> = Sql::new("SELECT {columns} FROM {table} WHERE id = 'a");
const BRACES: Sql<Country> = Sql::new("SELECT {column} FROM {table}");
const MARK: Sql<Country> = Sql::new("SELECT {columns} FROM {table} WHERE id = ?");
const NUMBER: Sql<Country> = Sql::new("SELECT {columns} FROM {table} WHERE id = $1");
const TWO: Sql<Country> = Sql::new("SELECT {columns} FROM {table}; DELETE FROM {table}");
const COMMENT: Sql<Country> = Sql::new("SELECT {columns} FROM {table} /* where");
const SLASH: Sql<Country> = Sql::new(r"SELECT {columns} FROM {table} WHERE 'a\' = :b");
const TABLES: Sql<Country> = Sql::new("DROP TABLE {table}");

fn main() {}
