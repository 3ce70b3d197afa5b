//! Read models: writes, changes in the writer's transaction, rows seen, scans.

use std::sync::Arc;

use crate::{
    error::{Error, ErrorKind},
    store::{AnyStore, Commit, ModelChange, ModelKey, ModelRow, ModelSeen, ModelWrite, Scan},
    tenant::TenantId,
    testing::conformance::{
        case::{Failure, Outcome, check, refused, same},
        samples::{ALL, count, put, tenant, write},
    },
};

const MODEL: &str = "conformance";

async fn commit(store: &AnyStore, models: Vec<ModelWrite>) -> Outcome {
    store.commit(Commit { models, ..Commit::default() }).await?;
    Ok(())
}

async fn row(store: &AnyStore, key: &str) -> Result<Option<ModelRow>, Failure> {
    Ok(store.model(ModelKey { tenant: None, model: MODEL, key: key.into(), generation: None }).await?)
}

async fn value(store: &AnyStore, key: &str) -> Result<Option<String>, Failure> {
    Ok(row(store, key).await?.map(|row| String::from_utf8_lossy(&row.value).into_owned()))
}

async fn revision(store: &AnyStore, key: &str) -> Result<Option<u64>, Failure> {
    Ok(row(store, key).await?.map(|row| row.revision))
}

async fn keys(store: &AnyStore, after: Option<&str>, limit: usize) -> Result<Vec<String>, Failure> {
    let scan = Scan { tenant: None, model: MODEL, after: after.map(Into::into), limit };
    Ok(store.scan(scan).await?.into_iter().map(|(key, _)| key).collect())
}

fn update(
    key: &str,
    change: impl Fn(Option<&[u8]>) -> Result<Option<Vec<u8>>, Error> + Send + Sync + 'static,
) -> ModelWrite {
    write(key, ModelChange::Update(Arc::new(change)))
}

/// A commit that puts the row `decided`, provided that the row `a` is still at this revision.
fn decided_on(revision: Option<u64>) -> Commit {
    let seen = vec![ModelSeen { model: MODEL, key: "a".into(), revision }];
    Commit { seen, models: vec![put("decided", "1")], ..Commit::default() }
}

pub(super) async fn a_row_is_put_replaced_and_deleted(store: AnyStore) -> Outcome {
    same("a row that is not there", &value(&store, "a").await?, &None)?;
    for text in ["1", "\"ü \u{1F600}\""] {
        commit(&store, vec![put("a", text)]).await?;
        same("the row", &value(&store, "a").await?.as_deref(), &Some(text))?;
    }
    commit(&store, vec![write("a", ModelChange::Delete), write("never there", ModelChange::Delete)]).await?;
    same("the deleted row", &value(&store, "a").await?, &None)?;
    commit(&store, vec![put("a", "3")]).await?;
    same("the row put again", &value(&store, "a").await?.as_deref(), &Some("3"))
}

pub(super) async fn an_update_begins_with_what_is_stored(store: AnyStore) -> Outcome {
    for expected in ["1", "2", "3"] {
        commit(&store, vec![count("a")]).await?;
        same("the count", &value(&store, "a").await?.as_deref(), &Some(expected))?;
    }
    commit(&store, vec![update("a", |_| Ok(None))]).await?;
    same("a row whose update answers nothing", &value(&store, "a").await?, &None)?;
    commit(&store, vec![count("a")]).await?;
    same("the count from nothing", &value(&store, "a").await?.as_deref(), &Some("1"))
}

pub(super) async fn changes_of_one_commit_happen_in_order(store: AnyStore) -> Outcome {
    let twice = |key| update(key, |row| Ok(row.map(|row| [row, row].concat())));
    commit(&store, vec![put("a", "1"), count("a"), twice("a"), put("b", "9"), count("a")]).await?;
    same("the row", &value(&store, "a").await?.as_deref(), &Some("23"))?;
    commit(&store, vec![put("b", "5"), write("b", ModelChange::Delete), count("b"), count("b")]).await?;
    same("the row that was deleted between", &value(&store, "b").await?.as_deref(), &Some("2"))
}

