//! Writes a verified commit. Nothing here can fail.

use super::{
    models::Values,
    state::{State, TableKey},
};
use crate::{
    envelope::StoredEvent,
    store::{
        Append, CommandRecord, Commit, Committed, DeadLetter, DeadLetterChange, InboxMark, ModelWrite, OutboxMessage,
        Snapshot, UndoRecord,
    },
    tenant::TenantId,
    version::{Position, Version},
};

/// Applies everything, in the order of the contract. `values` are those of the commit's read models.
pub(super) fn apply(state: &mut State, commit: Commit, values: Values) -> Committed {
    let tenant = commit.tenant;
    state.mark(commit.inbox);
    let appends = commit.appends.into_iter().filter(|append| !append.events.is_empty());
    let appends = appends.map(|append| state.append(&tenant, append)).collect();
    state.own(&commit.generations);
    for (write, value) in commit.models.into_iter().zip(values) {
        let table = state.table(&tenant, write.model, commit.generation.as_ref());
        state.write(table, write, value);
    }
    for snapshot in commit.snapshots {
        state.keep(&tenant, snapshot);
    }
    state.record(commit.commands, &commit.undone);
    state.checkpoints.extend(commit.checkpoints.into_iter().map(|checkpoint| (checkpoint.name, checkpoint.to)));
    let swept = state.turn(commit.generations);
    let parked = commit.dead.into_iter().filter_map(|change| state.change_dead(change)).collect();
    for seq in commit.published {
        state.outbox.remove(&seq);
    }
    state.send(commit.outbox);
    Committed { appends, parked, swept }
}

impl State {
    fn mark(&mut self, marks: Vec<InboxMark>) {
        for InboxMark { consumer, message, .. } in marks {
            self.inbox.entry(consumer).or_default().insert(message);
        }
    }

    fn append(&mut self, tenant: &Option<TenantId>, append: Append) -> (Version, Position) {
        let streams = self.streams.entry(tenant.clone()).or_default();
        let stream = streams.entry(append.stream.clone()).or_default();
        for envelope in append.events {
            self.event_ids.insert(envelope.id, self.log.len());
            stream.events.push(self.log.len());
            self.owners.push(tenant.clone());
            self.log.push(StoredEvent {
                stream: append.stream.clone(),
                version: Version::new(stream.events.len() as u64),
                position: Position::new(self.log.len() as u64 + 1),
                envelope,
            });
        }
        (Version::new(stream.events.len() as u64), Position::new(self.log.len() as u64))
    }

    fn write(&mut self, table: TableKey, write: ModelWrite, value: Option<Vec<u8>>) {
        let rows = self.models.entry(table).or_default();
        if value.is_none() && !rows.contains_key(&write.key) {
            return;
        }
        let row = rows.entry(write.key).or_default();
        row.revision += 1;
        row.value = value;
    }

    fn keep(&mut self, tenant: &Option<TenantId>, snapshot: Snapshot) {
        let streams = self.streams.entry(tenant.clone()).or_default();
        let kept = &mut streams.entry(snapshot.stream.clone()).or_default().snapshot;
        let newer = |old: &Snapshot| old.schema == snapshot.schema && old.version > snapshot.version;
        if !kept.as_ref().is_some_and(newer) {
            *kept = Some(snapshot);
        }
    }

    fn record(&mut self, commands: Vec<CommandRecord>, undone: &[UndoRecord]) {
        for record in commands {
            self.command_at.insert(record.id, self.commands.len());
            self.commands.push(record);
        }
        for undo in undone {
            let record = self.command_at.get(&undo.run).and_then(|at| self.commands.get_mut(*at));
            if let Some(record) = record {
                record.undone_by = Some(undo.by);
            }
        }
    }

    fn change_dead(&mut self, change: DeadLetterChange) -> Option<u64> {
        match change {
            DeadLetterChange::Park(letter) => return Some(self.park(*letter)),
            DeadLetterChange::Mark(no, state) => {
                if let Some(letter) = self.dead.get_mut(&no) {
                    letter.state = state;
                }
            }
            DeadLetterChange::Remove(no) => {
                if let Some(letter) = self.dead.remove(&no) {
                    self.dead_no.remove(&(letter.source, letter.message.envelope.id));
                }
            }
        }
        None
    }

    fn park(&mut self, letter: DeadLetter) -> u64 {
        let next = self.last_dead + 1;
        let no = *self.dead_no.entry((letter.source.clone(), letter.message.envelope.id)).or_insert(next);
        self.last_dead = self.last_dead.max(no);
        let old = self.dead.get_mut(&no);
        let Some(old) = old else {
            self.dead.insert(no, DeadLetter { no, ..letter });
            return no;
        };
        let DeadLetter { state, attempts, code, error, .. } = letter;
        *old = DeadLetter { state, attempts, code, error, ..old.clone() };
        no
    }

    fn send(&mut self, messages: Vec<OutboxMessage>) {
        for message in messages {
            self.last_seq += 1;
            self.outbox.insert(self.last_seq, message);
        }
    }
}
