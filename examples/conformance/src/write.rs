//! The logs as files.

use std::{
    fs::File,
    io::{self, BufWriter, Write},
    path::Path,
};

use flate2::{Compression, write::GzEncoder};

use crate::walk::{Mistakes, Walks};

/// One event a row, the tickets mixed as they happen.
pub(crate) fn csv(path: &Path, mut walks: Walks) -> io::Result<Mistakes> {
    let mut to = BufWriter::new(File::create(path)?);
    writeln!(to, "time,case,activity")?;
    for event in &mut walks {
        writeln!(to, "{},\"desk 1, ticket {}\",{}", event.at, event.ticket, event.activity)?;
    }
    to.flush()?;
    Ok(walks.mistakes())
}

/// One ticket after another, because an XES holds them so; under gzip.
pub(crate) fn xes(path: &Path, walks: Walks) -> io::Result<Mistakes> {
    let mut walks = walks.one_by_one();
    let mut to = GzEncoder::new(BufWriter::new(File::create(path)?), Compression::fast());
    writeln!(to, r#"<?xml version="1.0" encoding="UTF-8"?>"#)?;
    writeln!(to, r#"<log xes.version="1.0" xmlns="http://www.xes-standard.org/">"#)?;
    let mut ticket = None;
    for event in &mut walks {
        if ticket != Some(event.ticket) {
            let end = if ticket.is_some() { "</trace>\n" } else { "" };
            write!(to, r#"{end}<trace><string key="concept:name" value="desk 1 &amp; ticket {}"/>"#, event.ticket)?;
            ticket = Some(event.ticket);
        }
        write!(to, r#"<event><string key="concept:name" value="{}"/>"#, event.activity)?;
        write!(to, r#"<date key="time:timestamp" value="{}"/></event>"#, event.at)?;
    }
    writeln!(to, "{}</log>", if ticket.is_some() { "</trace>" } else { "" })?;
    to.finish()?.flush()?;
    Ok(walks.mistakes())
}
