//! Who does it. Information for audit and authorisation of the dispatch at hand; never an authority by itself.

use std::{fmt, sync::Arc};

use serde::{Deserialize, Serialize};

/// The one on whose behalf a command runs.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Actor {
    id: Arc<str>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    roles: Vec<Arc<str>>,
}

impl Actor {
    /// An actor without roles.
    #[must_use]
    pub fn new(id: impl AsRef<str>) -> Self {
        Self { id: id.as_ref().into(), roles: Vec::new() }
    }

    /// Nobody in particular: the actor of a dispatch that names none.
    #[must_use]
    pub fn nobody() -> Self {
        Self::new("")
    }

    /// Adds a role.
    #[must_use]
    pub fn role(mut self, role: impl AsRef<str>) -> Self {
        self.roles.push(role.as_ref().into());
        self
    }

    /// The id; empty for nobody.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    /// Whether this is [`nobody`](Self::nobody).
    #[must_use]
    pub fn is_nobody(&self) -> bool {
        self.id.is_empty()
    }

    /// Whether the actor has `role`.
    #[must_use]
    pub fn has_role(&self, role: &str) -> bool {
        self.roles.iter().any(|own| &**own == role)
    }
}

impl fmt::Display for Actor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.is_nobody() { "nobody" } else { &self.id })
    }
}

/// The id of an [`Actor`], as columns such as `created_by` hold it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ActorId(Arc<str>);

impl ActorId {
    /// The id of an actor. A column takes up to 200 characters.
    #[must_use]
    pub fn new(id: impl AsRef<str>) -> Self {
        Self(id.as_ref().into())
    }

    /// The id as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for ActorId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
