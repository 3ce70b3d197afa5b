//! Walks from page to page, held against the list in memory. Each case reads more than 3,000 pages.

use super::{
    chance::{Chance, Column, NULLABLE, PRESENT},
    parcel::Parcel,
    twins::Twins,
};
use crate::{
    repository::{Db, Page, Repository, SortKey},
    specification::Spec,
    testing::conformance::case::{Failure, Outcome, check},
};

const PAGES: u64 = 3_000;

pub(super) async fn walks_by_keys_that_all_rows_have_return_every_row_once(db: Db) -> Outcome {
    walks(&db, (11, PRESENT), false).await
}

pub(super) async fn walks_by_keys_that_may_be_null_return_every_row_once(db: Db) -> Outcome {
    walks(&db, (12, NULLABLE), false).await
}

pub(super) async fn walks_in_mixed_directions_return_every_row_once(db: Db) -> Outcome {
    walks(&db, (13, &[PRESENT[0], NULLABLE[0], NULLABLE[1]]), true).await
}

pub(super) async fn walks_of_conditions_return_every_row_once(db: Db) -> Outcome {
    walks(&db, (14, &[NULLABLE[1], PRESENT[1], NULLABLE[0]]), true).await
}

async fn walks(db: &Db, (seed, columns): (u64, &[Column]), mixed: bool) -> Outcome {
    let mut chance = Chance::of(seed);
    let twins = Twins::fill(db, &mut chance).await?;
    let (mut tested, mut memory) = (twins.tested.repository::<Parcel>(), twins.memory.repository::<Parcel>());
    let mut pages = 0;
    while pages < PAGES {
        let spec = if chance.once_in(4) { chance.spec(2) } else { Spec::all() };
        let (keys, size, backwards) = (chance.keys(columns, mixed), 1 + chance.below(3), chance.once_in(2));
        let expected = keys.iter().fold(memory.find(spec.clone()), |find, key| find.sort(*key)).list().await?;
        let (seen, read) = walk(&mut tested, (&spec, &keys), (size, backwards)).await?;
        pages += read;
        let told =
            || format!("{spec} by {keys:?} in pages of {size}, backwards {backwards}, is not the list in memory");
        check(seen == expected, if seen == expected { String::new() } else { told() })?;
    }
    Ok(())
}

/// All rows, page by page, and how many pages there were.
async fn walk(
    parcels: &mut Repository<'_, Parcel>,
    (spec, keys): (&Spec<Parcel>, &[SortKey<Parcel>]),
    (size, backwards): (u64, bool),
) -> Result<(Vec<Parcel>, u64), Failure> {
    let (mut seen, mut cursor, mut pages) = (Vec::new(), None, 0);
    loop {
        let request = if backwards { Page::before(cursor, size) } else { Page::after(cursor, size) };
        let find = keys.iter().fold(parcels.find(spec.clone()), |find, key| find.sort(*key));
        let page = find.page(request).await?;
        pages += 1;
        cursor = if backwards { page.prev } else { page.next };
        let mut items = page.items;
        if backwards {
            items.reverse();
        }
        seen.extend(items);
        if cursor.is_none() || pages > 200 {
            break; // a walk without an end is not the list either
        }
    }
    if backwards {
        seen.reverse();
    }
    Ok((seen, pages))
}

pub(super) async fn a_cursor_of_another_find_is_refused(db: Db) -> Outcome {
    let twins = Twins::fill(&db, &mut Chance::of(15)).await?;
    let mut parcels = twins.tested.repository::<Parcel>();
    let first = parcels.find(Spec::all()).page(Page::first(5)).await?;
    let others = super::twins::of(&db, "other")?;
    let after = || Page::after(first.next.clone(), 5);
    let answers = [
        parcels.find(Parcel::gift().eq(true)).page(after()).await,
        parcels.find(Spec::all()).sort(Parcel::number().asc()).page(after()).await,
        others.repository::<Parcel>().find(Spec::all()).page(after()).await,
    ];
    for answer in answers {
        crate::testing::conformance::case::refused(answer, "page/cursor")?;
    }
    Ok(())
}
