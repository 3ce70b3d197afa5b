//! What a condition finds.

use super::{
    chance::Chance,
    parcel::{Change, Parcel},
    twins::Twins,
};
use crate::{
    repository::{Count, Db, Total},
    testing::conformance::case::{Outcome, check, same},
};

const SPECS: usize = 700;

pub(super) async fn conditions_by_chance_find_what_they_match(db: Db) -> Outcome {
    conditions(&db, (1, 4)).await
}

pub(super) async fn flat_conditions_by_chance_find_what_they_match(db: Db) -> Outcome {
    conditions(&db, (2, 1)).await
}

async fn conditions(db: &Db, (seed, levels): (u64, u32)) -> Outcome {
    let mut chance = Chance::of(seed);
    let twins = Twins::fill(db, &mut chance).await?;
    let mut parcels = twins.tested.repository::<Parcel>();
    for _ in 0..SPECS {
        let spec = chance.spec(levels);
        let found = parcels.find(spec.clone()).list().await?;
        let matching: Vec<_> = twins.rows.iter().filter(|row| spec.matches(row)).cloned().collect();
        check(found == matching, format!("{spec}: {} rows match, {} were found", matching.len(), found.len()))?;
    }
    Ok(())
}

pub(super) async fn what_is_counted_summed_up_and_changed_is_what_matches(db: Db) -> Outcome {
    let mut chance = Chance::of(3);
    let mut twins = Twins::fill(&db, &mut chance).await?;
    let mut parcels = twins.tested.repository::<Parcel>().everything();
    for round in 0..150 {
        let spec = chance.spec(3);
        let matching = twins.rows.iter().filter(|row| spec.matches(row));
        let (count, pieces) = (matching.clone().count() as u64, matching.filter_map(|row| row.pieces));
        let sum = (pieces.clone().count() > 0).then(|| pieces.clone().sum::<i64>());
        same(&format!("rows of {spec}"), &parcels.find(spec.clone()).count(Count::Exact).await?, &Total::Exact(count))?;
        same(&format!("sum of {spec}"), &parcels.find(spec.clone()).sum(Parcel::pieces()).await?, &sum)?;
        same(&format!("least of {spec}"), &parcels.find(spec.clone()).min(Parcel::pieces()).await?, &pieces.min())?;
        let changed = parcels.update_where(spec.clone(), Change::pieces(Some(round % 5 - 2))).await?;
        same(&format!("changes of {spec}"), &changed.rows, &count)?;
        for row in twins.rows.iter_mut().filter(|row| spec.matches(row)) {
            row.pieces = Some(round % 5 - 2);
            row.version = row.version.plus(1);
        }
    }
    check(
        parcels.find(crate::specification::Spec::all()).list().await? == twins.rows,
        "the rows are not as they were changed",
    )
}
