//! Cursors: the place between two rows, sealed, so that it fits the find that it comes from and no other.

mod packed;

use std::{fmt, time::Duration};

use hmac::{Hmac, KeyInit as _, Mac as _};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use crate::{
    codec,
    entity::Value,
    error::{Error, ErrorKind},
    repository::failure::invalid,
    timestamp::Timestamp,
};

/// The version of the form, and the length of what comes before the body.
const FORM: u8 = 1;
const MAC: usize = 16;
const HEAD: usize = 2 + MAC;
/// The longest cursor, in characters: some keys of 700 characters of four bytes fit.
const LONGEST: usize = 24 * 1_024;

/// A place between two rows of a find. It is text that can be sent out and taken back: what has been changed, has expired or
/// comes from another find is refused. Whoever holds it can read the values of the sort keys in it.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Cursor(String);

impl Cursor {
    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<String> for Cursor {
    fn from(text: String) -> Self {
        Self(text)
    }
}

impl From<&str> for Cursor {
    fn from(text: &str) -> Self {
        Self(text.to_owned())
    }
}

impl fmt::Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The keys that seal cursors. All processes that serve the same pages need the same ones.
#[derive(Clone)]
pub struct CursorKeys {
    keys: Vec<[u8; 32]>,
    life: Option<Duration>,
}

impl CursorKeys {
    /// Seals with this key, of at least 32 bytes that nobody can guess.
    ///
    /// # Errors
    /// `db/config` if it is shorter.
    pub fn new(key: impl AsRef<[u8]>) -> Result<Self, Error> {
        Ok(Self { keys: vec![digest(key.as_ref())?], life: None })
    }

    /// Also takes cursors that were sealed with this key, which was in use before.
    ///
    /// # Errors
    /// `db/config` if it is shorter than 32 bytes.
    pub fn also(mut self, key: impl AsRef<[u8]>) -> Result<Self, Error> {
        self.keys.push(digest(key.as_ref())?);
        Ok(self)
    }

    /// Cursors are refused once they are older than this.
    #[must_use]
    pub const fn expire_after(mut self, life: Duration) -> Self {
        self.life = Some(life);
        self
    }

    /// A key of this process alone: its cursors end with it.
    pub(in crate::repository) fn of_this_process() -> Self {
        tracing::warn!("no cursor keys are given: cursors end with this process");
        let mut key = [0; 32];
        let made = getrandom::fill(&mut key);
        Self { keys: made.map(|()| vec![key]).unwrap_or_default(), life: None } // without chance, no cursors
    }

    /// The cursor at a row with these values of the sort keys, for a find with this fingerprint.
    pub(super) fn seal(&self, values: &[Value<'_>], find: &str, now: Timestamp) -> Result<Cursor, Error> {
        let until = self.life.map(|life| now.plus(life));
        let body = packed::pack(until, values);
        let Some(key) = self.keys.first() else { return Err(refused("there is no key")) };
        let head = [FORM, key_id(key)];
        let mac = mac(key, head, &body, find).finalize().into_bytes();
        let bytes = [&head[..], &mac[..MAC], &body].concat();
        let text = codec::to_url(&bytes);
        if text.len() <= LONGEST {
            return Ok(Cursor(text));
        }
        let message = "the values of the sort keys are too long for a cursor; sort by shorter columns";
        Err(invalid("page/size", message))
    }

    /// The values in a cursor, if it was sealed by one of these keys for a find with this fingerprint.
    pub(super) fn open(&self, cursor: &Cursor, find: &str, now: Timestamp) -> Result<Vec<Value<'static>>, Error> {
        if cursor.0.len() > LONGEST {
            return Err(refused("it is too long"));
        }
        let bytes = codec::from_url(&cursor.0).map_err(|_| refused("it is no cursor"))?;
        let (Some(&[form, id]), Some(seal), Some(body)) = (bytes.first_chunk(), bytes.get(2..HEAD), bytes.get(HEAD..))
        else {
            return Err(refused("it is no cursor"));
        };
        let fits =
            |key: &&[u8; 32]| key_id(key) == id && mac(key, [form, id], body, find).verify_truncated_left(seal).is_ok();
        if form != FORM || self.keys.iter().find(fits).is_none() {
            return Err(refused("it belongs to another find, or has been changed"));
        }
        let (until, values) = packed::unpack(body).ok_or_else(|| refused("it is no cursor"))?;
        if until.is_some_and(|until| until < now) {
            return Err(refused("it has expired"));
        }
        Ok(values)
    }
}

impl fmt::Debug for CursorKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CursorKeys").field("keys", &self.keys.len()).field("life", &self.life).finish()
    }
}

pub(super) fn refused(why: &str) -> Error {
    Error::new(ErrorKind::Invalid, "page/cursor", "the cursor cannot be used; begin at the first page")
        .with("reason", why)
}

fn digest(key: &[u8]) -> Result<[u8; 32], Error> {
    if key.len() >= 32 {
        return Ok(Sha256::digest(key).into());
    }
    let message = "the key of cursors has at least 32 bytes that nobody can guess";
    Err(Error::new(ErrorKind::Config, "db/config", message).with("bytes", key.len()))
}

/// By which a key is found again; it says nothing of the key.
fn key_id(key: &[u8; 32]) -> u8 {
    Sha256::digest(key).first().copied().unwrap_or_default()
}

fn mac(key: &[u8; 32], head: [u8; 2], body: &[u8], find: &str) -> Hmac<Sha256> {
    let mut block = [0; 64]; // a key that is shorter than a block is filled up with zeros
    block[..32].copy_from_slice(key);
    let mut mac = Hmac::<Sha256>::new(&block.into());
    mac.update(&head);
    mac.update(&(body.len() as u64).to_be_bytes());
    mac.update(body);
    mac.update(&Sha256::digest(find));
    mac
}
