//! The journal: which orders are placed, on record outside of the shop.

use std::{
    fs::{File, OpenOptions},
    io::{self, Write as _},
    path::Path,
};

/// Takes down each order once the shop has answered that it is placed.
#[derive(Debug)]
pub(super) struct Journal(Option<File>);

impl Journal {
    /// Goes on where the file ends; makes it if it is not there. Without a file, nothing is taken down.
    ///
    /// # Errors
    /// What the system answers.
    pub(super) fn open(path: Option<&Path>) -> io::Result<Self> {
        let open = |path| OpenOptions::new().append(true).create(true).open(path);
        path.map(open).transpose().map(Self)
    }

    /// Takes down an order by its line. One call of the system for each, and no buffer: whoever kills the program finds
    /// all that it was told.
    ///
    /// # Errors
    /// What the system answers.
    pub(super) fn place(&self, line: u64) -> io::Result<()> {
        self.0.as_ref().map_or(Ok(()), |mut file| file.write_all(format!("{line}\n").as_bytes()))
    }
}
