//! What a store refuses, as errors: every adapter says the same.

use std::any::Any;

use super::{Append, CheckpointMove, Fence, InboxMark, ModelSeen, ModelWrite, Swap};
use crate::{
    error::{Error, ErrorKind},
    id::MessageId,
    version::{ConcurrencyConflict, Version},
};

pub(crate) fn closed() -> Error {
    Error::new(ErrorKind::Transient, "store/closed", "the store was closed; nothing was read or written")
}

pub(crate) fn conflict(append: &Append, actual: Version) -> Error {
    ConcurrencyConflict::new(append.stream.to_string(), append.expected, actual).into()
}

pub(crate) fn lease_lost(fence: &Fence) -> Error {
    let message = "the lease has another holder; stop the work that it covers";
    Error::new(ErrorKind::Conflict, "lease/lost", message).with("resource", &fence.resource).with("fence", fence.fence)
}

pub(crate) fn duplicate_mark(mark: &InboxMark) -> Error {
    let message = "this consumer has handled the message already; settle it";
    Error::new(ErrorKind::Invalid, "inbox/duplicate", message)
        .with("message", mark.message)
        .with("consumer", &mark.consumer)
}

pub(crate) fn duplicate_event(id: MessageId) -> Error {
    let message = "a message with this id is stored already; give each message an id of its own";
    Error::new(ErrorKind::Invalid, "store/duplicate_event", message).with("message", id)
}

pub(crate) fn row_changed(seen: &ModelSeen) -> Error {
    let message = "a row changed since it was read; read it again and decide again";
    Error::new(ErrorKind::Conflict, "store/seen_changed", message).with("model", seen.model).with("key", &seen.key)
}

pub(crate) fn checkpoint_moved(checkpoint: &CheckpointMove) -> Error {
    let message = "another reader moved the checkpoint; read it again and go on from there";
    Error::new(ErrorKind::Conflict, "store/seen_changed", message).with("checkpoint", &checkpoint.name)
}

pub(crate) fn foreign_model(model: &str, owner: &str, actual: &str) -> Error {
    let message = "two projections, or two versions of one, write one read model; give each read models of its own";
    Error::new(ErrorKind::Config, "store/foreign_model", message)
        .with("model", model)
        .with("projection", owner)
        .with("owner", actual)
}

pub(crate) fn generation_behind(swap: &Swap) -> Error {
    let message = "the live generation stands elsewhere than this one; follow the log on, then swap";
    Error::new(ErrorKind::Conflict, "store/generation_behind", message)
        .with("owner", &swap.owner)
        .with("generation", swap.generation)
        .with("position", swap.position)
}

pub(crate) fn already_undone(run: MessageId) -> Error {
    let message = "this run of a command was undone already; nothing is left to undo";
    Error::new(ErrorKind::Conflict, "command/already_undone", message).with("run", run)
}

pub(crate) fn no_such_run(run: MessageId) -> Error {
    let message = "no audit row has this id; only a run that was recorded can be undone";
    Error::new(ErrorKind::NotFound, "command/not_found", message).with("run", run)
}

pub(crate) fn change_panicked(write: &ModelWrite, panic: Box<dyn Any + Send>) -> Error {
    let text = match panic.downcast::<String>() {
        Ok(text) => *text,
        Err(panic) => panic.downcast_ref::<&str>().copied().unwrap_or("a panic without a text").to_owned(),
    };
    let message = "the function that changes the row panicked; nothing was written";
    Error::new(ErrorKind::Internal, "store/change_panicked", message)
        .with("model", write.model)
        .with("key", &write.key)
        .caused_by(text)
}
