//! What fits into the columns and into a statement, looked at before anything is sent.

use super::super::words;
use crate::{
    envelope::Envelope,
    error::{Error, ErrorKind},
    store::{Commit, DeadLetter, DeadLetterChange, GenerationChange, OutboxMessage},
};

/// Bytes of a name: of an event, a topic, a consumer, a model, a reader, a lease, an error's code.
const NAME: usize = 255;
/// Bytes of a read model's key.
const MODEL_KEY: usize = 1_024;
/// Bytes of an envelope's key.
const KEY: usize = 65_535;
/// A row's bytes besides its values of any length.
const ROW: usize = 4_096;

/// Refuses a commit of which something would not fit.
pub(super) fn check(commit: &Commit, packet: usize) -> Result<(), Error> {
    let whole = |what, length: usize| within(what, length, packet.saturating_sub(ROW));
    for append in &commit.appends {
        append.events.iter().try_for_each(|event| envelope(event, packet))?;
    }
    commit.outbox.iter().try_for_each(|sent| message(sent, packet))?;
    commit.inbox.iter().try_for_each(|mark| within("consumer", mark.consumer.len(), NAME))?;
    commit.checkpoints.iter().try_for_each(|moved| within("checkpoint", moved.name.len(), NAME))?;
    commit.generations.iter().try_for_each(ownership)?;
    commit.fences.iter().try_for_each(|fence| within("resource", fence.resource.len(), NAME))?;
    commit.snapshots.iter().try_for_each(|snapshot| whole("snapshot", snapshot.state.len()))?;
    for write in &commit.models {
        within("model", write.model.len(), NAME)?;
        within("key", write.key.len(), MODEL_KEY)?;
    }
    for record in &commit.commands {
        within("command", record.name.len(), NAME)?;
        let undo = record.undo.as_ref().map_or(0, |(command, output)| command.len() + output.len());
        whole("audit row", record.input.len() + undo + record.error.as_deref().map_or(0, str::len))?;
    }
    commit.dead.iter().try_for_each(|change| match change {
        DeadLetterChange::Park(parked) => letter(parked, packet),
        DeadLetterChange::Mark(..) | DeadLetterChange::Remove(_) => Ok(()),
    })
}

/// Refuses a value of a read model that would not fit.
pub(super) fn check_value(value: &[u8], packet: usize) -> Result<(), Error> {
    within("row", value.len(), packet.saturating_sub(ROW))
}

fn ownership(change: &GenerationChange) -> Result<(), Error> {
    let GenerationChange::Own { model, owner } = change else { return Ok(()) };
    within("model", model.len(), NAME)?;
    within("projection", owner.len(), NAME)
}

fn letter(letter: &DeadLetter, packet: usize) -> Result<(), Error> {
    within("consumer", words::source_columns(&letter.source).1.len(), NAME)?;
    within("code", letter.code.len(), NAME)?;
    within("dead letter", weight(&letter.message.envelope) + letter.error.len(), packet)?;
    message(&letter.message, packet)
}

fn message(message: &OutboxMessage, packet: usize) -> Result<(), Error> {
    within("topic", message.topic.len(), NAME)?;
    envelope(&message.envelope, packet)
}

fn envelope(envelope: &Envelope, packet: usize) -> Result<(), Error> {
    within("name", envelope.name.len(), NAME)?;
    within("key", envelope.key.as_deref().map_or(0, str::len), KEY)?;
    within("payload", weight(envelope), packet)
}

/// About how many bytes of a statement the row of an envelope takes, and not fewer.
pub(super) fn weight(envelope: &Envelope) -> usize {
    ROW + envelope.payload.len() + envelope.key.as_deref().map_or(0, str::len)
}

fn within(what: &'static str, length: usize, most: usize) -> Result<(), Error> {
    if length <= most {
        return Ok(());
    }
    let message = "a value is larger than the server stores; store a reference to it, or raise `max_allowed_packet`";
    let error = Error::new(ErrorKind::Invalid, "db/too_big", message);
    Err(error.with("what", what).with("bytes", length).with("most", most))
}
