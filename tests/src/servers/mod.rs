//! The database servers that tests need. `tests/run` finds or installs them, starts its own and says where they are;
//! `tests/run servers start` does that for `cargo test`.

mod private;
mod roles;
mod room;

use std::env;

pub use private::{Private, private_mysql, private_postgres};
pub use roles::Owned;
pub use room::Room;

/// Names the servers that a machine does not have, divided by commas: what needs them is not tested.
pub const WITHOUT: &str = "BAILIWICK_TEST_WITHOUT";

/// Which server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Postgres,
    MySql,
}

impl Kind {
    const fn variable(self) -> &'static str {
        match self {
            Self::Postgres => "BAILIWICK_TEST_POSTGRES_URL",
            Self::MySql => "BAILIWICK_TEST_MYSQL_URL",
        }
    }

    const fn word(self) -> &'static str {
        match self {
            Self::Postgres => "postgres",
            Self::MySql => "mysql",
        }
    }

    /// A URL that does not ask for encryption gets none: wires are cut by what is on them, and sqlx 0.9.0 waits for a delayed
    /// acknowledgement in the middle of each statement that takes more than one record of TLS.
    fn plain(self, url: String) -> String {
        match self {
            Self::Postgres if !url.contains("sslmode=") => {
                let sign = if url.contains('?') { '&' } else { '?' };
                format!("{url}{sign}sslmode=disable")
            }
            Self::Postgres | Self::MySql => url,
        }
    }

    const fn name(self) -> &'static str {
        match self {
            Self::Postgres => "PostgreSQL",
            Self::MySql => "MariaDB or MySQL",
        }
    }
}

/// A server that tests share. Each of them has a [`Room`] there.
#[derive(Debug, Clone)]
pub struct Server {
    kind: Kind,
    url: String,
}

/// PostgreSQL; `None` where `BAILIWICK_TEST_WITHOUT` names it: the test then says nothing.
///
/// # Panics
/// If nobody says where it is.
#[must_use]
pub fn postgres() -> Option<Server> {
    find(Kind::Postgres, |name| env::var(name).ok())
}

/// MariaDB or MySQL; `None` where `BAILIWICK_TEST_WITHOUT` names it: the test then says nothing.
///
/// # Panics
/// If nobody says where it is.
#[must_use]
pub fn mysql() -> Option<Server> {
    find(Kind::MySql, |name| env::var(name).ok())
}

fn find(kind: Kind, variable: impl Fn(&str) -> Option<String>) -> Option<Server> {
    let without = variable(WITHOUT).unwrap_or_default();
    if without.split(',').any(|word| word.trim() == kind.word()) {
        return None;
    }
    let url = variable(kind.variable()).filter(|url| !url.is_empty());
    let url = url.unwrap_or_else(|| {
        let (name, variable, word) = (kind.name(), kind.variable(), kind.word());
        panic!(
            "this test needs {name}: run `tests/run`, or `eval \"$(tests/run servers start)\"` before `cargo test`, \
             or set {variable}; {WITHOUT}={word} leaves it out"
        )
    });
    Some(Server { kind, url: kind.plain(url) })
}

impl Server {
    /// Where it is, with user and password.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// A place of the test's own: a schema of PostgreSQL (its name goes to `PostgresOptions::schema`), a database of MySQL
    /// (its [`url`](Room::url) leads into it). It goes when the value is dropped.
    ///
    /// # Panics
    /// If the server does not answer.
    #[must_use]
    pub fn room(&self) -> Room {
        Room::new(self.clone(), false)
    }

    /// The same, where a schema is not enough: a database of PostgreSQL, too, for a test that makes schemas.
    ///
    /// # Panics
    /// If the server does not answer.
    #[must_use]
    pub fn database(&self) -> Room {
        Room::new(self.clone(), true)
    }
}

/// Runs a test on SQLite, PostgreSQL and MySQL, each of which is told by a URL.
///
/// # Panics
/// If there is no folder for a file, or nobody says where the servers are.
pub async fn everywhere(test: impl AsyncFn(&str)) {
    let folder = tempfile::tempdir().unwrap();
    test(&format!("sqlite://{}", folder.path().join("a.db").display())).await;
    if let Some(server) = postgres() {
        test(&server.room().own_url()).await;
    }
    if let Some(server) = mysql() {
        test(&server.room().own_url()).await;
    }
}

#[cfg(test)]
mod tests {
    use super::{Kind, WITHOUT, find};

    #[test]
    fn the_environment_says_where_a_server_is() {
        let server = find(Kind::MySql, |name| (name == "BAILIWICK_TEST_MYSQL_URL").then(|| "a".into()));
        assert_eq!(server.unwrap().url(), "a");
    }

    #[test]
    fn a_connection_to_postgres_is_encrypted_only_where_its_url_says_so() {
        for (given, used) in [
            ("postgres://h/d", "postgres://h/d?sslmode=disable"),
            ("postgres://h/d?a=1", "postgres://h/d?a=1&sslmode=disable"),
            ("postgres://h/d?sslmode=require", "postgres://h/d?sslmode=require"),
        ] {
            let server = find(Kind::Postgres, |name| (name == "BAILIWICK_TEST_POSTGRES_URL").then(|| given.into()));
            assert_eq!(server.unwrap().url(), used);
        }
    }

    #[test]
    fn a_server_is_left_out_by_name_only() {
        for (without, found) in [("postgres, mysql", false), ("mysql", false), ("postgres", true), ("", true)] {
            let server = find(Kind::MySql, |name| Some(if name == WITHOUT { without } else { "url" }.into()));
            assert_eq!(server.is_some(), found, "{without}");
        }
    }

    #[test]
    #[should_panic(expected = "run `tests/run`, or `eval \"$(tests/run servers start)\"` before `cargo test`")]
    fn without_a_word_of_the_environment_a_test_says_what_to_do() {
        let _none = find(Kind::MySql, |_| None);
    }
}
