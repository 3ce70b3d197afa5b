//! A file to a log.

use std::io::BufRead;

use super::{
    digest::Digest,
    fault,
    file::{End, FORMAT, Found, Header, Line, Lines, VERSION},
    importer::{Importer, Item},
    options::{Options, Progress},
    states::{self, Carried, StateLine},
};
use crate::{
    codec,
    error::Error,
    store::{AnyStore, LogEvent, checksum},
    version::{Position, Version},
};

/// What an import found in a file.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ImportedFile {
    /// The events in the file.
    pub lines: u64,
    /// Written.
    pub added: u64,
    /// Skipped: they were there.
    pub present: u64,
    /// Skipped: of another tenant than the options name.
    pub filtered: u64,
    /// The digest of all events in the file.
    pub digest: Digest,
    /// The states in the file, removed ones too.
    pub states: u64,
}

/// Brings the events of a file into a store. A [`File`](std::fs::File) goes into a [`BufReader`](std::io::BufReader), around
/// a decoder if it is compressed.
///
/// # Errors
/// Those of the [module's page](super); what the store answers. The events of the lines before are in.
///
/// # Cancel safety
/// Dropped before its end, it has written some events of the file; import it again.
pub async fn import(store: &AnyStore, from: impl BufRead, mut options: Options) -> Result<ImportedFile, Error> {
    let mut lines = Lines::new(from, options.longest_line);
    header(&mut lines)?;
    let mut importer = Importer::with(store, &options);
    let (mut file, mut carried) = (ImportedFile::default(), Vec::new());
    let end = loop {
        match next(&mut lines, &mut file, &options) {
            Ok(Next::Event(item)) => {
                if importer.add(*item).await? {
                    options.tell(told(&file));
                }
            }
            Ok(Next::State(state)) => carried.push(*state),
            Ok(Next::Filtered) => {}
            Ok(Next::End(end)) => break Ok(end),
            Err(error) => break Err(error),
        }
        if carried.len() >= options.batch {
            carry(store, &mut importer, &mut carried).await?;
        }
    };
    carry(store, &mut importer, &mut carried).await?;
    close(&mut lines, &file, &end?)?;
    options.tell(told(&file));
    let done = importer.done();
    Ok(ImportedFile { added: done.added, present: done.present, ..file })
}

fn told(file: &ImportedFile) -> Progress {
    Progress { events: file.lines, position: Position::START, head: Position::START }
}

/// Writes states behind the events of their streams.
async fn carry(store: &AnyStore, importer: &mut Importer, carried: &mut Vec<Carried>) -> Result<(), Error> {
    importer.flush().await?;
    states::write(store, carried).await
}

enum Next {
    Event(Box<Item>),
    State(Box<Carried>),
    Filtered,
    End(End),
}

fn header<R: BufRead>(lines: &mut Lines<R>) -> Result<(), Error> {
    let whole = codec::encode(&Header { format: FORMAT.into(), version: VERSION })?;
    let Some(Found { text, ended }) = lines.next()? else { return Err(fault::truncated(1)) };
    if text.starts_with(b"\x1f\x8b") {
        return Err(fault::header(1, "it is compressed with gzip"));
    }
    match codec::line::<Header<'_>>(text) {
        Ok(Header { format, .. }) if format != FORMAT => Err(fault::header(1, "another format")),
        Ok(Header { version, .. }) if version != VERSION => Err(fault::version(1, version)),
        Ok(_) => Ok(()),
        Err(_) if !ended && whole.starts_with(text) => Err(fault::truncated(1)),
        Err(reason) => Err(fault::header(1, reason)),
    }
}

fn next<R: BufRead>(lines: &mut Lines<R>, file: &mut ImportedFile, options: &Options) -> Result<Next, Error> {
    let number = lines.number + 1;
    let Some(Found { text, ended }) = lines.next()? else { return Err(fault::truncated(number)) };
    let event = match codec::line::<Line<'_>>(text) {
        Ok(line) => line.event(),
        Err(reason) => match codec::line::<End>(text) {
            Ok(end) => return Ok(Next::End(end)),
            Err(_) if codec::line::<StateLine<'_>>(text).is_ok() => return state(number, text, file, options),
            Err(_) if !ended => return Err(fault::truncated(number)),
            Err(_) => Err(reason),
        },
    };
    let logged = event.map_err(|reason| fault::damaged(number, reason))?;
    sound(number, &logged)?;
    file.lines += 1;
    file.digest.add(&logged);
    let LogEvent { tenant, checksum: _, event } = logged;
    if !options.wants(tenant.as_ref()) {
        file.filtered += 1;
        return Ok(Next::Filtered);
    }
    let (stream, version, envelope) = (event.stream, Some(event.version), event.envelope);
    Ok(Next::Event(Box::new(Item { line: number, tenant, stream, version, envelope })))
}

fn state(number: u64, text: &[u8], file: &mut ImportedFile, options: &Options) -> Result<Next, Error> {
    let line = codec::line::<StateLine<'_>>(text).and_then(|line| line.carried(number));
    let carried = line.map_err(|reason| fault::damaged(number, reason))?;
    file.states += 1;
    let wanted = options.wants(carried.tenant());
    Ok(if wanted { Next::State(Box::new(carried)) } else { Next::Filtered })
}

/// The checksum is that of the event.
fn sound(number: u64, logged: &LogEvent) -> Result<(), Error> {
    let LogEvent { tenant, checksum: told, event } = logged;
    let sum = checksum(tenant.as_ref(), &event.stream, event.version, &event.envelope)?;
    if event.version == Version::NONE {
        return Err(fault::damaged(number, "the version is 0"));
    }
    if sum == *told { Ok(()) } else { Err(fault::damaged(number, "the checksum is that of another event")) }
}

/// Nothing is missing, and nothing follows.
fn close<R: BufRead>(lines: &mut Lines<R>, file: &ImportedFile, end: &End) -> Result<(), Error> {
    let number = lines.number;
    if end.events != file.lines {
        return Err(fault::digest(number, "the number of events is another"));
    }
    if end.states != file.states {
        return Err(fault::digest(number, "the number of states is another"));
    }
    if end.digest != file.digest {
        return Err(fault::digest(number, "the digest is another"));
    }
    while let Some(found) = lines.next()? {
        if !found.text.is_empty() {
            return Err(fault::damaged(number + 1, "something follows the last line; the file may hold two archives"));
        }
    }
    Ok(())
}
