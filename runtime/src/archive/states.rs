//! The states of aggregates that are stored as their states, beside the events.
//!
//! The line of a state follows that of the note in its stream. It is the state at the moment of the export.

use std::{borrow::Cow, sync::Arc};

use serde::{Deserialize, Serialize};
use xxhash_rust::xxh3::{xxh3_64, xxh3_128};

use super::fault;
use crate::{
    codec::{self, RawValue},
    envelope::StreamId,
    error::Error,
    store::{
        AnyStore, Commit, LogEvent, ModelChange, ModelWrite,
        states::{self, NOTE, STATES, StateRow},
    },
    tenant::TenantId,
};

/// The line of a state.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct StateLine<'a> {
    #[serde(borrow)]
    state: Place<'a>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Place<'a> {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    tenant: Option<TenantId>,
    #[serde(borrow)]
    category: Cow<'a, str>,
    #[serde(borrow)]
    stream: Cow<'a, str>,
    #[serde(borrow)]
    row: &'a RawValue,
    checksum: String,
}

/// A state on its way.
pub(super) struct Carried {
    line: u64,
    tenant: Option<TenantId>,
    stream: StreamId,
    row: StateRow,
}

/// The state in whose stream an event is the note, as a row, or what is left of one that was removed; `None` if it is
/// another event.
pub(super) async fn behind(store: &AnyStore, event: &LogEvent) -> Result<Option<Vec<u8>>, Error> {
    let LogEvent { tenant, event, .. } = event;
    let Some(unlogged) = states::noted(&event.envelope)? else { return Ok(None) };
    let Some(row) = store.model(states::place(tenant.clone(), &event.stream)).await? else { return Ok(None) };
    let mut row = StateRow::decode(&row.value).map_err(|error| error.with("stream", &event.stream))?;
    // A later note may lie beyond what is exported.
    row.held.marked = event.version;
    row.held.unlogged = unlogged;
    row.encode().map(Some)
}

/// What is wrong with the state in whose stream an event is the note.
pub(super) async fn wrong(store: &AnyStore, event: &LogEvent) -> Result<Option<Error>, Error> {
    let LogEvent { tenant, event, .. } = event;
    if event.envelope.name != NOTE {
        return Ok(None);
    }
    let Some(row) = store.model(states::place(tenant.clone(), &event.stream)).await? else {
        return Ok(Some(states::missing(&event.stream)));
    };
    Ok(StateRow::decode(&row.value).err().map(|error| error.with("stream", &event.stream)))
}

impl<'a> StateLine<'a> {
    pub(super) fn of(event: &'a LogEvent, row: &'a [u8]) -> Result<Self, Error> {
        let (tenant, stream) = (&event.tenant, &event.event.stream);
        let checksum = checksum(tenant.as_ref(), stream, row);
        let row = codec::line(row).map_err(|reason| fault::damaged(0, reason))?;
        let (category, id) = (stream.category().into(), stream.id().into());
        Ok(Self { state: Place { tenant: tenant.clone(), category, stream: id, row, checksum } })
    }

    /// The state, or what is wrong with it.
    pub(super) fn carried(self, line: u64) -> Result<Carried, String> {
        let Place { tenant, category, stream, row, checksum: told } = self.state;
        let text = |error: Error| error.to_string();
        let stream = StreamId::new(category.into_owned(), stream.into_owned()).map_err(text)?;
        if checksum(tenant.as_ref(), &stream, row.get().as_bytes()) != told {
            return Err("the checksum is that of another state".into());
        }
        let row = StateRow::decode(row.get().as_bytes()).map_err(text)?;
        Ok(Carried { line, tenant, stream, row })
    }
}

fn checksum(tenant: Option<&TenantId>, stream: &StreamId, row: &[u8]) -> String {
    let texts = [tenant.map_or("", TenantId::as_str), stream.category(), stream.id()];
    let [tenant, category, stream] = texts.map(|text| xxh3_64(text.as_bytes()));
    let numbers = [tenant, category, stream, xxh3_64(row)];
    format!("{:032x}", xxh3_128(numbers.map(u64::to_le_bytes).as_flattened()))
}

impl Carried {
    pub(super) fn tenant(&self) -> Option<&TenantId> {
        self.tenant.as_ref()
    }

    /// Writes the state, unless a later one is there.
    fn write(self) -> Result<ModelWrite, Error> {
        let Self { line, stream, row, .. } = self;
        let (key, bytes) = (stream.to_string(), row.encode()?);
        let change = move |current: Option<&[u8]>| {
            // A damaged row is replaced: it is what an archive is kept for.
            let there = current.map(StateRow::decode).and_then(Result::ok);
            let (Some(there), Some(current)) = (there, current) else { return Ok(Some(bytes.clone())) };
            match there.age().cmp(&row.age()) {
                std::cmp::Ordering::Greater => Ok(Some(current.to_vec())),
                std::cmp::Ordering::Equal if there.state != row.state => {
                    Err(fault::different(line, &stream, row.version.get()))
                }
                _ => Ok(Some(bytes.clone())),
            }
        };
        Ok(ModelWrite { model: STATES, key, change: ModelChange::Update(Arc::new(change)) })
    }
}

/// Writes states, those of neighbours of one tenant in one commit.
pub(super) async fn write(store: &AnyStore, carried: &mut Vec<Carried>) -> Result<(), Error> {
    let mut rest = std::mem::take(carried).into_iter().peekable();
    while let Some(first) = rest.next() {
        let tenant = first.tenant.clone();
        let mut models = vec![first.write()?];
        while let Some(next) = rest.next_if(|next| next.tenant == tenant) {
            models.push(next.write()?);
        }
        store.commit(Commit { tenant, models, ..Commit::default() }).await?;
    }
    Ok(())
}
