//! A case of a suite, how it fails, and what came of all cases.

use std::{fmt, future::Future, panic::AssertUnwindSafe, pin::Pin, time::Duration};

use futures_util::FutureExt;

use crate::error::Error;

/// How long a case may take before it counts as failed.
const PATIENCE: Duration = Duration::from_secs(60);

/// What a case found wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure(String);

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self(format!("an unexpected error: {error:?}"))
    }
}

impl From<String> for Failure {
    fn from(text: String) -> Self {
        Self(text)
    }
}

impl From<&str> for Failure {
    fn from(text: &str) -> Self {
        Self(text.into())
    }
}

/// What a case answers.
pub type Outcome = Result<(), Failure>;

type Run<S> = fn(S) -> Pin<Box<dyn Future<Output = Outcome> + Send>>;

/// One promise of a port's contract, to be held against an adapter.
pub struct Case<S> {
    name: &'static str,
    run: Run<S>,
}

impl<S> Case<S> {
    pub(super) const fn new(name: &'static str, run: Run<S>) -> Self {
        Self { name, run }
    }

    /// The promise, such as `appends::any_appends_after_whatever_is_there`.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        self.name
    }

    /// Holds it against a fresh adapter. A panic and a minute without an end are failures, too.
    ///
    /// # Errors
    /// What the adapter does not keep.
    pub async fn run(&self, subject: S) -> Outcome {
        let case = AssertUnwindSafe((self.run)(subject)).catch_unwind();
        match tokio::time::timeout(PATIENCE, case).await {
            Ok(Ok(outcome)) => outcome,
            Ok(Err(panic)) => Err(Failure(format!("a panic: {}", text_of(&*panic)))),
            Err(_) => Err(format!("no end after {PATIENCE:?}").into()),
        }
    }
}

impl<S> fmt::Debug for Case<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name)
    }
}

fn text_of(panic: &(dyn std::any::Any + Send)) -> &str {
    let text = panic.downcast_ref::<String>().map(String::as_str);
    text.or_else(|| panic.downcast_ref::<&str>().copied()).unwrap_or("without a text")
}

/// What came of the cases of a suite.
#[derive(Debug, Default)]
#[must_use = "a report may hold failures"]
pub struct Report {
    passed: Vec<&'static str>,
    failed: Vec<(&'static str, Failure)>,
}

impl Report {
    pub(super) fn add(&mut self, name: &'static str, outcome: Outcome) {
        match outcome {
            Ok(()) => self.passed.push(name),
            Err(failure) => self.failed.push((name, failure)),
        }
    }

    /// The cases that passed.
    #[must_use]
    pub fn passed(&self) -> &[&'static str] {
        &self.passed
    }

    /// The cases that failed, with what they found.
    #[must_use]
    pub fn failed(&self) -> &[(&'static str, Failure)] {
        &self.failed
    }

    /// Whether the case of this name failed.
    #[must_use]
    pub fn names(&self, case: &str) -> bool {
        self.failed.iter().any(|(name, _)| *name == case)
    }

    /// Ends a test.
    ///
    /// # Panics
    /// If a case failed, with the names of all that did.
    pub fn assert_passed(&self) {
        assert!(self.failed.is_empty(), "{self}");
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} of {} cases failed", self.failed.len(), self.failed.len() + self.passed.len())?;
        self.failed.iter().try_for_each(|(name, failure)| write!(f, "\n  {name}: {failure}"))
    }
}

/// Lists async functions as cases, under their paths.
macro_rules! cases {
    ($($module:ident :: { $($case:ident),* $(,)? })*) => {
        &[$($($crate::testing::conformance::case::Case::new(
            concat!(stringify!($module), "::", stringify!($case)),
            |subject| Box::pin($module::$case(subject)),
        )),*),*]
    };
}
pub(super) use cases;

/// Fails with `otherwise` unless the condition holds.
pub(super) fn check(condition: bool, otherwise: impl Into<Failure>) -> Outcome {
    if condition { Ok(()) } else { Err(otherwise.into()) }
}

/// Fails unless both are equal; `what` says what they are.
pub(super) fn same<T: PartialEq + fmt::Debug>(what: &str, actual: &T, expected: &T) -> Outcome {
    if actual == expected {
        return Ok(());
    }
    let short = |value: &T| format!("{value:?}").chars().take(400).collect::<String>();
    Err(format!("{what}: expected {}, found {}", short(expected), short(actual)).into())
}

/// Fails unless the answer is an error with this code; answers the error.
pub(super) fn refused<T: fmt::Debug>(answer: Result<T, Error>, code: &str) -> Result<Error, Failure> {
    match answer {
        Err(error) if error.code() == code => Ok(error),
        Err(error) => Err(format!("expected the code {code}, found {error:?}").into()),
        Ok(_) => Err(format!("expected a refusal with the code {code}, found a success").into()),
    }
}
