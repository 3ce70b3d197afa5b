//! Files.

use std::{fs, io::ErrorKind as Io, path::PathBuf};

use super::{TestDb, name};
use crate::{
    error::{Error, ErrorKind},
    repository::Db,
    sql::SqliteStore,
};

impl TestDb {
    /// A file of its own; never `None`.
    ///
    /// # Errors
    /// `db/open` if it cannot be made.
    pub async fn sqlite() -> Result<Option<Self>, Error> {
        let file = std::env::temp_dir().join(format!("{}.db", name()));
        let db = Db::from(SqliteStore::open(&file)?);
        Ok(Some(Self::new(db, file.display().to_string(), move || async move {
            ["", "-wal", "-shm"].iter().try_for_each(|ending| remove(&file, ending))
        })))
    }
}

fn remove(file: &std::path::Path, ending: &str) -> Result<(), Error> {
    let mut name = file.as_os_str().to_owned();
    name.push(ending);
    match fs::remove_file(PathBuf::from(name)) {
        Err(error) if error.kind() != Io::NotFound => {
            Err(Error::new(ErrorKind::Config, "db/open", "the file of a test cannot be removed").caused_by(error))
        }
        _ => Ok(()),
    }
}
