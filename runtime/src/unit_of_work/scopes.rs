//! What is known of the transaction of a unit: which parts of it are open, what failed, and what the database is still to be
//! told.
//!
//! An error of a statement fails the innermost part that is open, on every database alike: only some go on after it by
//! themselves. Savepoints are owed to the database until the next statement, so a part without statements costs none, and a
//! part can be undone where nobody can wait.

use super::UnitOfWork;
use crate::{
    error::{Error, ErrorKind},
    resilience::Retry,
    store::{Mark, entities::Savepoint as Step},
};

#[derive(Debug, Default)]
pub(super) struct Scopes {
    /// How many parts are open in each other.
    depth: u16,
    owed: Vec<Step>,
    /// The depth of the outermost part that failed, and why it did.
    failed: Option<(u16, Error)>,
    dead: Option<Error>,
    /// A statement was sent and has not been answered.
    busy: bool,
    /// The last thing that the database said, if it was an error.
    last: Option<Error>,
}

impl Scopes {
    /// Of a unit in which so many parts are open.
    pub(super) fn at(depth: u16) -> Self {
        Self { depth, owed: (1..=depth).map(Step::Set).collect(), ..Self::default() }
    }

    /// Begins a part.
    pub(super) fn enter(&mut self) {
        self.depth += 1;
        self.owed.push(Step::Set(self.depth));
    }

    /// Ends the parts from this depth on. What failed in one that is kept fails the one around it.
    pub(super) fn leave(&mut self, depth: u16, keep: bool) {
        if let Some(set) = self.owed.iter().position(|step| *step == Step::Set(depth)) {
            self.owed.truncate(set); // the database was never told of it
        } else if keep {
            self.owed.push(Step::Release(depth));
        } else {
            self.owed.push(Step::Undo(depth));
        }
        self.depth = depth.saturating_sub(1);
        match &mut self.failed {
            Some((failed, _)) if keep => *failed = (*failed).min(self.depth),
            Some((failed, _)) if *failed >= depth => self.failed = None,
            _ => {}
        }
    }

    /// Why nothing can be asked of the database now.
    pub(super) fn refusal(&mut self) -> Result<(), Error> {
        if self.busy && self.dead.is_none() {
            let message = "a statement was dropped before its answer";
            self.dead = Some(Error::new(ErrorKind::Invalid, "unit/cancelled", message));
        }
        match (&self.dead, &self.failed) {
            (Some(cause), _) => Err(dead(cause)),
            (None, Some((_, cause))) => Err(failed(cause)),
            (None, None) => Ok(()),
        }
    }

    /// Why the whole cannot be committed.
    pub(super) fn verdict(&mut self) -> Result<(), Error> {
        let refused = self.refusal();
        match &self.failed {
            Some((_, cause)) if self.dead.is_none() => Err(aborted(cause)),
            _ => refused,
        }
    }

    /// What failed in the part that is open now, or around it.
    pub(super) fn failure(&self) -> Option<&Error> {
        self.failed.as_ref().map(|(_, cause)| cause)
    }

    /// The next thing to tell the database before a statement.
    pub(super) fn owed(&mut self) -> Option<Step> {
        let next = (!self.owed.is_empty()).then(|| self.owed.remove(0));
        self.busy = next.is_some();
        next
    }

    /// A statement is sent.
    pub(super) fn send(&mut self) {
        self.busy = true;
    }

    /// It was answered.
    pub(super) fn answer(&mut self, error: Option<&Error>, lost: bool) {
        self.busy = false;
        self.hear(error);
        let Some(error) = error else { return };
        if lost || error.code() == "unit/dead" {
            self.dead.get_or_insert_with(|| error.clone());
        } else {
            self.failed.get_or_insert_with(|| (self.depth, error.clone()));
        }
    }

    /// It could not be begun at all: what was to be written is missing, as where a statement failed.
    pub(super) fn not_begun(&mut self, error: &Error) {
        self.failed.get_or_insert_with(|| (self.depth, error.clone()));
        self.hear(Some(error));
    }

    /// The database said this, perhaps to somebody who asked beside the transaction.
    pub(super) fn hear(&mut self, error: Option<&Error>) {
        self.last = error.cloned();
    }

    /// Whether the last thing that the database said makes the whole worth another attempt.
    pub(super) fn may_pass(&self, retry: Retry) -> bool {
        self.last.as_ref().is_some_and(|error| retry.repeats(error))
    }
}

fn dead(cause: &Error) -> Error {
    let message = "the transaction of the unit of work has ended by itself and nothing was written; begin again";
    Error::new(cause.kind(), "unit/dead", message).caused_by(cause.clone())
}