pub(super) async fn an_update_that_fails_leaves_nothing(store: AnyStore) -> Outcome {
    commit(&store, vec![put("a", "1")]).await?;
    let fails = update("b", |_| Err(Error::new(ErrorKind::Invalid, "conformance/no", "no")));
    let models = vec![put("a", "2"), put("c", "1"), fails];
    let error = refused(store.commit(Commit { models, ..Commit::default() }).await, "conformance/no")?;
    same("the kind of the error", &error.kind(), &ErrorKind::Invalid)?;
    same("the row before it", &value(&store, "a").await?.as_deref(), &Some("1"))?;
    same("the rows", &keys(&store, None, ALL).await?, &vec!["a".to_owned()])
}

pub(super) async fn an_update_that_panics_leaves_nothing(store: AnyStore) -> Outcome {
    commit(&store, vec![put("a", "1")]).await?;
    let panics = update("b", |_| std::panic::resume_unwind(Box::new("a change that panics")));
    let models = vec![put("a", "2"), panics, put("c", "1")];
    let error = refused(store.commit(Commit { models, ..Commit::default() }).await, "store/change_panicked")?;
    same("the kind of the error", &error.kind(), &ErrorKind::Internal)?;
    same("the rows", &keys(&store, None, ALL).await?, &vec!["a".to_owned()])?;
    commit(&store, vec![count("a")]).await?;
    same("the row, after the store went on", &value(&store, "a").await?.as_deref(), &Some("2"))
}

pub(super) async fn a_revision_never_comes_again(store: AnyStore) -> Outcome {
    let mut seen = Vec::new();
    for models in [
        vec![put("a", "1")],
        vec![put("a", "1")],
        vec![count("a")],
        vec![write("a", ModelChange::Delete), put("a", "1")],
        vec![put("a", "2"), put("a", "1")],
    ] {
        commit(&store, models).await?;
        seen.extend(revision(&store, "a").await?);
        commit(&store, vec![write("b", ModelChange::Delete)]).await?;
    }
    commit(&store, vec![write("a", ModelChange::Delete)]).await?;
    commit(&store, vec![put("a", "1")]).await?;
    seen.extend(revision(&store, "a").await?);
    check(seen.first().is_some_and(|first| *first >= 1), "the first revision is below 1")?;
    let ascending = seen.windows(2).all(|pair| matches!(pair, [one, two] if one < two));
    check(ascending && seen.len() == 6, format!("the revisions of one row do not ascend: {seen:?}"))
}

pub(super) async fn a_row_that_is_as_it_was_seen_admits_the_commit(store: AnyStore) -> Outcome {
    store.commit(decided_on(None)).await?;
    commit(&store, vec![put("a", "1")]).await?;
    let before = revision(&store, "a").await?;
    commit(&store, vec![put("b", "1")]).await?;
    let mut own = decided_on(before);
    own.models.push(put("a", "2"));
    store.commit(own).await?;
    same("the row that the commit wrote itself", &value(&store, "a").await?.as_deref(), &Some("2"))
}

pub(super) async fn a_row_changed_since_it_was_seen_refuses_the_commit(store: AnyStore) -> Outcome {
    commit(&store, vec![put("a", "1")]).await?;
    let before = revision(&store, "a").await?;
    for models in [
        vec![put("a", "1")],
        vec![write("a", ModelChange::Delete)],
        vec![put("a", "1")], // deleted and made again with the same content
    ] {
        commit(&store, models).await?;
        let error = refused(store.commit(decided_on(before)).await, "store/seen_changed")?;
        check(error.is_conflict(), "the error is not a conflict")?;
    }
    refused(store.commit(decided_on(None)).await, "store/seen_changed")?;
    same("the row that was decided", &value(&store, "decided").await?, &None)
}

