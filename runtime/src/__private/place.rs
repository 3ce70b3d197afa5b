//! The fields and arguments of a machine. A field of the wrong type is reported where it is read; where it is written, a
//! trait stands in for the method that it does not have, and says nothing.

use std::{borrow::Cow, fmt, marker::PhantomData};

use crate::version::Version;

/// A field of the type `T`, where one of the type `S` is wanted.
#[derive(Debug)]
pub struct Place<'a, S, T> {
    field: &'a mut T,
    wanted: PhantomData<fn() -> S>,
}

impl<'a, S, T> Place<'a, S, T> {
    /// This field.
    #[inline]
    pub fn new(field: &'a mut T) -> Self {
        Self { field, wanted: PhantomData }
    }
}

impl<'a, S> Place<'a, S, S> {
    #[doc(hidden)]
    #[must_use]
    #[inline]
    pub fn __bailiwick_place(self) -> &'a mut S {
        self.field
    }
}

/// The stand-in for a field of another type, which has been reported where it is read.
pub trait NoPlace<'a, S>: Sized {
    #[doc(hidden)]
    fn __bailiwick_place(self) -> &'a mut S {
        unreachable!("a program whose field has another type does not compile")
    }
}

impl<'a, S, T> NoPlace<'a, S> for Place<'a, S, T> {}

/// A version that a machine writes down.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a version",
    label = "a version is a `bailiwick::Version`, a `u64` or an `i64`"
)]
pub trait VersionNumber: Copy {
    #[doc(hidden)]
    fn __bailiwick_number(self) -> Option<u64>;
}

impl VersionNumber for Version {
    fn __bailiwick_number(self) -> Option<u64> {
        Some(self.get())
    }
}

impl VersionNumber for u64 {
    fn __bailiwick_number(self) -> Option<u64> {
        Some(self)
    }
}

impl VersionNumber for i64 {
    fn __bailiwick_number(self) -> Option<u64> {
        u64::try_from(self).ok()
    }
}

/// The longest text that is kept as a reason, in characters.
const LONGEST_REASON: usize = 4_000;

/// A reason as it is kept.
pub fn reason<R: Reason>(given: &R) -> Option<Cow<'_, str>> {
    given.text().map(cut)
}

/// A text of more than 4,000 characters ends in `…`.
fn cut(text: &str) -> Cow<'_, str> {
    if text.len() <= LONGEST_REASON || text.chars().nth(LONGEST_REASON).is_none() {
        return Cow::Borrowed(text);
    }
    let kept = text.char_indices().nth(LONGEST_REASON - 1).map_or(text, |(end, _)| &text[..end]);
    Cow::Owned(format!("{kept}…"))
}

/// What may be marked `#[reason]`.
#[diagnostic::on_unimplemented(
    message = "a reason is `&str`, `String`, or an `Option` of them, not `{Self}`",
    label = "this reason is a `{Self}`"
)]
pub trait Reason {
    #[doc(hidden)]
    fn text(&self) -> Option<&str>;
}

impl Reason for &str {
    fn text(&self) -> Option<&str> {
        Some(self)
    }
}

impl Reason for String {
    fn text(&self) -> Option<&str> {
        Some(self)
    }
}

impl<R: Reason> Reason for Option<R> {
    fn text(&self) -> Option<&str> {
        self.as_ref().and_then(Reason::text)
    }
}

/// What an action answered, for the question whether it is a `Result` under another name.
#[derive(Debug)]
pub struct Answer<'a, T>(PhantomData<&'a T>);

impl<'a, T> Answer<'a, T> {
    /// This answer.
    #[inline]
    pub fn of(_answer: &'a T) -> Self {
        Self(PhantomData)
    }
}

/// Nothing implements it.
#[diagnostic::on_unimplemented(
    message = "the type of the answer is an alias of `Result`, so the action may fail",
    label = "write `Result<T, E>`, or add `, fallible` to the `#[transition]`"
)]
pub trait SaysThatItFails {}

impl<T, E> Answer<'_, Result<T, E>> {
    #[doc(hidden)]
    pub fn __bailiwick_plain(&self)
    where
        Result<T, E>: SaysThatItFails,
    {
    }
}

/// Every other answer is a success.
pub trait PlainAnswer {
    #[doc(hidden)]
    #[inline]
    fn __bailiwick_plain(&self) {}
}

impl<T> PlainAnswer for Answer<'_, T> {}

#[cfg(test)]
mod tests {
    use std::borrow::Cow;

    use super::{VersionNumber, cut, reason};
    use crate::version::Version;

    #[test]
    fn a_reason_has_four_thousand_characters_at_most() {
        for letter in ["x", "é", "🦀"] {
            let (fits, long) = (letter.repeat(4_000), letter.repeat(4_001));
            assert!(matches!(cut(&fits), Cow::Borrowed(text) if text == fits));
            assert_eq!(cut(&long), format!("{}…", letter.repeat(3_999)));
        }
    }

    #[test]
    fn a_reason_may_be_absent() {
        assert_eq!(reason(&Some("late")).as_deref(), Some("late"));
        assert_eq!(reason(&None::<String>), None);
    }

    #[test]
    fn a_version_that_is_no_version_is_none() {
        assert_eq!((Version::new(3).__bailiwick_number(), 4_u64.__bailiwick_number()), (Some(3), Some(4)));
        assert_eq!((5_i64.__bailiwick_number(), (-1_i64).__bailiwick_number()), (Some(5), None));
    }
}

/// The machine inside a typestate facade: nothing outside reaches it to change it, and rustc proposes no way to.
#[derive(Debug)]
pub struct Held<M>(M);

impl<M> Held<M> {
    /// Holds a machine.
    pub const fn new(machine: M) -> Self {
        Self(machine)
    }

    /// It, for reading.
    pub const fn get(&self) -> &M {
        &self.0
    }

    /// It, without the facade.
    pub fn into_inner(self) -> M {
        self.0
    }
}

impl<M: fmt::Debug> Held<M> {
    #[doc(hidden)]
    pub fn __bailiwick_debug(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// The stand-in for `Debug` of a machine that has none.
pub trait NoDebug {
    #[doc(hidden)]
    fn __bailiwick_debug(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result;
}

impl<M> NoDebug for Held<M> {
    fn __bailiwick_debug(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct(std::any::type_name::<M>()).finish_non_exhaustive()
    }
}
