//! Keys: the master's, and one for each subject.

use std::{collections::BTreeMap, fmt};

use serde::{Deserialize, Serialize};

use super::cipher::{self, Secret};
use crate::{
    codec::{base64, from_base64},
    error::{Error, ErrorKind},
    tenant::TenantId,
    timestamp::Timestamp,
};

/// Whose data it is: an id of the domain, such as a user's, within a tenant.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Subject {
    tenant: Option<TenantId>,
    name: String,
}

impl Subject {
    /// The longest name, in bytes.
    pub const MAX: usize = 255;

    /// The subject of this name. The name itself is not hidden and stays when the subject is forgotten: an id, not an address.
    ///
    /// # Errors
    /// `sensitive/subject` if the name is empty, longer than 255 bytes, or has control characters.
    pub fn new(tenant: Option<TenantId>, name: impl Into<String>) -> Result<Self, Error> {
        let name = name.into();
        if name.is_empty() || name.len() > Self::MAX || name.chars().any(char::is_control) {
            let message = "a subject is 1 to 255 bytes without control characters";
            return Err(Error::new(ErrorKind::Invalid, "sensitive/subject", message).with("bytes", name.len()));
        }
        Ok(Self { tenant, name })
    }

    /// Whose.
    #[must_use]
    pub fn tenant(&self) -> Option<&TenantId> {
        self.tenant.as_ref()
    }

    /// The name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    pub(super) fn of(tenant: Option<&TenantId>, name: &str) -> Self {
        Self { tenant: tenant.cloned(), name: name.into() }
    }
}

/// The master key, which wraps the keys of subjects: 32 random bytes, and a name that is stored beside what they wrap. It is
/// the one key that a program is given; it never lies in a store.
///
/// ```
/// use bailiwick::sensitive::MasterKey;
///
/// let key = MasterKey::new("2026", [7; 32])?.also("2025", [3; 32])?; // what "2025" wrapped can still be read
/// assert_eq!(format!("{key:?}"), r#"MasterKey("2026", also "2025")"#);
/// # Ok::<(), bailiwick::Error>(())
/// ```
#[derive(Clone)]
pub struct MasterKey {
    id: String,
    keys: BTreeMap<String, Secret>,
}

impl MasterKey {
    /// The key that wraps from now on.
    ///
    /// # Errors
    /// `sensitive/master_key` if the name is empty or longer than 64 bytes.
    pub fn new(id: impl Into<String>, key: [u8; 32]) -> Result<Self, Error> {
        let id = id.into();
        Self { id: id.clone(), keys: BTreeMap::new() }.also(id, key)
    }

    /// The key that wraps from now on, as base64 of 32 bytes: from an environment variable or a vault. `openssl rand -base64
    /// 32` makes one.
    ///
    /// # Errors
    /// `sensitive/master_key` if it is anything else; the error does not show it.
    pub fn from_base64(id: impl Into<String>, key: &str) -> Result<Self, Error> {
        let bytes = from_base64(key.trim()).ok().and_then(|bytes| bytes.try_into().ok());
        Self::new(id, bytes.ok_or_else(|| unusable("a master key is base64 of exactly 32 bytes"))?)
    }

    /// An older key: what it wrapped is read, and wrapped by the newer one in [`App::rewrap`](crate::App::rewrap).
    ///
    /// # Errors
    /// As [`new`](Self::new); if there is a key of this name already.
    pub fn also(mut self, id: impl Into<String>, key: [u8; 32]) -> Result<Self, Error> {
        let id = id.into();
        if id.is_empty() || id.len() > 64 {
            return Err(unusable("the name of a master key is 1 to 64 bytes long"));
        }
        match self.keys.insert(id, Secret::from(key)) {
            None => Ok(self),
            Some(_) => Err(unusable("two master keys have one name; give each its own")),
        }
    }

