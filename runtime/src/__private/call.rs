//! A transition called by its name: its arguments come from one JSON object.

use serde::de::DeserializeOwned;

use crate::{
    codec::{Json, read},
    error::{BoxError, Error},
    state_machine::{BadArguments, TransitionError},
};

/// The arguments of one call.
#[derive(Debug)]
pub struct Call<'a> {
    code: &'static str,
    given: &'a Json,
}

impl<'a> Call<'a> {
    /// The call of a transition that takes arguments of these names.
    ///
    /// # Errors
    /// `given` is no object, or has a name that is none of them.
    pub fn new(code: &'static str, given: &'a Json, names: &[&'static str]) -> Result<Self, BadArguments> {
        let surplus = match given {
            Json::Object(fields) => fields.keys().find(|key| !names.contains(&key.as_str())),
            Json::Null if names.is_empty() => None,
            _ => return Err(BadArguments::new(code, "", "the arguments are one object, by name")),
        };
        match surplus {
            None => Ok(Self { code, given }),
            Some(name) => Err(BadArguments::new(code, name, format!("not taken; there are {}", listed(names)))),
        }
    }

    /// The argument of this name; an absent one is null.
    ///
    /// # Errors
    /// It is absent, or has another form.
    pub fn argument<T: DeserializeOwned>(&self, name: &'static str) -> Result<T, BadArguments> {
        let found = self.given.get(name);
        read(name, found.unwrap_or(&Json::Null)).map_err(|misfit| match found {
            Some(_) => BadArguments::new(self.code, misfit.path, misfit.message),
            None => BadArguments::new(self.code, name, "it is missing"),
        })
    }
}

fn listed(names: &[&str]) -> String {
    if names.is_empty() { "none".into() } else { format!("`{}`", names.join("`, `")) }
}

/// The error of any transition, for a call by name.
pub fn general<E: Into<BoxError>>(error: TransitionError<E>) -> TransitionError<Error> {
    match error {
        TransitionError::Illegal(illegal) => TransitionError::Illegal(illegal),
        TransitionError::Guard(guard) => TransitionError::Guard(guard),
        TransitionError::Moved(moved) => TransitionError::Moved(moved),
        action @ TransitionError::Action(_) => TransitionError::Action(action.into()),
    }
}

/// The end of a transition that cannot be refused, and was: its action changed the state itself.
///
/// # Panics
/// Always.
#[cold]
#[track_caller]
pub fn cannot_be_refused(error: &dyn std::fmt::Display) -> ! {
    panic!("{error}")
}
