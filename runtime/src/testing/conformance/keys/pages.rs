//! Many subjects: each is itself, and they are read in pages.

use super::subject::{KeysSubject, of, subject, wrapped};
use crate::{
    sensitive::{KeyStore as _, StoredKey, Subject},
    tenant::TenantId,
    testing::conformance::{
        case::{Failure, Outcome, same},
        samples::{ALL, NOON, tenant},
    },
};

/// In the order of their bytes.
const ODD: [&str; 11] = [" ", " a", "A", "a", "a ", "a'", "a/b", "ab", "e\u{301}", "ä", "\u{1F600}"];

async fn names(
    keys: &KeysSubject,
    tenant: Option<TenantId>,
    (after, limit): (Option<&str>, usize),
) -> Result<Vec<String>, Failure> {
    let page = keys.keys.page(tenant, after.map(Into::into), limit).await?;
    Ok(page.into_iter().map(|(name, _)| name).collect())
}

fn own(names: &[&str]) -> Vec<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}

pub(super) async fn subjects_are_apart(keys: KeysSubject) -> Outcome {
    let long = ["x", "y"].map(|end| format!("{}{end}", "l".repeat(Subject::MAX - 1)));
    let names: Vec<&str> = ODD.into_iter().chain(long.iter().map(String::as_str)).collect();
    for (number, name) in (1..).zip(&names) {
        keys.insert(&subject(name)?, number).await?;
    }
    keys.keys.forget(subject("a")?, NOON).await?;
    for (number, name) in (1..).zip(&names) {
        let expected = if *name == "a" { Some(StoredKey::Forgotten(NOON)) } else { wrapped(number) };
        keys.has(&format!("the entry of {name:?}"), &subject(name)?, expected).await?;
    }
    Ok(())
}

pub(super) async fn tenants_have_subjects_of_their_own(keys: KeysSubject) -> Outcome {
    let tenants = [None, tenant("acme")?, tenant("ACME")?];
    for (number, tenant) in (1..).zip(&tenants) {
        keys.insert(&of(tenant.clone(), "a")?, number).await?;
        keys.insert(&of(tenant.clone(), &format!("only-{number}"))?, number).await?;
    }
    keys.keys.forget(of(tenant("acme")?, "a")?, NOON).await?;
    for (number, tenant) in (1..).zip(&tenants) {
        let expected = if number == 2 { Some(StoredKey::Forgotten(NOON)) } else { wrapped(number) };
        keys.has("the entry of a tenant", &of(tenant.clone(), "a")?, expected).await?;
        let found = names(&keys, tenant.clone(), (None, ALL)).await?;
        same("the subjects of a tenant", &found, &vec!["a".into(), format!("only-{number}")])?;
    }
    Ok(())
}

pub(super) async fn a_page_follows_the_bytes_of_the_names(keys: KeysSubject) -> Outcome {
    for name in ODD.iter().rev() {
        keys.insert(&subject(name)?, 1).await?;
    }
    keys.keys.forget(subject("ab")?, NOON).await?;
    same("the names", &names(&keys, None, (None, ALL)).await?, &own(&ODD))?;
    let page = keys.keys.page(None, Some("a/b".into()), 2).await?;
    let expected = [("ab", Some(StoredKey::Forgotten(NOON))), ("e\u{301}", wrapped(1))];
    let expected = expected.into_iter().filter_map(|(name, stored)| Some((name.to_owned(), stored?))).collect();
    same("the entries of a page", &page, &expected)
}

pub(super) async fn a_page_keeps_its_bounds(keys: KeysSubject) -> Outcome {
    same("the names of nobody", &names(&keys, None, (None, ALL)).await?, &own(&[]))?;
    for name in ["d", "b", "a", "e", "c"] {
        keys.insert(&subject(name)?, 1).await?;
    }
    for (bounds, expected) in [
        ((None, 2), own(&["a", "b"])),
        ((Some("b"), 2), own(&["c", "d"])),
        ((Some("bb"), ALL), own(&["c", "d", "e"])),
        ((Some("e"), ALL), own(&[])),
        ((None, 0), own(&[])),
    ] {
        same(&format!("the names within {bounds:?}"), &names(&keys, None, bounds).await?, &expected)?;
    }
    Ok(())
}

pub(super) async fn many_are_answered_as_each_is(keys: KeysSubject) -> Outcome {
    let acme = of(tenant("acme")?, "b")?;
    let all = [subject("a")?, subject("b")?, acme.clone(), subject("never")?, subject("gone")?];
    for (number, of) in (1..).zip(&all).filter(|(_, of)| of.name() != "never") {
        keys.insert(of, number).await?;
    }
    keys.keys.forget(subject("gone")?, NOON).await?;
    let mut many = keys.keys.get_many(all.to_vec()).await?;
    many.sort_by(|(one, _), (other, _)| one.cmp(other));
    let mut each = Vec::new();
    for of in all {
        each.extend(keys.keys.get(of.clone()).await?.map(|entry| (of, entry)));
    }
    each.sort_by(|(one, _), (other, _)| one.cmp(other));
    same("many entries", &many, &each)?;
    same("the entries of no subject", &keys.keys.get_many(Vec::new()).await?, &Vec::new())
}
