//! Personal data in an immutable log: a key for each subject, and `forget`.
//!
//! A field of an event that is marked `#[event(sensitive)]` is a [`Sensitive`], and is stored encrypted by a key of its
//! subject: XChaCha20-Poly1305, bound to the event, the field, the subject and its tenant, so that no ciphertext opens
//! elsewhere. The key lies in a [`KeyStore`], wrapped by the [`MasterKey`] that the program is given. [`App::forget`] destroys
//! it. The [guide](crate::guide::sensitive) tells how to use all this, and what it does not do.
//!
//! [`App::forget`]: crate::App::forget

mod cipher;
mod key_store;
mod keys;
mod ring;
mod value;
mod vault;

pub(crate) use key_store::AnyKeys;
pub use key_store::{KeyEntry, KeyStore, MemoryKeys};
pub use keys::{MasterKey, StoredKey, Subject, WrappedKey};
pub(crate) use ring::{Opened, Ring};
pub use value::{Sensitive, SensitiveField, Withheld};
pub(crate) use vault::Sealer;
pub use vault::Vault;
