//! Units of work.

use super::{
    parcel::{New, Parcel},
    twins::of,
};
use crate::{
    error::Error,
    repository::{Db, Scoped},
    specification::Spec,
    store::Begin,
    testing::conformance::case::{Failure, Outcome, check, refused, same},
    unit_of_work::Retry,
};

async fn rows(acme: &Scoped) -> Result<usize, Failure> {
    Ok(acme.repository::<Parcel>().find(Spec::all()).list().await?.len())
}

pub(super) async fn a_unit_is_written_as_a_whole_or_not_at_all(db: Db) -> Outcome {
    let acme = of(&db, "acme")?;
    let mut unit = acme.begin(Begin::write()).await?;
    unit.repository::<Parcel>().insert(New::plain(1)).await?;
    unit.repository::<Parcel>().insert(New::plain(2)).await?;
    same("rows before the commit", &rows(&acme).await?, &0)?;
    unit.commit().await?;
    same("rows after the commit", &rows(&acme).await?, &2)?;
    let mut unit = acme.begin(Begin::write()).await?;
    unit.repository::<Parcel>().insert(New::plain(3)).await?;
    unit.rollback().await?;
    let mut unit = acme.begin(Begin::write()).await?;
    unit.repository::<Parcel>().insert(New::plain(4)).await?;
    drop(unit);
    same("rows after a rollback and a drop", &rows(&acme).await?, &2)
}

pub(super) async fn an_error_that_is_passed_over_costs_the_unit(db: Db) -> Outcome {
    let acme = of(&db, "acme")?;
    let mut unit = acme.begin(Begin::write()).await?;
    unit.repository::<Parcel>().insert(New::plain(1)).await?;
    refused(unit.repository::<Parcel>().insert(New::plain(1)).await, "repository/duplicate")?;
    refused(unit.repository::<Parcel>().find(Spec::all()).list().await, "unit/scope_failed")?;
    let error = refused(unit.commit().await.map(drop), "unit/aborted")?;
    check(error.is_conflict(), format!("{error:?} is of the kind of its cause"))?;
    same("rows", &rows(&acme).await?, &0)
}

pub(super) async fn in_a_savepoint_an_error_costs_the_savepoint_alone(db: Db) -> Outcome {
    let acme = of(&db, "acme")?;
    let mut unit = acme.begin(Begin::write()).await?;
    unit.repository::<Parcel>().insert(New::plain(1)).await?;
    let part = unit
        .savepoint(async |inner| {
            inner.repository::<Parcel>().insert(New::plain(2)).await?;
            inner.repository::<Parcel>().insert(New::plain(1)).await
        })
        .await?;
    refused(part, "repository/duplicate")?;
    unit.repository::<Parcel>().insert(New::plain(3)).await?;
    unit.commit().await?;
    same("rows", &rows(&acme).await?, &2)
}

pub(super) async fn a_unit_inside_a_unit_is_refused_at_once(db: Db) -> Outcome {
    let acme = of(&db, "acme")?;
    let inner = acme
        .in_tx(Retry::none(), async |unit| {
            unit.repository::<Parcel>().insert(New::plain(1)).await?;
            Ok::<_, Error>(acme.begin(Begin::write()).await.map(drop))
        })
        .await?;
    refused(inner, "unit/nested").map(drop)
}

pub(super) async fn a_unit_that_only_reads_refuses_to_write(db: Db) -> Outcome {
    let acme = of(&db, "acme")?;
    acme.repository::<Parcel>().insert(New::plain(1)).await?;
    let mut unit = acme.begin(Begin::read_only()).await?;
    same("what it sees", &unit.repository::<Parcel>().find(Spec::all()).list().await?.len(), &1)?;
    refused(unit.repository::<Parcel>().insert(New::plain(2)).await, "unit/read_only")?;
    unit.rollback().await?;
    same("rows", &rows(&acme).await?, &1)
}
