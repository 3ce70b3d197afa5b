//! Seals and opens: the master key and the store of keys together.

use std::{
    collections::{BTreeSet, HashMap},
    fmt,
    sync::Arc,
};

use super::{
    AnyKeys, KeyEntry, KeyStore, MasterKey, StoredKey, Subject, cipher,
    keys::{self, DataKey, Place},
    ring::{Keys, Known, Ring},
};
use crate::{
    codec::{Instead, Part, Token, may_be_marked, rewrite, writing},
    envelope::Envelope,
    error::{Error, ErrorKind},
    id::MessageId,
    tenant::TenantId,
    timestamp::Timestamp,
};

/// How often a key is asked for again that somebody else was making.
const ATTEMPTS: usize = 8;

/// How many keys [`Vault::rewrap`] reads at a time.
const PAGE: usize = 256;

/// The master key and the keys of subjects. It holds no key of a subject longer than a call takes. Clones share it.
#[derive(Clone)]
pub struct Vault(Arc<Parts>);

struct Parts {
    master: MasterKey,
    keys: AnyKeys,
    /// Seals what no commit has taken yet.
    process: DataKey,
}

/// A key to seal by, and the row that must not change meanwhile.
pub(crate) struct Sealer {
    subject: Subject,
    key: DataKey,
    process: DataKey,
    pub(crate) revision: Option<u64>,
}

impl Vault {
    /// Keys in a store, wrapped by a master key.
    ///
    /// # Errors
    /// `sensitive/disabled` without the feature `sensitive`.
    pub fn new(master: MasterKey, keys: impl KeyStore) -> Result<Self, Error> {
        Self::of(master, AnyKeys::new(keys))
    }

    pub(crate) fn of(master: MasterKey, keys: AnyKeys) -> Result<Self, Error> {
        Ok(Self(Arc::new(Parts { master, keys, process: DataKey::random("process")? })))
    }

    /// Encodes an event and seals what is sensitive in it, by a key that never leaves this process: the key of the subject
    /// is asked for in the commit, and what has not come so far cannot be read anywhere. Says whether anything was sealed.
    pub(crate) fn encode(
        &self,
        subject: &Subject,
        message: MessageId,
        encode: impl FnOnce() -> Result<Vec<u8>, Error>,
    ) -> Result<(Vec<u8>, bool), Error> {
        let call = keys::number()?;
        let (plain, written) = writing(call, encode);
        let (mut plain, mut sealed) = (plain?, 0);
        let payload = rewrite(&plain, |field, part| match part {
            Part::Plain(value, by) if by == Some(call) => {
                sealed += 1;
                seal(&self.0.process, &Place { subject, message, field }, value.as_bytes())
            }
            _ => Ok(Instead::Same),
        });
        cipher::wipe(&mut plain);
        if sealed != written {
            let message = "a sensitive value lies within a field that is not marked, and is not stored; make it a field of the \
                           event, marked `#[event(sensitive)]`";
            return Err(Error::new(ErrorKind::Invalid, "sensitive/unmarked", message));
        }
        Ok((payload?, sealed > 0))
    }

    /// The key of a subject. A new one is durable before this answers.
    pub(crate) async fn sealer(&self, subject: &Subject) -> Result<Sealer, Error> {
        let mut unknown = None;
        for _ in 0..ATTEMPTS {
            match self.0.keys.get(subject.clone()).await? {
                Some(KeyEntry { stored: StoredKey::Wrapped(wrapped), revision }) => {
                    let (key, process) = (self.0.master.unwrap(subject, &wrapped)?, self.0.process.clone());
                    return Ok(Sealer { subject: subject.clone(), key, process, revision });
                }
                Some(KeyEntry { stored: StoredKey::Forgotten(at), .. }) => return Err(forgotten(subject, at)),
                None => {
                    let wrapped = self.0.master.wrap(subject, &DataKey::new()?)?;
                    match self.0.keys.insert(subject.clone(), wrapped).await {
                        Ok(_) => {} // `false`: another one's counts
                        Err(error) if error.is_unknown_outcome() => unknown = Some(error),
                        Err(error) => return Err(error),
                    }
                }
            }
        }
        let message = "the store of keys takes a key and does not have it; nothing was sealed";
        let error = Error::new(ErrorKind::Transient, "sensitive/no_key", message).with("subject", subject.name());
        Err(match unknown {
            Some(unknown) => error.caused_by(unknown),
            None => error,
        })
    }