pub(super) async fn a_scan_follows_the_bytes_of_the_keys(store: AnyStore) -> Outcome {
    let sorted = ["", " ", "A", "Z", "a", "a\t", "a ", "ab", "b", "z", "ä", "\u{FFFD}", "\u{1F600}"];
    let mut shuffled = sorted;
    shuffled.reverse();
    commit(&store, shuffled.iter().map(|key| put(key, "1")).collect()).await?;
    commit(&store, vec![put("gone", "1"), write("gone", ModelChange::Delete)]).await?;
    commit(&store, vec![write("a ", ModelChange::Delete)]).await?;
    let expected: Vec<String> = sorted.iter().filter(|key| **key != "a ").map(|key| (*key).to_owned()).collect();
    same("the keys", &keys(&store, None, ALL).await?, &expected)
}

pub(super) async fn a_scan_keeps_its_bounds(store: AnyStore) -> Outcome {
    commit(&store, ["d", "b", "a", "e", "c"].iter().map(|key| put(key, key)).collect()).await?;
    let own = |keys: &[&str]| keys.iter().map(|key| (*key).to_owned()).collect::<Vec<_>>();
    same("the first two", &keys(&store, None, 2).await?, &own(&["a", "b"]))?;
    same("two after b", &keys(&store, Some("b"), 2).await?, &own(&["c", "d"]))?;
    same("after a key that is not there", &keys(&store, Some("bb"), ALL).await?, &own(&["c", "d", "e"]))?;
    same("after the last", &keys(&store, Some("e"), ALL).await?, &own(&[]))?;
    same("none", &keys(&store, None, 0).await?, &own(&[]))?;
    same("without a limit", &keys(&store, None, usize::MAX).await?.len(), &5)?;
    let scan = Scan { tenant: None, model: MODEL, after: None, limit: 1 };
    let first = store.scan(scan).await?.into_iter().next().map(|(_, row)| row);
    same("the row of a scan", &first, &row(&store, "a").await?)
}

pub(super) async fn read_models_are_apart(store: AnyStore) -> Outcome {
    let other = |model| ModelWrite { model, ..put("a", "2") };
    commit(&store, vec![put("a", "1"), other("conformance2"), other("Conformance")]).await?;
    same("the row", &value(&store, "a").await?.as_deref(), &Some("1"))?;
    commit(&store, vec![ModelWrite { model: "conformance2", ..write("a", ModelChange::Delete) }]).await?;
    same("the row, after that of another model went", &value(&store, "a").await?.as_deref(), &Some("1"))?;
    same("the keys", &keys(&store, None, ALL).await?, &vec!["a".to_owned()])
}

pub(super) async fn tenants_have_rows_of_their_own(store: AnyStore) -> Outcome {
    let tenants = [None, tenant("acme")?, tenant("ACME")?];
    let of = |tenant: &Option<TenantId>, times| Commit {
        tenant: tenant.clone(),
        models: vec![count("a"); times],
        ..Commit::default()
    };
    for (index, tenant) in tenants.iter().enumerate() {
        store.commit(of(tenant, index + 1)).await?;
    }
    for (index, tenant) in tenants.iter().enumerate() {
        let key = ModelKey { tenant: tenant.clone(), model: MODEL, key: "a".into(), generation: None };
        let found = store.model(key).await?.map(|row| row.value);
        same("a tenant's row", &found, &Some((index + 1).to_string().into_bytes()))?;
        let scan = Scan { tenant: tenant.clone(), model: MODEL, after: None, limit: ALL };
        same("the number of a tenant's rows", &store.scan(scan).await?.len(), &1)?;
    }
    let foreign = Commit { tenant: tenant("acme")?, ..decided_on(None) };
    refused(store.commit(foreign).await, "store/seen_changed").map(drop)
}
