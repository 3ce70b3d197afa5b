//! Parts of a unit of work that may fail alone: inner commands and savepoints.

use super::Context;
use crate::{
    command::{Command, Handled},
    error::{Error, ErrorKind, SendError},
    unit_of_work::{AsyncFunc, Savepoint},
};

/// How deep commands may send commands.
const DEEPEST: u8 = 16;

impl<'m> Context<'m> {
    /// Carries out another command in the same transaction. If it fails, its writes and events are gone, and the caller
    /// may go on.
    ///
    /// # Errors
    /// As [`Mediator::send`](super::Mediator::send), and `mediator/depth` beyond 16 levels.
    ///
    /// # Cancel safety
    /// Dropping the future undoes what the command staged.
    pub async fn send<C>(&mut self, command: C) -> Result<<C as Handled>::Output, SendError<<C as Handled>::Error>>
    where
        C: Command + Handled,
    {
        if self.nested >= DEEPEST {
            let message = "commands send commands more than 16 levels deep; is there a cycle?";
            return Err(Error::new(ErrorKind::Config, "mediator/depth", message).with("command", C::NAME).into());
        }
        self.stamp();
        let slot = self.mediator().command_slot::<C>()?;
        let scope = Scope::open(self);
        scope.cx.nested += 1;
        let answer = slot.nested(command, scope.cx).await;
        scope.close(answer.is_ok());
        answer
    }

    /// Runs a part of the work that may fail alone: if it answers `Err`, what it staged is gone.
    ///
    /// # Errors
    /// What `part` answers.
    ///
    /// # Cancel safety
    /// Dropping the future undoes what the part staged.
    pub async fn savepoint<T, E, F>(&mut self, part: F) -> Result<T, E>
    where
        F: for<'a> AsyncFunc<&'a mut Context<'m>, Result<T, E>, Fut: Send>,
    {
        let scope = Scope::open(self);
        let answer = part(&mut *scope.cx).await;
        scope.close(answer.is_ok());
        answer
    }
}

/// A part of the work that is undone unless it is closed well, also when its future is dropped.
struct Scope<'a, 'm> {
    cx: &'a mut Context<'m>,
    /// `None` if nothing was staged before.
    start: Option<Savepoint>,
    nested: u8,
    keep: bool,
}

impl<'a, 'm> Scope<'a, 'm> {
    fn open(cx: &'a mut Context<'m>) -> Self {
        let (start, nested) = (cx.unit.as_deref_mut().map(|unit| unit.enter()), cx.nested);
        Self { cx, start, nested, keep: false }
    }

    fn close(mut self, keep: bool) {
        self.keep = keep;
    }
}

impl Drop for Scope<'_, '_> {
    fn drop(&mut self) {
        self.cx.nested = self.nested;
        match (self.start, &mut self.cx.unit) {
            (Some(start), Some(unit)) => unit.leave(start, self.keep),
            (_, unit) if !self.keep => *unit = None,
            _ => {}
        }
    }
}
