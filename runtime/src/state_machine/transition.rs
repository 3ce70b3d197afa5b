//! What a hook is told.

/// A transition on its way: what a hook is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Transition<'a, S> {
    pub(crate) transition: &'static str,
    pub(crate) from: S,
    pub(crate) to: S,
    pub(crate) internal: bool,
    pub(crate) reason: Option<&'a str>,
}

impl<'a, S: Copy> Transition<'a, S> {
    /// From a state to another one, or to itself.
    #[must_use]
    pub const fn new(transition: &'static str, from: S, to: S, reason: Option<&'a str>) -> Self {
        Self { transition, from, to, internal: false, reason }
    }

    /// Within a state, which is neither left nor entered.
    #[must_use]
    pub const fn internal(transition: &'static str, state: S, reason: Option<&'a str>) -> Self {
        Self { transition, from: state, to: state, internal: true, reason }
    }

    /// Where it starts.
    #[must_use]
    pub const fn from(&self) -> S {
        self.from
    }

    /// Where it leads.
    #[must_use]
    pub const fn to(&self) -> S {
        self.to
    }
}

impl<'a, S> Transition<'a, S> {
    /// Its name: that of the method.
    #[must_use]
    pub const fn transition(&self) -> &'static str {
        self.transition
    }

    /// Whether the state stays and is neither left nor entered.
    #[must_use]
    pub const fn is_internal(&self) -> bool {
        self.internal
    }

    /// What the caller gave as `#[reason]`.
    #[must_use]
    pub const fn reason(&self) -> Option<&'a str> {
        self.reason
    }
}
