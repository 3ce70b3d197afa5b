//! A database of PostgreSQL with users of its own.

use super::{Kind, Room, Server, room};

/// A database that belongs to a plain user, who is no superuser. It goes with its users when this is dropped.
#[derive(Debug)]
pub struct Owned {
    server: Server,
    name: String,
    room: Option<Room>,
}

impl Server {
    /// A database of PostgreSQL that belongs to a plain user.
    ///
    /// # Panics
    /// If the server does not answer, or is another one.
    #[must_use]
    pub fn owned_database(&self) -> Owned {
        assert_eq!(self.kind, Kind::Postgres);
        let room = self.database();
        let name = room.name().to_owned();
        let owned = Owned { server: self.clone(), room: Some(room), name: name.clone() };
        owned.run(vec![
            format!("CREATE ROLE {name}_plain LOGIN PASSWORD 'plain'"),
            format!("CREATE ROLE {name}_system LOGIN PASSWORD 'plain' BYPASSRLS IN ROLE {name}_plain"),
            format!("ALTER DATABASE {name} OWNER TO {name}_plain"),
        ]);
        owned
    }
}

impl Owned {
    /// As a superuser.
    ///
    /// # Panics
    /// Never.
    #[must_use]
    pub fn url(&self) -> String {
        self.room.as_ref().unwrap().url()
    }

    /// As the owner of the database.
    #[must_use]
    pub fn plain_url(&self) -> String {
        self.url_of("plain")
    }

    /// As one with BYPASSRLS, and with the rights of the owner.
    #[must_use]
    pub fn system_url(&self) -> String {
        self.url_of("system")
    }

    /// The name of the plain user.
    #[must_use]
    pub fn plain(&self) -> String {
        format!("{}_plain", self.name)
    }

    /// As this user, made with this password.
    fn url_of(&self, role: &str) -> String {
        let url = self.url();
        let (scheme, rest) = url.split_once("://").unwrap();
        let (_, place) = rest.split_once('@').unwrap();
        format!("{scheme}://{}_{role}:plain@{place}", self.name)
    }

    fn run(&self, statements: Vec<String>) {
        room::run(&self.server, statements);
    }
}

impl Drop for Owned {
    fn drop(&mut self) {
        drop(self.room.take());
        self.run(["system", "plain"].map(|role| format!("DROP ROLE IF EXISTS {}_{role}", self.name)).into());
    }
}
