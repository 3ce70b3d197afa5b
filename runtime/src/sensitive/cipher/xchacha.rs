//! XChaCha20-Poly1305 of RustCrypto. Its nonce has 192 bits, so a random one does not come twice.

use chacha20poly1305::{
    KeyInit as _, XChaCha20Poly1305, XNonce,
    aead::{Aead as _, Payload, common::Generate as _},
};
use zeroize::{Zeroize as _, Zeroizing};

use crate::error::{Error, ErrorKind};

/// A key, wiped when it is dropped.
pub(in crate::sensitive) type Secret = Zeroizing<[u8; 32]>;

const NONCE: usize = 24;

/// A new key, from the randomness of the system.
pub(in crate::sensitive) fn random() -> Result<Secret, Error> {
    let key = chacha20poly1305::Key::try_generate().map_err(|_| no_randomness())?;
    Ok(Zeroizing::new(key.into()))
}

/// Nonce and ciphertext.
pub(in crate::sensitive) fn seal(key: &Secret, bound_to: &[u8], plain: &[u8]) -> Result<Vec<u8>, Error> {
    let nonce = XNonce::try_generate().map_err(|_| no_randomness())?;
    let cipher = XChaCha20Poly1305::new((&**key).into());
    let sealed = cipher.encrypt(&nonce, Payload { msg: plain, aad: bound_to }).map_err(|_| too_long())?;
    Ok([nonce.as_slice(), &sealed].concat())
}

/// What was sealed; nothing if it was sealed by another key, is bound to something else, or was changed.
pub(in crate::sensitive) fn open(key: &Secret, bound_to: &[u8], sealed: &[u8]) -> Result<Option<Vec<u8>>, Error> {
    let Some((nonce, sealed)) = sealed.split_first_chunk::<NONCE>() else { return Ok(None) };
    let cipher = XChaCha20Poly1305::new((&**key).into());
    Ok(cipher.decrypt(nonce.into(), Payload { msg: sealed, aad: bound_to }).ok())
}

/// Overwrites what is no longer needed.
pub(in crate::sensitive) fn wipe(plain: &mut Vec<u8>) {
    plain.zeroize();
}

fn no_randomness() -> Error {
    let message = "the system gives no randomness; nothing was sealed";
    Error::new(ErrorKind::Transient, "sensitive/no_randomness", message)
}

fn too_long() -> Error {
    Error::new(ErrorKind::Invalid, "sensitive/too_long", "a sensitive value is at most 256 GiB long")
}
