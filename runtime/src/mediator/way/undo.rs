//! The audit of commands, and taking them back.

use std::{marker::PhantomData, panic::AssertUnwindSafe};

use futures_util::FutureExt as _;

use serde::{Serialize, de::DeserializeOwned};

use super::{Boxed, panicked};
use crate::mediator::{Context, Mediator, MessageInfo, MessageKind, Request, Undoable};
use crate::{
    codec,
    command::Handled,
    error::{Error, ErrorKind, SendError},
    id::MessageId,
    store::{CommandOutcome, CommandRecord, UndoRecord},
    timestamp::Timestamp,
};

/// What the run of a command says about itself.
#[derive(Debug)]
pub(in crate::mediator) struct Draft {
    pub(in crate::mediator) id: MessageId,
    pub(in crate::mediator) name: &'static str,
    pub(in crate::mediator) input: String,
    pub(in crate::mediator) started: Timestamp,
}

impl Draft {
    pub(in crate::mediator) fn record(self, cx: &Context<'_>, outcome: CommandOutcome) -> CommandRecord {
        let duration = cx.now().since(self.started);
        CommandRecord {
            id: self.id,
            name: self.name.into(),
            metadata: cx.request_metadata().clone(),
            input: self.input,
            outcome,
            error: None,
            started_at: self.started,
            duration,
            undo: None,
            undo_of: None,
            undone_by: None,
        }
    }
}

/// Writes the row of a run that wrote nothing, in a transaction of its own. Whether it is written: not if the run turns out
/// to have written its own after all.
pub(in crate::mediator) async fn record_failure(
    cx: &Context<'_>,
    draft: Draft,
    outcome: CommandOutcome,
    error: String,
) -> bool {
    let (id, name) = (draft.id, draft.name);
    let record = CommandRecord { error: Some(error), ..draft.record(cx, outcome) };
    let mut unit = cx.mediator().units().begin(cx.request_metadata().clone());
    unit.transaction().staged_mut().commands.push(record);
    let written = unit.commit().await;
    if let Err(error) = &written {
        tracing::error!(code = error.code(), %error, command = name, run = %id, "the audit row of a failed command is lost");
    }
    written.is_ok()
}

/// A command and its output as they are kept for `undo`.
///
/// # Errors
/// `message/unencodable` if a `Serialize` refuses.
pub(in crate::mediator) fn remember<C: Undoable>(command: &C, output: &C::Output) -> Result<(String, String), Error>
where
    C::Output: Serialize,
{
    let text = |bytes: Vec<u8>| String::from_utf8_lossy(&bytes).into_owned();
    Ok((text(codec::encode(command)?), text(codec::encode(output)?)))
}

/// Takes back runs of one type of command.
pub(in crate::mediator) trait Undo: Send + Sync {
    fn undo<'a>(&'a self, kept: &'a (String, String), cx: &'a mut Context<'_>) -> Boxed<'a, Result<(), Error>>;
}

pub(in crate::mediator) struct UndoOf<C>(pub(in crate::mediator) PhantomData<fn() -> C>);

impl<C: Undoable> Undo for UndoOf<C>
where
    C::Output: Serialize + DeserializeOwned + Sync,
{
    fn undo<'a>(&'a self, kept: &'a (String, String), cx: &'a mut Context<'_>) -> Boxed<'a, Result<(), Error>> {
        Box::pin(async move {
            let command: C = codec::decode(kept.0.as_bytes())?;
            let output: <C as Handled>::Output = codec::decode(kept.1.as_bytes())?;
            if !command.authorize(&cx.actor()).await {
                let error = Error::new(ErrorKind::Denied, "mediator/denied", "the actor may not undo this");
                return Err(error.with("command", C::NAME).with("actor", cx.actor()));
            }
            command.undo(&output, cx).await.map_err(|rejection| {
                let message = "`#[undo]` said no; nothing was written";
                Error::new(ErrorKind::Invalid, "command/undo_rejected", message)
                    .with("command", C::NAME)
                    .with("rejection", &rejection)
                    .caused_by(rejection)
            })
        })
    }
}

/// Takes back a run, once.
pub(in crate::mediator) async fn undo(mediator: &Mediator, run: MessageId, request: Request) -> Result<(), Error> {
    let record = mediator.units().store().command(run).await?;
    let record = record.filter(|record| record.metadata.tenant == request.metadata().tenant).ok_or_else(|| {
        let message = "no run of a command has this id; take it from `Executed::id`";
        Error::new(ErrorKind::NotFound, "command/not_found", message).with("run", run)
    })?;
    let (undoer, kept) = undoable(mediator, &record)?;
    let info = MessageInfo { name: "undo", kind: MessageKind::Command };
    let mut cx = Context::new(mediator, &info, request);
    let (id, started) = (cx.message_id(), cx.now());
    match AssertUnwindSafe(undoer.undo(kept, &mut cx)).catch_unwind().await {
        Ok(answer) => answer?,
        Err(panic) => return Err(panicked(&record.name, &*panic)),
    }
    let draft = Draft { id, name: "", input: record.input.clone(), started };
    let undone =
        CommandRecord { name: record.name.clone(), undo_of: Some(run), ..draft.record(&cx, CommandOutcome::Ok) };
    let staged = cx.unit().transaction().staged_mut();
    staged.commands.push(undone);
    staged.undone.push(UndoRecord { run, by: id });
    cx.commit().await
}

type Kept<'a> = (&'a dyn Undo, &'a (String, String));

fn undoable<'a>(mediator: &'a Mediator, record: &'a CommandRecord) -> Result<Kept<'a>, Error> {
    let refuse = |code, message: &str| {
        Err(Error::new(ErrorKind::Invalid, code, message).with("run", record.id).with("command", &record.name))
    };
    if record.undone_by.is_some() {
        return refuse("command/already_undone", "the run was undone before; an undo happens once");
    }
    match (&record.undo, mediator.undoers.get(record.name.as_str())) {
        (Some(kept), Some(undoer)) if record.outcome == CommandOutcome::Ok => Ok((&**undoer, kept)),
        (Some(_), None) => refuse("mediator/no_handler", "add `.command::<…>()` of this command to `App::builder()`"),
        _ => refuse("command/nothing_to_undo", "only a run that succeeded, of a command with `#[undo]`, can be undone"),
    }
}

/// How a failed answer is recorded.
pub(in crate::mediator) fn outcome_of<E: std::error::Error>(error: &SendError<E>) -> (CommandOutcome, String) {
    match error {
        SendError::Rejected(rejection) => (CommandOutcome::Rejected, rejection.to_string()),
        SendError::Runtime(error) => (CommandOutcome::Failed, error.code().into()),
    }
}