    /// The name of the key that wraps.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    pub(super) fn wrap(&self, subject: &Subject, key: &DataKey) -> Result<WrappedKey, Error> {
        let Some(master) = self.keys.get(&self.id) else { return Err(unusable("there is no master key")) };
        let sealed = cipher::seal(master, &bound(&["key", &self.id, &key.id], subject), key.secret.as_slice())?;
        Ok(WrappedKey { id: key.id.clone(), master: self.id.clone(), data: base64(&sealed) })
    }

    pub(super) fn unwrap(&self, subject: &Subject, wrapped: &WrappedKey) -> Result<DataKey, Error> {
        let with = |error: Error| error.with("subject", &subject.name).with("master", &wrapped.master);
        let Some(master) = self.keys.get(&wrapped.master) else {
            let message = "a key was wrapped by a master key that is not given; add it with `MasterKey::also`";
            return Err(with(Error::new(ErrorKind::Config, "sensitive/unknown_master", message)));
        };
        let sealed = from_base64(&wrapped.data).unwrap_or_default();
        let plain = cipher::open(master, &bound(&["key", &wrapped.master, &wrapped.id], subject), &sealed)?;
        let secret = plain.and_then(|mut plain| {
            let key: Option<[u8; 32]> = plain.as_slice().try_into().ok();
            cipher::wipe(&mut plain);
            key
        });
        match secret {
            Some(secret) => Ok(DataKey { id: wrapped.id.clone(), secret: Secret::from(secret) }),
            None => {
                let message =
                    "the master key does not open this key: it is another one of the same name, or the key was changed";
                Err(with(Error::new(ErrorKind::Corrupt, "sensitive/wrong_master", message)))
            }
        }
    }
}

fn unusable(why: &str) -> Error {
    Error::new(ErrorKind::Config, "sensitive/master_key", why)
}

impl fmt::Debug for MasterKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "MasterKey({:?}", self.id)?;
        self.keys.keys().filter(|id| **id != self.id).try_for_each(|id| write!(f, ", also {id:?}"))?;
        f.write_str(")")
    }
}

/// The key of a subject, as it is stored: wrapped.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WrappedKey {
    /// Its own id, random.
    pub id: String,
    /// The name of the master key that wraps it.
    pub master: String,
    /// Nonce and ciphertext, base64.
    pub data: String,
}

impl fmt::Debug for WrappedKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "WrappedKey({} by {:?})", self.id, self.master)
    }
}

/// What is stored for a subject.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StoredKey {
    /// Its key.
    Wrapped(WrappedKey),
    /// It was forgotten then. That stays, so that it does not get another key.
    Forgotten(Timestamp),
}

/// The key of a subject.
#[derive(Clone)]
pub(super) struct DataKey {
    pub(super) id: String,
    secret: Secret,
}

impl DataKey {
    pub(super) fn random(id: impl Into<String>) -> Result<Self, Error> {
        Ok(Self { id: id.into(), secret: cipher::random()? })
    }

    /// A new one, with a random id.
    pub(super) fn new() -> Result<Self, Error> {
        let id = cipher::random()?;
        Self::random(id[..8].iter().map(|byte| format!("{byte:02x}")).collect::<String>())
    }

    /// Seals a value: it opens in this place alone.
    pub(super) fn seal(&self, place: &Place<'_>, plain: &[u8]) -> Result<String, Error> {
        Ok(base64(&cipher::seal(&self.secret, &place.bound(&self.id), plain)?))
    }

    pub(super) fn open(&self, place: &Place<'_>, sealed: &str) -> Result<Vec<u8>, Error> {
        let sealed = from_base64(sealed).unwrap_or_default();
        cipher::open(&self.secret, &place.bound(&self.id), &sealed)?.ok_or_else(|| {
            let message = "a sealed value was changed, or moved here from elsewhere; restore the event from a backup";
            Error::new(ErrorKind::Corrupt, "sensitive/moved", message)
                .with("subject", &place.subject.name)
                .with("field", place.field)
                .with("message", place.message)
        })
    }
}

/// A number that nobody guesses.
pub(super) fn number() -> Result<u64, Error> {
    let random = cipher::random()?;
    Ok(random.iter().take(8).fold(0, |number, byte| number << 8 | u64::from(*byte)))
}

/// Where a value is sealed: whose it is, in which event, in which field.
pub(super) struct Place<'a> {
    pub(super) subject: &'a Subject,
    pub(super) message: crate::id::MessageId,
    pub(super) field: &'a str,
}

impl Place<'_> {
    fn bound(&self, key: &str) -> Vec<u8> {
        bound(&["value", key, &self.message.to_string(), self.field], self.subject)
    }
}

/// What a ciphertext is bound to: each part with its length before it, so that no two lists of parts are one text.
fn bound(parts: &[&str], subject: &Subject) -> Vec<u8> {
    let tenant = subject.tenant.as_ref().map_or("", TenantId::as_str);
    let mut bytes = Vec::with_capacity(128);
    for part in ["bailiwick/1", tenant, &subject.name].iter().chain(parts) {
        bytes.extend_from_slice(&(part.len() as u64).to_le_bytes());
        bytes.extend_from_slice(part.as_bytes());
    }
    bytes
}
