//! A log to a file.

use std::io::Write;

use super::{
    digest::Digest,
    fault,
    file::{End, FORMAT, Header, Line, VERSION},
    options::{Options, Progress},
    states::{self, StateLine},
};
use crate::{codec, error::Error, store::AnyStore, version::Position};

/// What an export wrote.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Exported {
    /// How many events.
    pub events: u64,
    /// Their digest.
    pub digest: Digest,
    /// How many states of aggregates that are stored as their states, removed ones too.
    pub states: u64,
}

/// Writes all events that are there when it begins, in the global order. The writer is flushed at the end; give it a
/// [`BufWriter`](std::io::BufWriter) if it is a file.
///
/// # Errors
/// `archive/io` if writing fails, `store/corrupt_event` if a row was changed, and what the store answers. The file then has
/// no last line, by which [`import`](super::import) knows.
///
/// # Cancel safety
/// Dropped before its end, it leaves a file without a last line.
pub async fn export(store: &AnyStore, mut to: impl Write, mut options: Options) -> Result<Exported, Error> {
    let (head, mut after) = (store.head().await?, Position::START);
    let mut done = Exported::default();
    put(&mut to, &Header { format: FORMAT.into(), version: VERSION })?;
    while after < head {
        for row in store.log(after, options.batch).await?.into_iter().take_while(|row| row.position <= head) {
            after = row.position;
            let event = row.event?;
            if options.wants(event.tenant.as_ref()) {
                put(&mut to, &Line::of(&event))?;
                done.digest.add(&event);
                done.events += 1;
                if let Some(state) = states::behind(store, &event).await? {
                    put(&mut to, &StateLine::of(&event, &state)?)?;
                    done.states += 1;
                }
            }
        }
        options.tell(Progress { events: done.events, position: after, head });
    }
    put(&mut to, &End { events: done.events, digest: done.digest, states: done.states })?;
    to.flush().map_err(fault::io)?;
    Ok(done)
}

fn put(to: &mut impl Write, line: &impl serde::Serialize) -> Result<(), Error> {
    let mut bytes = codec::encode(line)?;
    bytes.push(b'\n');
    to.write_all(&bytes).map_err(fault::io)
}