    /// The keys for these events.
    ///
    /// # Errors
    /// What the store of keys answers; `sensitive/unknown_master`.
    pub(crate) async fn ring<'a>(&self, events: impl Iterator<Item = &'a Envelope>) -> Result<Ring, Error> {
        let subjects: BTreeSet<Subject> = events.flat_map(subjects).collect();
        let mut known = HashMap::new();
        let entries = match subjects.len() {
            0 => Vec::new(),
            _ => self.0.keys.get_many(subjects.into_iter().collect()).await?,
        };
        for (subject, KeyEntry { stored, revision }) in entries {
            let found = match stored {
                StoredKey::Wrapped(wrapped) => Known::Key(self.0.master.unwrap(&subject, &wrapped)?, revision),
                StoredKey::Forgotten(_) => Known::Forgotten,
            };
            known.insert(subject, found);
        }
        Ok(Ring::new(Keys { process: self.0.process.clone(), known }))
    }

    /// The keys that were just used.
    pub(crate) fn ring_of<'a>(&self, sealers: impl Iterator<Item = &'a Sealer>) -> Ring {
        let known = |sealer: &Sealer| (sealer.subject.clone(), Known::Key(sealer.key.clone(), sealer.revision));
        let known = sealers.map(known).collect();
        Ring::new(Keys { process: self.0.process.clone(), known })
    }

    /// Destroys the key of a subject: what it sealed is gone, in every process from its next read on.
    ///
    /// # Errors
    /// What the store of keys answers. It may be called again.
    pub(crate) async fn forget(&self, subject: Subject, at: Timestamp) -> Result<(), Error> {
        self.0.keys.forget(subject, at).await
    }

    /// Wraps the keys of a tenant by the newest master key; how many were not yet.
    pub(crate) async fn rewrap(&self, tenant: Option<TenantId>) -> Result<u64, Error> {
        let (mut after, mut wrapped) = (None, 0);
        loop {
            let page = self.0.keys.page(tenant.clone(), after.take(), PAGE).await?;
            let Some((last, _)) = page.last() else { return Ok(wrapped) };
            after = Some(last.clone());
            for (name, stored) in page {
                let subject = Subject::of(tenant.as_ref(), &name);
                let StoredKey::Wrapped(old) = stored else { continue };
                if old.master == self.0.master.id() {
                    continue;
                }
                let new = self.0.master.wrap(&subject, &self.0.master.unwrap(&subject, &old)?)?;
                wrapped += u64::from(self.0.keys.replace(subject, old, new).await?); // `false`: it is forgotten by now
            }
        }
    }
}

impl Sealer {
    /// The payload of an event of this process, sealed by the subject's key.
    pub(crate) fn seal(&self, message: MessageId, payload: &[u8]) -> Result<Vec<u8>, Error> {
        rewrite(payload, |field, part| match part {
            Part::Sealed(token) if token.key == self.process.id => {
                let place = Place { subject: &self.subject, message, field };
                let mut plain = self.process.open(&place, &token.data)?;
                let sealed = seal(&self.key, &place, &plain);
                cipher::wipe(&mut plain);
                sealed
            }
            _ => Ok(Instead::Same),
        })
    }

    pub(crate) fn subject(&self) -> &Subject {
        &self.subject
    }
}

fn seal(key: &DataKey, place: &Place<'_>, plain: &[u8]) -> Result<Instead, Error> {
    let data = key.seal(place, plain)?;
    Ok(Instead::Sealed(Token { subject: place.subject.name().into(), key: key.id.clone(), data }))
}

fn subjects(envelope: &Envelope) -> Vec<Subject> {
    let mut found = Vec::new();
    if may_be_marked(&envelope.payload) {
        // A payload that cannot be read is told where it is decoded.
        let _ = rewrite(&envelope.payload, |_, part| {
            if let Part::Sealed(token) = part {
                // What is no subject was not sealed here: a field that takes any JSON may have it.
                found.extend(Subject::new(envelope.metadata.tenant.clone(), token.subject).ok());
            }
            Ok(Instead::Same)
        });
    }
    found
}

fn forgotten(subject: &Subject, at: Timestamp) -> Error {
    let message = "the subject was forgotten, so nothing sensitive is stored about it any more; decide without it";
    Error::new(ErrorKind::Denied, "sensitive/forgotten_subject", message).with("subject", subject.name()).with("at", at)
}

impl fmt::Debug for Vault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Vault({:?})", self.0.master)
    }
}
