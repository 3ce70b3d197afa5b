//! What guards answer.

use crate::state_machine::Refusal;

/// What guards answered.
#[derive(Debug, Default)]
pub struct Asked {
    guard: &'static str,
    reason: Option<Box<str>>,
    pub(super) first: Option<Refusal>,
    pub(super) others: Vec<Refusal>,
}

impl Asked {
    /// Nothing was asked.
    #[inline]
    #[must_use]
    pub const fn new() -> Self {
        Self { guard: "", reason: None, first: None, others: Vec::new() }
    }

    /// What a guard answered.
    #[inline]
    pub fn answer(&mut self, guard: &'static str, answer: impl GuardAnswer) -> bool {
        self.guard = guard;
        self.reason = None;
        answer.holds(&mut self.reason)
    }

    /// The transition is not taken.
    #[cold]
    pub fn refuse(&mut self, transition: &'static str) {
        let refusal = Refusal::new(transition, self.guard, self.reason.take());
        match self.first {
            None => self.first = Some(refusal),
            Some(_) => self.others.push(refusal),
        }
    }
}

/// What a guard may answer: `bool`, or `Result<(), R>` with a reason.
#[diagnostic::on_unimplemented(
    message = "a guard answers `bool` or `Result<(), Reason>`, not `{Self}`",
    label = "this guard answers `{Self}`"
)]
pub trait GuardAnswer {
    #[doc(hidden)]
    fn holds(self, reason: &mut Option<Box<str>>) -> bool;
}

impl GuardAnswer for bool {
    #[inline]
    fn holds(self, _reason: &mut Option<Box<str>>) -> bool {
        self
    }
}

impl<R: std::fmt::Display> GuardAnswer for Result<(), R> {
    #[inline]
    fn holds(self, reason: &mut Option<Box<str>>) -> bool {
        self.map_err(|why| *reason = Some(why.to_string().into_boxed_str())).is_ok()
    }
}
