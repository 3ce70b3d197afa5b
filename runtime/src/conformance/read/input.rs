//! The bytes of a log: decompressed, counted, and never too many for one record.

use std::io::{self, BufRead, BufReader, Cursor, Read};

use flate2::bufread::MultiGzDecoder;

use super::LogErrorKind;

/// The most bytes that one record may have; without it, one open quote would read a whole file into memory.
const LONGEST: u64 = 1 << 20;

/// The most bytes that are shown at once.
const PORTION: usize = 1 << 16;

/// A reader that knows its line, and that fails when one record goes on for too long.
pub(super) struct Bounded<'a> {
    inner: Box<dyn BufRead + 'a>,
    taken: u64,
    lines: u64,
}

impl<'a> Bounded<'a> {
    /// Reads `input` as it is or, if it begins as gzip does, decompressed; without a byte order mark.
    pub(super) fn open(mut input: impl BufRead + 'a) -> io::Result<Self> {
        let head = first(&mut input, 2)?;
        let gzip = head == [0x1f, 0x8b];
        let whole = Cursor::new(head).chain(input);
        let mut text: Box<dyn BufRead + 'a> = if gzip {
            Box::new(BufReader::with_capacity(1 << 16, MultiGzDecoder::new(whole)))
        } else {
            Box::new(whole)
        };
        let mut head = first(&mut text, 3)?;
        if head == [0xef, 0xbb, 0xbf] {
            head.clear();
        }
        Ok(Self { inner: Box::new(Cursor::new(head).chain(text)), taken: 0, lines: 0 })
    }

    /// A record has ended.
    pub(super) fn mark(&mut self) {
        self.taken = 0;
    }

    /// The line that is being read.
    pub(super) fn line(&self) -> u64 {
        self.lines + 1
    }
}

/// The first bytes, fewer only at the end. They may come one by one, so that one look into the buffer would not do.
fn first(input: &mut impl BufRead, bytes: u64) -> io::Result<Vec<u8>> {
    let mut head = Vec::new();
    input.take(bytes).read_to_end(&mut head)?;
    Ok(head)
}

impl BufRead for Bounded<'_> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.taken > LONGEST {
            return Err(io::ErrorKind::FileTooLarge.into());
        }
        let filled = self.inner.fill_buf()?;
        Ok(&filled[..filled.len().min(PORTION)]) // a slice or a mapped file shows all of itself at once
    }

    fn consume(&mut self, amount: usize) {
        // What was filled is still there: asking again reads nothing.
        if let Ok(filled) = self.inner.fill_buf() {
            let lines = filled.iter().take(amount).filter(|byte| **byte == b'\n').count();
            self.lines += u64::try_from(lines).unwrap_or(u64::MAX);
        }
        self.taken += u64::try_from(amount).unwrap_or(u64::MAX);
        self.inner.consume(amount);
    }
}

impl Read for Bounded<'_> {
    fn read(&mut self, to: &mut [u8]) -> io::Result<usize> {
        let read = self.fill_buf()?.read(to)?;
        self.consume(read);
        Ok(read)
    }
}

impl From<io::Error> for LogErrorKind {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::UnexpectedEof => Self::CutShort,
            io::ErrorKind::FileTooLarge => Self::TooLong,
            _ => Self::Unreadable(error),
        }
    }
}
