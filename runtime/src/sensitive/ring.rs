//! The keys for some events, and the time in which they open.

use std::{
    cell::RefCell,
    collections::HashMap,
    fmt,
    future::{Future, poll_fn},
    pin::pin,
    sync::Arc,
};

use super::{
    Subject,
    keys::{DataKey, Place},
};
use crate::{
    codec::{Instead, Part, rewrite},
    envelope::Envelope,
    error::Error,
};

/// What is known of a subject.
pub(super) enum Known {
    /// Its key, and the revision of its row if that lies in the store of events.
    Key(DataKey, Option<u64>),
    Forgotten,
}

/// The keys of the subjects of some events, as they were a moment ago. They are held for as long as those events are read,
/// and never longer: another process may destroy one at any time.
#[derive(Clone, Default)]
pub(crate) struct Ring(Option<Arc<Keys>>);

pub(super) struct Keys {
    /// Of values that no commit has taken yet.
    pub(super) process: DataKey,
    pub(super) known: HashMap<Subject, Known>,
}

/// A payload with its values.
pub(crate) struct Opened {
    pub(crate) payload: Vec<u8>,
    /// Why a value of this event does not open. Whoever sends an event may write what looks like a sealed value into a field
    /// that takes any JSON; so this is an error only if the event wants the value.
    pub(crate) moved: Option<Error>,
}

thread_local! {
    static AT_HAND: RefCell<Ring> = const { RefCell::new(Ring(None)) };
}

struct Back(Ring);

impl Drop for Back {
    fn drop(&mut self) {
        AT_HAND.set(std::mem::take(&mut self.0));
    }
}

impl Ring {
    pub(super) fn new(keys: Keys) -> Self {
        Self(Some(Arc::new(keys)))
    }

    /// The subjects whose values these keys open, with the revisions of their rows. What is made of the values must not be
    /// stored once a row has changed: its subject may be forgotten.
    pub(crate) fn held(&self) -> impl Iterator<Item = (&Subject, u64)> {
        self.0.iter().flat_map(|keys| &keys.known).filter_map(|(subject, known)| match known {
            Known::Key(_, revision) => revision.map(|revision| (subject, revision)),
            Known::Forgotten => None,
        })
    }

    /// Whether a value can be opened with these keys.
    pub(crate) fn opens(&self) -> bool {
        self.0.iter().flat_map(|keys| keys.known.values()).any(|known| matches!(known, Known::Key(..)))
    }

    /// The keys that are at hand in this call.
    pub(crate) fn at_hand() -> Self {
        AT_HAND.with_borrow(Clone::clone)
    }

    /// Runs `work` with these keys at hand.
    pub(crate) fn hold<T>(&self, work: impl FnOnce() -> T) -> T {
        if self.0.is_none() {
            return work();
        }
        let _back = Back(AT_HAND.replace(self.clone()));
        work()
    }

    /// Polls `work` with these keys at hand.
    pub(crate) async fn hold_while<F: Future>(&self, work: F) -> F::Output {
        let mut work = pin!(work);
        poll_fn(|cx| self.hold(|| work.as_mut().poll(cx))).await
    }

    /// The payload of an event, with the values that these keys open. The others stay sealed.
    pub(crate) fn open(&self, envelope: &Envelope) -> Result<Option<Opened>, Error> {
        let Some(keys) = &self.0 else { return Ok(None) };
        let mut moved = None;
        let mut opened = |opened: Result<Vec<u8>, Error>| {
            Ok(opened.map_or_else(
                |error| {
                    moved.get_or_insert(error);
                    Instead::Moved
                },
                Instead::Plain,
            ))
        };
        let payload = rewrite(&envelope.payload, |field, part| match part {
            Part::Plain(..) => Ok(Instead::Same),
            Part::Sealed(token) => {
                let subject = Subject::of(envelope.metadata.tenant.as_ref(), &token.subject);
                let place = Place { subject: &subject, message: envelope.id, field };
                match keys.known.get(&subject) {
                    _ if token.key == keys.process.id => opened(keys.process.open(&place, &token.data)),
                    Some(Known::Key(key, _)) if key.id == token.key => opened(key.open(&place, &token.data)),
                    Some(Known::Forgotten) => Ok(Instead::Forgotten),
                    Some(Known::Key(..)) | None => Ok(Instead::Same),
                }
            }
        })?;
        Ok(Some(Opened { payload, moved }))
    }
}

impl fmt::Debug for Ring {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Ring({})", self.0.as_ref().map_or(0, |keys| keys.known.len()))
    }
}
