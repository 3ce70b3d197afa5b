//! Calls at once: for each subject they have one order, between processes, too.

use std::collections::BTreeSet;

use futures_util::future::{join, join_all, try_join_all};

use super::subject::{KeysSubject, key, subject, wrapped};
use crate::{
    error::Error,
    sensitive::{KeyStore as _, StoredKey, Subject},
    testing::conformance::{
        case::{Failure, Outcome, check, same},
        samples::NOON,
    },
};

/// So many come at once, half of them from another process.
const MANY: u64 = 8;
const ROUNDS: u64 = 10;

/// The number of the only one who was told that he did it.
fn only(answers: Vec<Result<bool, Error>>) -> Result<u64, Failure> {
    let mut won = Vec::new();
    for (number, answer) in (0..).zip(answers) {
        match answer {
            Ok(true) => won.push(number),
            Ok(false) => {}
            Err(error) if error.is_conflict() || error.is_transient() => {}
            Err(error) => return Err(error.into()),
        }
    }
    match won[..] {
        [number] => Ok(number),
        _ => Err(format!("{} of {MANY} who came at once were told that they did it", won.len()).into()),
    }
}

pub(super) async fn of_all_who_insert_at_once_one_does(keys: KeysSubject) -> Outcome {
    for round in 0..ROUNDS {
        let of = subject(&format!("a-{round}"))?;
        let answers = join_all((0..MANY).map(|number| keys.of(number).insert(of.clone(), key(number)))).await;
        keys.has("the key of who was told so", &of, wrapped(only(answers)?)).await?;
    }
    Ok(())
}

pub(super) async fn of_all_who_replace_at_once_one_does(keys: KeysSubject) -> Outcome {
    for round in 0..ROUNDS {
        let of = subject(&format!("a-{round}"))?;
        keys.insert(&of, 99).await?;
        let answers = join_all((0..MANY).map(|number| keys.of(number).replace(of.clone(), key(99), key(number)))).await;
        keys.has("the key of who was told so", &of, wrapped(only(answers)?)).await?;
    }
    Ok(())
}

pub(super) async fn many_subjects_at_once_lose_nothing(keys: KeysSubject) -> Outcome {
    let names: BTreeSet<String> = (0..200).map(|number| format!("s-{number}")).collect();
    let all = names.iter().map(|name| subject(name)).collect::<Result<Vec<Subject>, _>>()?;
    let inserts = (0..).zip(&all).map(|(number, of)| keys.of(number).insert(of.clone(), key(number)));
    let taken = try_join_all(inserts).await?;
    check(taken.iter().all(|taken| *taken), "a first key was not taken")?;
    let page = keys.keys.page(None, None, all.len() + 1).await?;
    let found: BTreeSet<String> = page.into_iter().map(|(name, _)| name).collect();
    same("the subjects", &found, &names)?;
    for (number, of) in (0..).zip(&all) {
        keys.has("the key of one of many", of, wrapped(number)).await?;
    }
    let entries = keys.keys.get_many(all.clone()).await?;
    let found: BTreeSet<Subject> = entries.into_iter().map(|(of, _)| of).collect();
    same("the entries that are answered at once", &found, &all.into_iter().collect())
}

pub(super) async fn a_forget_amid_others_wins(keys: KeysSubject) -> Outcome {
    for round in 0..ROUNDS {
        let of = subject(&format!("a-{round}"))?;
        keys.insert(&of, 0).await?;
        let forget = keys.elsewhere.forget(of.clone(), NOON);
        let others = join_all((0..MANY).map(async |number| {
            keys.of(number + 1).replace(of.clone(), key(0), key(1)).await.ok();
            keys.of(number).insert(of.clone(), key(2)).await
        }));
        let (inserted, forgotten) = join(others, forget).await;
        forgotten?;
        check(inserted.into_iter().all(|taken| !matches!(taken, Ok(true))), "there was an entry all the while")?;
        keys.has("the entry after all", &of, Some(StoredKey::Forgotten(NOON))).await?;
    }
    Ok(())
}
