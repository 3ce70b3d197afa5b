//! Archives: a whole log as lines of JSON, and back; checks of a whole store; foreign data in bulk.
//!
//! ```
//! use bailiwick::{archive::{self, Options}, store::{AnyStore, MemoryStore}};
//! # tokio::runtime::Builder::new_current_thread().build()?.block_on(async {
//! let (store, other) = (AnyStore::new(MemoryStore::new()), AnyStore::new(MemoryStore::new()));
//! let mut file = Vec::new(); // or a `File` in a `BufWriter`
//! let exported = archive::export(&store, &mut file, Options::new()).await?;
//! let imported = archive::import(&other, &file[..], Options::new()).await?;
//! assert_eq!((exported.events, exported.digest), (imported.lines, imported.digest));
//! let report = archive::verify(&other, Options::new()).await?;
//! assert!(report.is_sound() && report.digest == exported.digest);
//! # Ok::<(), bailiwick::Error>(())
//! # })?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # The file
//! Lines of JSON, each ended by `\n`: a header with the version of the format, an event each in the global order, and at the
//! end the number of the events and their [`Digest`]. A payload that is JSON stands there as it is, any other as base64; each byte comes
//! back. An archive holds the events, and the states of aggregates that are stored as their states, each behind the event that
//! says so, also that one was removed: no outbox rows, inbox marks, snapshots, other read models or audit rows. After an import the
//! projections are rebuilt; nothing is published again. A state is that of the moment of the export.
//!
//! Sealed fields stay sealed. The keys of a `StoreKeys` (rows of `bailiwick.keys`) are not in the file, nor who
//! was forgotten: keep them apart. Without them the sealed fields of an import cannot be read.
//!
//! # Import
//! An event that is there already, with the same place and checksum, is skipped and counted; a different one ends the import.
//! A state is written unless a later one is there, or a later life of it; another one of the same version ends the import, too.
//! So a file can be imported again, and an import that was killed, or whose file was cut, goes on where it was. What a line
//! before a bad one holds is in. The events of a tenant keep their order; of several tenants, whose events lie within
//! one batch, one after the other is written.
//!
//! Reading and writing go through [`std::io`], because files, gzip and CSV do; a batch is read between two awaits. Where other
//! tasks share the thread, run it on one of its own. Memory holds one batch: [`Options::batch`] events or 4 MiB and a line.
//!
//! # Errors
//! Each names the line, from 1.
//!
//! | code | meaning |
//! |---|---|
//! | `archive/header` | the first line is no header; the file is compressed, or no archive |
//! | `archive/version` | a newer program wrote the file |
//! | `archive/line` | a line is damaged: it is no event, or its checksum is another |
//! | `archive/line_too_long` | a line is longer than [`Options::longest_line`] |
//! | `archive/truncated` | the file ends too early; what it holds is in |
//! | `archive/gap` | the event before this one in its stream is missing |
//! | `archive/different` | the store has another event in its place |
//! | `archive/digest` | the events are not those that were exported |
//! | `archive/io` | reading or writing failed |
//!
//! Besides these, what the store answers, and `store/corrupt_event` from an export.

mod digest;
mod export;
mod fault;
mod file;
mod import;
mod importer;
mod options;
mod source;
mod states;
mod verify;

pub use digest::Digest;
pub use export::{Exported, export};
pub use import::{ImportedFile, import};
pub use importer::{Imported, Importer};
pub use options::{Options, Progress};
pub use source::Source;
pub use verify::{Finding, Report, verify};
