//! The lines of a file, with their numbers.

use std::io::{self, BufRead, Read};

use super::super::fault;
use crate::error::Error;

/// Reads line after line, of a bounded length.
pub(in super::super) struct Lines<R> {
    from: R,
    most: usize,
    /// The number of the line that was read last.
    pub(in super::super) number: u64,
    line: Vec<u8>,
}

/// A line, and whether its end was there.
pub(in super::super) struct Found<'a> {
    pub(in super::super) text: &'a [u8],
    pub(in super::super) ended: bool,
}

impl<R: BufRead> Lines<R> {
    pub(in super::super) fn new(from: R, most: usize) -> Self {
        Self { from, most, number: 0, line: Vec::new() }
    }

    /// The next line without its end and a byte order mark; `None` at the end of the file.
    pub(in super::super) fn next(&mut self) -> Result<Option<Found<'_>>, Error> {
        self.line.clear();
        let room = u64::try_from(self.most).unwrap_or(u64::MAX).saturating_add(2);
        let read = loop {
            let left = room.saturating_sub(self.line.len() as u64);
            match self.from.by_ref().take(left).read_until(b'\n', &mut self.line) {
                Ok(_) => break self.line.len(),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(fault::io(error)),
            }
        };
        if read == 0 {
            return Ok(None);
        }
        self.number += 1;
        let ended = self.line.last() == Some(&b'\n');
        let text = self.line.strip_suffix(b"\n").unwrap_or(&self.line);
        let text = text.strip_suffix(b"\r").unwrap_or(text);
        let mark: &[u8] = if self.number == 1 { b"\xef\xbb\xbf" } else { b"" };
        let text = text.strip_prefix(mark).unwrap_or(text);
        if text.len() > self.most {
            return Err(fault::too_long(self.number, self.most));
        }
        Ok(Some(Found { text, ended }))
    }
}
