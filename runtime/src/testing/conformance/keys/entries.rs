//! The entry of a subject: its first key, other wrappings of it, and the end.

use super::subject::{KeysSubject, key, subject, wrapped};
use crate::{
    sensitive::{KeyStore as _, StoredKey, WrappedKey},
    testing::conformance::{
        case::{Outcome, check, same},
        samples::NOON,
    },
};

const FORGOTTEN: Option<StoredKey> = Some(StoredKey::Forgotten(NOON));

pub(super) async fn a_key_comes_back_as_it_was(keys: KeysSubject) -> Outcome {
    let (of, odd) = (subject("ü '\u{1F600}")?, "2026 'ü' \\ \"\u{1F600}\"");
    let key = WrappedKey { id: odd.into(), master: odd.into(), data: "A+/=".repeat(1_000) };
    keys.has("a subject that nobody has used", &of, None).await?;
    check(keys.keys.insert(of.clone(), key.clone()).await?, "the first key was not taken")?;
    keys.has("the key", &of, Some(StoredKey::Wrapped(key))).await
}

pub(super) async fn the_first_key_stays(keys: KeysSubject) -> Outcome {
    let of = subject("a")?;
    check(keys.insert(&of, 1).await?, "the first key was not taken")?;
    check(!keys.insert(&of, 2).await?, "a second key was taken")?;
    keys.has("the key", &of, wrapped(1)).await?;
    check(!keys.insert(&of, 1).await?, "the first key was taken again")?;
    keys.has("the key", &of, wrapped(1)).await
}

pub(super) async fn a_key_is_replaced_by_who_knows_it(keys: KeysSubject) -> Outcome {
    let of = subject("a")?;
    keys.insert(&of, 1).await?;
    check(!keys.replace(&of, 2, 3).await?, "a key was replaced by somebody who took it for another one")?;
    let other = WrappedKey { data: "BBBB".into(), ..key(1) };
    let replaced = keys.keys.replace(of.clone(), other, key(3)).await?;
    check(!replaced, "another wrapping of the same id was taken for the key")?;
    keys.has("the key", &of, wrapped(1)).await?;
    check(keys.replace(&of, 1, 2).await?, "the key was not replaced")?;
    check(!keys.replace(&of, 1, 3).await?, "the old key was replaced once more")?;
    keys.has("the new key", &of, wrapped(2)).await
}

pub(super) async fn what_is_not_there_is_not_replaced(keys: KeysSubject) -> Outcome {
    let of = subject("a")?;
    check(!keys.replace(&of, 1, 2).await?, "a key that is not there was replaced")?;
    keys.has("the key that is not there", &of, None).await
}

pub(super) async fn a_forgotten_key_is_gone_and_nothing_brings_it_back(keys: KeysSubject) -> Outcome {
    let of = subject("a")?;
    keys.insert(&of, 1).await?;
    keys.keys.forget(of.clone(), NOON).await?;
    keys.has("the entry of the forgotten", &of, FORGOTTEN).await?;
    check(!keys.insert(&of, 2).await?, "the forgotten got another key")?;
    check(!keys.replace(&of, 1, 2).await?, "the key of the forgotten was replaced")?;
    keys.has("the entry of the forgotten", &of, FORGOTTEN).await
}

pub(super) async fn the_time_of_the_first_forget_stays(keys: KeysSubject) -> Outcome {
    let of = subject("a")?;
    keys.insert(&of, 1).await?;
    for later in [0, 1, 2] {
        keys.keys.forget(of.clone(), NOON.plus(std::time::Duration::from_secs(later))).await?;
    }
    keys.has("the entry of the forgotten", &of, FORGOTTEN).await
}

pub(super) async fn who_was_never_known_is_forgotten_beforehand(keys: KeysSubject) -> Outcome {
    let of = subject("a")?;
    keys.keys.forget(of.clone(), NOON).await?;
    keys.has("the entry of who was never known", &of, FORGOTTEN).await?;
    check(!keys.insert(&of, 1).await?, "the forgotten got a key")
}

pub(super) async fn what_one_process_forgets_no_other_reads(keys: KeysSubject) -> Outcome {
    let of = subject("a")?;
    let elsewhere = KeysSubject { keys: keys.elsewhere.clone(), ..keys.clone() };
    keys.insert(&of, 1).await?;
    elsewhere.has("the key in another process", &of, wrapped(1)).await?;
    keys.keys.forget(of.clone(), NOON).await?;
    elsewhere.has("the entry in another process", &of, FORGOTTEN).await?;
    let many: Vec<_> = elsewhere.keys.get_many(vec![of]).await?.into_iter().map(|(_, entry)| entry.stored).collect();
    same("the entries in another process", &many, &FORGOTTEN.into_iter().collect())
}
