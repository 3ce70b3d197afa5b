//! The file as a stream of orders.

use std::{
    fs::File,
    io::{self, BufRead, BufReader, Read},
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

use flate2::bufread::MultiGzDecoder;

use super::{
    line::{Order, is_header},
    reason::{BadLine, Reason},
};

/// The purchase history that the program carries with it.
static CDNOW: &[u8] = include_bytes!("../../data/CDNOW_master.txt.gz");

/// No line of the file is longer, in bytes; so a file without line ends is refused instead of swallowed.
const LONGEST_LINE: usize = 4_096;

/// Where orders are read from.
#[derive(Debug, Clone)]
pub(crate) enum Input {
    /// The purchase history that the program carries with it.
    Cdnow,
    /// A file of the same form, plain or compressed.
    File(PathBuf),
}

impl Input {
    /// The name under which its orders are known: together with the line it tells one order from another. It is the file's
    /// name without `.gz` and `.txt`, so that a file is the same source wherever it lies and however it is compressed.
    pub(crate) fn source(&self) -> String {
        let path = match self {
            Self::Cdnow => Path::new("CDNOW_master.txt.gz"),
            Self::File(path) => path,
        };
        let name = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy();
        let name = name.strip_suffix(".gz").unwrap_or(&name);
        name.strip_suffix(".txt").unwrap_or(name).to_owned()
    }

    /// Where it comes from, for people.
    pub(crate) fn origin(&self) -> String {
        match self {
            Self::Cdnow => {
                "CDNOW purchase history 1997-01 to 1998-06, from the MIT-licensed Python package Lifetimes 0.11.3 \
                 (CDNOW_master.txt; see data/ORIGIN.md)"
                    .into()
            }
            Self::File(path) => path.display().to_string(),
        }
    }

    /// Its size in bytes as it is stored; `None` if that says nothing, as for a pipe.
    pub(crate) fn size(&self) -> Option<u64> {
        match self {
            Self::Cdnow => Some(CDNOW.len() as u64),
            Self::File(path) => path.metadata().ok().filter(std::fs::Metadata::is_file).map(|file| file.len()),
        }
    }

    /// Opens it.
    ///
    /// # Errors
    /// What the system says; nothing was read then.
    pub(crate) fn open(&self) -> io::Result<Orders> {
        match self {
            Self::Cdnow => Orders::new(CDNOW),
            Self::File(path) => Orders::new(File::open(path)?),
        }
    }
}

/// The orders of a file, in its order, and the lines that are none.
pub(crate) struct Orders {
    lines: Box<dyn BufRead + Send>,
    bytes: Arc<AtomicU64>,
    line: u64,
    buffer: Vec<u8>,
    ended: bool,
}

impl Orders {
    fn new(file: impl Read + Send + 'static) -> io::Result<Self> {
        let bytes = Arc::new(AtomicU64::new(0));
        let mut file = BufReader::new(Counted { file, bytes: Arc::clone(&bytes) });
        let lines: Box<dyn BufRead + Send> = if file.fill_buf()?.starts_with(&[0x1f, 0x8b]) {
            Box::new(BufReader::new(MultiGzDecoder::new(file)))
        } else {
            Box::new(file)
        };
        Ok(Self { lines, bytes, line: 0, buffer: Vec::new(), ended: false })
    }

    /// How many stored bytes were read so far; at most one buffer ahead of the orders.
    pub(crate) fn bytes(&self) -> u64 {
        self.bytes.load(Ordering::Relaxed)
    }

    /// Reads the next line into the buffer; `None` at the end.
    fn read_line(&mut self) -> Option<Result<(), Reason>> {
        self.buffer.clear();
        self.line += 1;
        let read = (&mut self.lines).take(LONGEST_LINE as u64 + 1).read_until(b'\n', &mut self.buffer);
        match read {
            Ok(0) => None,
            Ok(length) if length > LONGEST_LINE && !self.buffer.ends_with(b"\n") => {
                match self.lines.skip_until(b'\n') {
                    Ok(_) => Some(Err(Reason::TooLong(LONGEST_LINE))),
                    Err(error) => self.end(error),
                }
            }
            Ok(_) => Some(Ok(())),
            Err(error) => self.end(error),
        }
    }

    /// Nothing can be read after this.
    fn end(&mut self, error: io::Error) -> Option<Result<(), Reason>> {
        self.ended = true;
        Some(Err(error.into()))
    }
}

impl Iterator for Orders {
    type Item = Result<Order, BadLine>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.ended {
            return None;
        }
        let read = self.read_line()?;
        if self.line == 1 && read.is_ok() && is_header(&self.buffer) {
            return self.next();
        }
        let order = read.and_then(|()| Order::read(self.line, &self.buffer));
        Some(order.map_err(|reason| BadLine { line: self.line, reason }))
    }
}

