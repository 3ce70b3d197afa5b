//! Single rows, and what stands between them.

use super::{
    parcel::{Change, New, Parcel},
    twins::of,
};
use crate::{
    repository::{Db, Deleted, DuplicateEntity, Expect, OnError, PurgeGrant, Upserted, VersionConflict},
    specification::Spec,
    testing::conformance::case::{Outcome, check, refused, same},
    version::Version,
};

pub(super) async fn a_row_comes_back_as_it_was(db: Db) -> Outcome {
    let acme = of(&db, "acme")?;
    let label = Some("a%_!\\'\" \u{10FFFF}\u{1F980}é".to_owned());
    let new = New { label, pieces: Some(i64::MIN), weight: f64::MIN_POSITIVE, gift: true, ..New::plain(1) };
    let inserted = acme.repository::<Parcel>().insert(new).await?;
    same("the row", &acme.repository::<Parcel>().get(inserted.id).await?, &inserted)?;
    let nul = New { label: Some("a\0b".into()), ..New::plain(2) };
    refused(acme.repository::<Parcel>().insert(nul).await, "repository/value").map(drop)
}

pub(super) async fn a_key_that_is_taken_is_a_duplicate_that_names_the_key_and_no_value(db: Db) -> Outcome {
    let acme = of(&db, "acme")?;
    let mut parcels = acme.repository::<Parcel>();
    parcels.insert(New::plain(1)).await?;
    let error = refused(parcels.insert(New::plain(1)).await, "repository/duplicate")?;
    let named = error.cause::<DuplicateEntity>().is_some_and(|duplicate| duplicate.entity == "Parcel");
    check(named && error.is_conflict() && !format!("{error:?}").contains("P-00001"), format!("{error:?}"))?;
    let told = parcels.insert_many(vec![New::plain(2), New::plain(1), New::plain(3)], OnError::Collect).await?;
    same("the places of those left out", &told.failed.iter().map(|(at, _)| *at).collect::<Vec<_>>(), &vec![1])?;
    refused(parcels.insert_many(vec![New::plain(4), New::plain(1)], OnError::Abort).await, "repository/duplicate")?;
    same("the rows", &parcels.find(Spec::all()).list().await?.len(), &3)
}

pub(super) async fn the_second_of_two_who_save_learns_of_the_first(db: Db) -> Outcome {
    let acme = of(&db, "acme")?;
    let mut parcels = acme.repository::<Parcel>();
    let mut first = parcels.insert(New::plain(1)).await?;
    let mut second = first.clone();
    first.pieces = Some(1);
    parcels.save(&mut first).await?;
    second.pieces = Some(2);
    let error = refused(parcels.save(&mut second).await, "repository/version_conflict")?;
    let actual = error.cause::<VersionConflict>().map(|conflict| conflict.actual);
    same("the version that is there", &actual, &Some(Version::new(2)))?;
    refused(
        parcels.patch(first.id, Expect::Version(Version::new(1)), Change::pieces(None)).await,
        "repository/version_conflict",
    )?;
    same("the row", &parcels.get(first.id).await?, &first)
}

pub(super) async fn what_is_deleted_is_passed_over_and_can_be_restored(db: Db) -> Outcome {
    let acme = of(&db, "acme")?;
    let mut parcels = acme.repository::<Parcel>();
    let id = parcels.insert(New::plain(1)).await?.id;
    same("a deletion", &parcels.delete(id, Expect::Any).await?, &Deleted::Now)?;
    same("another", &parcels.delete(id, Expect::Any).await?, &Deleted::Already)?;
    refused(parcels.get(id).await, "repository/not_found")?;
    refused(parcels.patch(id, Expect::Any, Change::pieces(None)).await, "repository/not_found")?;
    same("rows", &parcels.find(Spec::all()).list().await?.len(), &0)?;
    let deleted = acme.repository::<Parcel>().only_deleted().find(Spec::all()).list().await?;
    same("deleted rows", &deleted.len(), &1)?;
    parcels.restore(id).await?;
    same("the version", &parcels.get(id).await?.version, &Version::new(3))?;
    parcels.purge(id, &PurgeGrant::new("a conformance case")).await?;
    let left = acme.repository::<Parcel>().with_deleted().find(Spec::all()).list().await?;
    same("rows after a purge", &left.len(), &0)
}

pub(super) async fn an_upsert_inserts_or_changes(db: Db) -> Outcome {
    let acme = of(&db, "acme")?;
    let mut parcels = acme.repository::<Parcel>();
    let first = parcels.upsert(New::plain(1), Parcel::unique_number()).await?;
    check(matches!(first, Upserted::Inserted(_)), "the first is inserted")?;
    let again = New { pieces: Some(4), ..New::plain(1) };
    match parcels.upsert(again, Parcel::unique_number()).await? {
        Upserted::Updated(row) => same("the row", &(row.pieces, row.version), &(Some(4), Version::new(2))),
        Upserted::Inserted(_) => Err("the second was inserted".into()),
    }
}

pub(super) async fn another_tenants_row_is_no_row(db: Db) -> Outcome {
    let (acme, other) = (of(&db, "acme")?, of(&db, "other")?);
    let row = acme.repository::<Parcel>().insert(New::plain(1)).await?;
    let mut theirs = other.repository::<Parcel>();
    refused(theirs.get(row.id).await, "repository/not_found")?;
    refused(theirs.patch(row.id, Expect::Any, Change::pieces(Some(1))).await, "repository/not_found")?;
    refused(theirs.delete(row.id, Expect::Any).await, "repository/not_found")?;
    refused(theirs.restore(row.id).await, "repository/not_found")?;
    refused(theirs.save(&mut row.clone()).await, "repository/cross_tenant_write")?;
    same("what they find", &theirs.find(Spec::all()).exists().await?, &false)?;
    same("what they delete", &theirs.delete_many(&[row.id]).await?.rows, &0)?;
    let changed = theirs.everything().update_where(Spec::all(), Change::pieces(Some(1))).await?;
    same("what they change", &changed.rows, &0)?;
    same("the row", &acme.repository::<Parcel>().get(row.id).await?, &row)?;
    for twin in ["ACME", "acm_", "acme."] {
        let found = of(&db, twin)?.repository::<Parcel>().find(Spec::all()).exists().await?;
        same("what a tenant finds that is called alike", &found, &false)?;
    }
    Ok(())
}
