//! Transitions that end early.

/// Sets a machine back when it is dropped before it is done: an action or a hook may fail or panic, and one that waits may
/// never go on. The state is lent to `back`: an enum that is not `Copy` has been told so where it is derived, and not here
/// again.
#[derive(Debug)]
pub struct Undo<'a, M, S> {
    machine: &'a mut M,
    from: S,
    mark: usize,
    back: Option<fn(&mut M, &S, usize)>,
}

impl<'a, M, S> Undo<'a, M, S> {
    /// `back` sets the state back to `from`, and the log to its first `mark` records.
    #[inline]
    pub fn new(machine: &'a mut M, from: S, mark: usize, back: fn(&mut M, &S, usize)) -> Self {
        Self { machine, from, mark, back: Some(back) }
    }

    /// The machine.
    #[inline]
    pub fn machine(&mut self) -> &mut M {
        self.machine
    }

    /// The transition is complete.
    #[inline]
    pub fn done(mut self) {
        self.back = None;
    }
}

impl<M, S> Drop for Undo<'_, M, S> {
    #[inline]
    fn drop(&mut self) {
        if let Some(back) = self.back {
            back(self.machine, &self.from, self.mark);
        }
    }
}

/// A future that another thread may poll.
pub fn assert_send<T: Send>(_future: &T) {}