struct Counted<R> {
    file: R,
    bytes: Arc<AtomicU64>,
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let length = self.file.read(buffer)?;
        self.bytes.fetch_add(length as u64, Ordering::Relaxed);
        Ok(length)
    }
}

impl std::fmt::Debug for Orders {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Orders").field("line", &self.line).field("ended", &self.ended).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use flate2::{Compression, write::GzEncoder};

    use super::*;

    fn read(bytes: impl Into<Vec<u8>>) -> Vec<Result<u64, String>> {
        let orders = Orders::new(io::Cursor::new(bytes.into())).unwrap();
        orders.map(|order| order.map(|order| order.line).map_err(|bad| bad.to_string())).collect()
    }

    fn zipped(text: &[u8]) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
        encoder.write_all(text).unwrap();
        encoder.finish().unwrap()
    }

    #[test]
    fn the_purchase_history_is_whole() {
        let orders: Vec<Order> = Input::Cdnow.open().unwrap().map(Result::unwrap).collect();
        assert_eq!(orders.len(), 69_659);
        assert_eq!(orders.iter().map(|order| order.cents).sum::<u64>(), 250_031_563);
        assert_eq!(orders.iter().map(|order| u64::from(order.items)).sum::<u64>(), 167_881);
        assert_eq!(orders.last().map(|order| order.line), Some(69_660));
    }

    #[test]
    fn plain_and_compressed_read_alike() {
        let text = b" customer_id date\r\n1 19970101 1 1.00\r\nbad\r\n2 19970101 1 1.00";
        let expected = vec![Ok(2), Err("line 3: expected 4 columns, found 1".to_owned()), Ok(4)];
        assert_eq!(read(*text), expected);
        assert_eq!(read(zipped(text)), expected);
    }

    #[test]
    fn without_a_header_the_first_line_is_an_order() {
        assert_eq!(read("1 19970101 1 1.00\n"), [Ok(1)]);
        assert_eq!(read(""), []);
    }

    #[test]
    fn a_truncated_file_is_reported_once() {
        let text: String = (0..500).map(|n| format!("{} 19970101 1 {}.00\n", n * 7_919 % 1_000, n * 31 % 97)).collect();
        let zipped = zipped(text.as_bytes());
        let lines = read(&zipped[..zipped.len() / 2]);
        let (last, before) = lines.split_last().unwrap();
        assert!(last.as_ref().unwrap_err().contains("the gzip data are truncated"), "{last:?}");
        assert!(!before.is_empty() && before.iter().all(Result::is_ok));
    }

    #[test]
    fn a_damaged_file_is_reported_once() {
        let mut zipped = zipped(b"1 19970101 1 1.00\n");
        let crc = zipped.len() - 8;
        zipped[crc] ^= 1;
        let lines = read(zipped);
        assert!(lines.last().unwrap().as_ref().unwrap_err().contains("the gzip data are damaged"), "{lines:?}");
    }

    #[test]
    fn a_long_line_is_passed_over() {
        let text = format!("{}\n2 19970101 1 1.00\n", "9".repeat(10_000));
        assert_eq!(read(text), [Err("line 1: longer than 4096 bytes".to_owned()), Ok(2)]);
    }

    #[test]
    fn a_source_is_named_by_its_file() {
        assert_eq!(Input::Cdnow.source(), "CDNOW_master");
        assert_eq!(Input::File("some/where/CDNOW_master.txt".into()).source(), "CDNOW_master");
        assert_eq!(Input::File("orders.csv".into()).source(), "orders.csv");
    }
}
