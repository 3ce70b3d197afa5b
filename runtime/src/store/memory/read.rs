//! What is read out of the state.

use std::ops::Bound;

use super::state::{Row, State, Stream, TableKey};
use crate::{
    envelope::StoredEvent,
    error::Error,
    id::MessageId,
    store::{
        CommandQuery, CommandRecord, DeadLetter, Fault, FaultKind, Load, Loaded, LogEvent, LogRow, ModelKey, ModelRow,
        OutboxRow, Scan, Snapshot, Until, checksum,
    },
    tenant::TenantId,
    version::Position,
};

impl State {
    pub(super) fn load(&self, load: &Load) -> Loaded {
        let Some(stream) = self.stream(&load.tenant, &load.stream) else { return Loaded::default() };
        let until = self.until(stream, load.until);
        let fits = |kept: &&Snapshot| {
            load.snapshot == Some(kept.schema) && kept.version > load.after && index(kept.version.get()) <= until
        };
        let snapshot = stream.snapshot.as_ref().filter(fits).cloned();
        let after = snapshot.as_ref().map_or(load.after, |snapshot| snapshot.version);
        let events = stream.events.get(index(after.get())..until.min(stream.events.len())).unwrap_or_default();
        let events = events.iter().filter_map(|at| self.log.get(*at).cloned()).collect();
        Loaded { snapshot, events }
    }

    /// The last version of a stream to read.
    fn until(&self, stream: &Stream, until: Until) -> usize {
        let later = |at: &usize, time| self.log.get(*at).is_some_and(|event| event.envelope.time > time);
        match until {
            Until::Head => usize::MAX,
            Until::Version(version) => index(version.get()),
            Until::Time(time) => stream.events.iter().position(|at| later(at, time)).unwrap_or(stream.events.len()),
        }
    }

    pub(super) fn read(&self, after: Position, limit: usize) -> Vec<StoredEvent> {
        let rest = self.log.get(index(after.get())..).unwrap_or_default();
        rest.iter().take(limit).cloned().collect()
    }

    /// Nothing changes an event in memory: its checksum is made when it is asked for.
    pub(super) fn log(&self, after: Position, limit: usize) -> Vec<LogRow> {
        let rows = self.log.iter().zip(&self.owners).skip(index(after.get())).take(limit);
        rows.map(|(event, tenant)| row(event, tenant)).collect()
    }

    pub(super) fn find(&self, messages: &[MessageId]) -> Vec<LogRow> {
        let places = messages.iter().filter_map(|message| self.event_ids.get(message));
        places.filter_map(|at| Some(row(self.log.get(*at)?, self.owners.get(*at)?))).collect()
    }

    /// A stream cannot have a gap here.
    pub(super) fn faults(&self, limit: usize) -> Vec<Fault> {
        let streams =
            self.streams.iter().flat_map(|(tenant, streams)| streams.iter().map(move |(id, own)| (tenant, id, own)));
        let snapshots = streams.filter_map(|(tenant, stream, own)| {
            let (found, head) = (own.snapshot.as_ref()?.version.get(), own.events.len() as u64);
            let tenant = tenant.as_ref().map_or_else(String::new, ToString::to_string);
            let kind = FaultKind::SnapshotAhead;
            (found > head).then(|| Fault { kind, tenant, of: stream.to_string(), found, head })
        });
        let head = self.log.len() as u64;
        let beyond = self.checkpoints.iter().filter(|(_, position)| position.get() > head);
        let checkpoints = beyond.map(|(name, position)| {
            let kind = FaultKind::CheckpointAhead;
            Fault { kind, tenant: String::new(), of: name.clone(), found: position.get(), head }
        });
        snapshots.chain(checkpoints).take(limit).collect()
    }

    pub(super) fn model(&self, key: &ModelKey) -> Option<ModelRow> {
        let table = self.table(&key.tenant, key.model, key.generation.as_ref());
        present(&table, self.row(&table, &key.key)?)
    }

    pub(super) fn scan(&self, scan: &Scan) -> Vec<(String, ModelRow)> {
        let table = self.table(&scan.tenant, scan.model, None);
        let Some(rows) = self.models.get(&table) else { return Vec::new() };
        let after = scan.after.as_deref().map_or(Bound::Unbounded, Bound::Excluded);
        let rows = rows.range::<str, _>((after, Bound::Unbounded));
        rows.filter_map(|(key, row)| Some((key.clone(), present(&table, row)?))).take(scan.limit).collect()
    }

    pub(super) fn commands(&self, query: &CommandQuery) -> Vec<CommandRecord> {
        let end = query.before.map(|run| self.command_at.get(&run).copied().unwrap_or_default());
        let rows = self.commands.get(..end.unwrap_or(self.commands.len())).unwrap_or_default();
        rows.iter().rev().filter(|row| query.wants(row)).take(query.limit).cloned().collect()
    }

    pub(super) fn outbox_after(&self, after: u64, limit: usize) -> Vec<OutboxRow> {
        let rows = self.outbox.range((Bound::Excluded(after), Bound::Unbounded)).take(limit);
        rows.map(|(seq, message)| OutboxRow { seq: *seq, message: message.clone() }).collect()
    }

    pub(super) fn dead_after(&self, after: u64, limit: usize) -> Vec<DeadLetter> {
        let letters = self.dead.range((Bound::Excluded(after), Bound::Unbounded)).take(limit);
        letters.map(|(_, letter)| letter.clone()).collect()
    }
}

fn present(table: &TableKey, row: &Row) -> Option<ModelRow> {
    row.value.clone().map(|value| ModelRow { revision: row.told(table), value })
}

fn row(event: &StoredEvent, tenant: &Option<TenantId>) -> LogRow {
    LogRow { position: event.position, event: logged(event, tenant) }
}

fn logged(event: &StoredEvent, tenant: &Option<TenantId>) -> Result<LogEvent, Error> {
    let checksum = checksum(tenant.as_ref(), &event.stream, event.version, &event.envelope)?;
    Ok(LogEvent { tenant: tenant.clone(), checksum, event: event.clone() })
}

/// A number as an index; one that no vector can have is past the end of all.
fn index(number: u64) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}