fn failed(cause: &Error) -> Error {
    let message = "an earlier statement of this part of the unit of work failed, and the part with it; let it answer that \
                   error, or run what may fail in a savepoint";
    Error::new(cause.kind(), "unit/scope_failed", message).caused_by(cause.clone())
}

pub(super) fn aborted(cause: &Error) -> Error {
    let message =
        "a statement failed, and its error was passed over: nothing was written; run what may fail in a savepoint";
    Error::new(cause.kind(), "unit/aborted", message).caused_by(cause.clone())
}

/// Where a part of a unit of work begins, to which it can be rolled back.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Savepoint {
    depth: u16,
    transaction: Mark,
    unlogged: usize,
    staged: usize,
    hooks: usize,
    told: usize,
    faulty: bool,
}

impl UnitOfWork {
    /// Which attempt at the same work this is, from 1; see [`Scoped::in_tx`](crate::repository::Scoped::in_tx).
    #[must_use]
    pub const fn attempt(&self) -> u32 {
        self.attempt
    }

    /// Begins a part that can be undone alone.
    pub(crate) fn enter(&mut self) -> Savepoint {
        self.depth += 1;
        if let Some(open) = &self.open {
            open.scopes().enter();
        }
        Savepoint {
            depth: self.depth,
            transaction: self.transaction.mark(),
            unlogged: self.unlogged.len(),
            staged: self.staged.len(),
            hooks: self.hooks.len(),
            told: self.open.as_ref().map_or(0, |open| open.told_so_far().len()),
            faulty: self.fault.is_some(),
        }
    }

    /// Ends a part; unless it is kept, what was written and staged in it is gone.
    pub(crate) fn leave(&mut self, savepoint: Savepoint, keep: bool) {
        self.depth = savepoint.depth - 1;
        if let Some(open) = &self.open {
            open.scopes().leave(savepoint.depth, keep);
        }
        if !keep {
            self.forget_after(savepoint);
        }
    }

    fn forget_after(&mut self, savepoint: Savepoint) {
        self.transaction.roll_back_to(savepoint.transaction);
        self.unlogged.truncate(savepoint.unlogged);
        self.staged.truncate(savepoint.staged);
        self.hooks.truncate(savepoint.hooks);
        if let Some(open) = &self.open {
            open.told_so_far().truncate(savepoint.told);
        }
        if !savepoint.faulty {
            self.fault = None;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Retry, Scopes, Step};
    use crate::error::{Error, ErrorKind};

    fn busy() -> Error {
        Error::new(ErrorKind::Transient, "db/busy", "try again")
    }

    fn told(scopes: &mut Scopes) -> Vec<Step> {
        std::iter::from_fn(|| scopes.owed()).collect()
    }

    #[test]
    fn the_database_is_told_of_a_part_when_it_is_asked_something_there_and_never_of_an_empty_one() {
        let mut scopes = Scopes::at(1);
        scopes.enter();
        scopes.leave(2, false);
        assert_eq!(told(&mut scopes), [Step::Set(1)]);
        scopes.enter();
        assert_eq!(told(&mut scopes), [Step::Set(2)]);
        scopes.leave(2, false);
        scopes.enter();
        scopes.leave(2, true);
        scopes.leave(1, true);
        assert_eq!(told(&mut scopes), [Step::Undo(2), Step::Release(1)]);
    }

    #[test]
    fn a_unit_that_could_not_begin_is_not_committed_without_what_it_was_to_write() {
        let mut scopes = Scopes::at(1);
        scopes.not_begun(&busy());
        assert!(
            scopes.may_pass(Retry::default()) && scopes.verdict().is_err_and(|error| error.code() == "unit/aborted")
        );
        scopes.leave(1, false);
        assert!(scopes.verdict().is_ok());
    }

    #[test]
    fn a_part_that_is_undone_takes_its_failure_along_and_one_that_is_kept_hands_it_on() {
        for keep in [false, true] {
            let mut scopes = Scopes::at(2);
            scopes.answer(Some(&busy()), false);
            scopes.leave(2, keep);
            assert_eq!(scopes.refusal().is_err(), keep);
            scopes.leave(1, false);
            assert!(scopes.refusal().is_ok());
        }
    }

    #[test]
    fn it_is_worth_another_attempt_until_the_database_says_something_else() {
        let mut scopes = Scopes::at(1);
        scopes.answer(Some(&busy()), false);
        scopes.leave(1, false);
        assert!(scopes.may_pass(Retry::default()));
        scopes.answer(None, false);
        assert!(!scopes.may_pass(Retry::default()));
    }

    #[test]
    fn a_statement_that_nobody_waited_for_is_the_last_one() {
        let mut scopes = Scopes::default();
        scopes.send();
        assert_eq!(scopes.refusal().unwrap_err().code(), "unit/dead");
        assert_eq!(scopes.verdict().unwrap_err().code(), "unit/dead");
    }
}
