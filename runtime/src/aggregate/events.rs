//! What a `#[handle]` method may return.

/// The events of a decision: one, none or several.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not the outcome of a decision of this aggregate",
    label = "return `{E}`, `Option<{E}>`, `Vec<{E}>` or `[{E}; N]` inside the `Result`"
)]
pub trait IntoEvents<E> {
    /// The events, in order.
    fn into_events(self) -> Vec<E>;
}

impl<E: crate::event::Event> IntoEvents<E> for E {
    fn into_events(self) -> Vec<E> {
        vec![self]
    }
}

impl<E> IntoEvents<E> for Vec<E> {
    fn into_events(self) -> Vec<E> {
        self
    }
}

impl<E> IntoEvents<E> for Option<E> {
    fn into_events(self) -> Vec<E> {
        self.into_iter().collect()
    }
}

impl<E, const N: usize> IntoEvents<E> for [E; N] {
    fn into_events(self) -> Vec<E> {
        self.into()
    }
}
