//! What can be wrong with a file.

use std::{fmt, io};

use crate::error::{Error, ErrorKind};

fn of(code: &'static str, message: &'static str, line: u64) -> Error {
    Error::new(ErrorKind::Invalid, code, message).with("line", line)
}

pub(super) fn header(line: u64, reason: impl fmt::Display) -> Error {
    let message = "the file does not begin as an archive; unpack it first if it is compressed, or name another file";
    of("archive/header", message, line).with("reason", reason)
}

pub(super) fn version(line: u64, found: u32) -> Error {
    let message = "a newer program wrote the archive; import it with that one";
    of("archive/version", message, line).with("format", found)
}

pub(super) fn damaged(line: u64, reason: impl fmt::Display) -> Error {
    let message = "a line of the archive is damaged; the events before it are in: export again, or take another copy";
    of("archive/line", message, line).with("reason", reason)
}

pub(super) fn too_long(line: u64, most: usize) -> Error {
    let message = "a line of the archive is longer than the options allow; raise `longest_line` if the file is sound";
    of("archive/line_too_long", message, line).with("most", most)
}

pub(super) fn truncated(line: u64) -> Error {
    let message = "the archive ends too early; what it holds is in: import the whole file, which skips that";
    of("archive/truncated", message, line)
}

pub(super) fn gap(line: u64, stream: impl fmt::Display, version: u64) -> Error {
    let message = "the event before this one is missing in its stream; the lines are out of order, or some are lost";
    of("archive/gap", message, line).with("stream", stream).with("version", version)
}

pub(super) fn different(line: u64, stream: impl fmt::Display, version: u64) -> Error {
    let message = "the store has another event in this place, or this one elsewhere; import into another store";
    let error = Error::new(ErrorKind::Conflict, "archive/different", message);
    error.with("line", line).with("stream", stream).with("version", version)
}

pub(super) fn digest(line: u64, reason: &'static str) -> Error {
    let message = "the archive does not hold the events that were exported; take another copy";
    of("archive/digest", message, line).with("reason", reason)
}

pub(super) fn io(error: io::Error) -> Error {
    let message = "the archive cannot be read or written; look at the file and its disk, and do it again";
    Error::new(ErrorKind::Transient, "archive/io", message).with("reason", &error).caused_by(error)
}
