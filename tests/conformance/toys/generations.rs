//! Flaws of generations of read models.

use std::time::Duration;

use bailiwick::{
    Error, Store,
    store::{Commit, GenerationChange, ModelKey, Swap, SwapGuard},
};
use tokio::time::sleep;

use super::{flaws::Flaw, store::Toy};

/// The part of a revision that is counted.
pub const COUNTED: u64 = (1 << 40) - 1;

pub async fn bend(toy: &Toy, commit: &mut Commit) -> Result<(), Error> {
    match toy.flaw {
        Flaw::ShadowsAreSeen => commit.generation = None,
        Flaw::OwnersShareModels => {
            commit.generations.retain(|change| !matches!(change, GenerationChange::Own { .. }));
        }
        Flaw::SwapsOneModel => commit
            .generations
            .retain(|change| !matches!(change, GenerationChange::Own { model, .. } if *model == "conformance2")),
        Flaw::SwapsBack | Flaw::SwapsAhead | Flaw::SwapsIgnoreTheLog => {
            for change in &mut commit.generations {
                if let GenerationChange::Swap(swap) = change {
                    force(toy, swap).await?;
                }
            }
        }
        Flaw::SameRevisionInShadows => {
            for seen in &mut commit.seen {
                let (tenant, generation) = (commit.tenant.clone(), commit.generation.clone());
                let key = ModelKey { tenant, model: seen.model, key: seen.key.clone(), generation };
                let actual = toy.inner().model(key).await?.map(|row| row.revision);
                let same = actual.map(|revision| revision & COUNTED) == seen.revision;
                seen.revision = if same { actual } else { seen.revision };
            }
        }
        Flaw::SweepsAtOnce => commit.generations.iter_mut().for_each(|change| {
            if let GenerationChange::Sweep { limit, .. } = change {
                *limit = usize::MAX;
            }
        }),
        Flaw::SwapsBetween if !commit.checkpoints.is_empty() => {
            let models = std::mem::take(&mut commit.models);
            let generations = std::mem::take(&mut commit.generations);
            toy.inner().commit(Commit { models, generations, ..Commit::default() }).await?;
            sleep(Duration::from_millis(1)).await;
        }
        _ => {}
    }
    Ok(())
}

async fn force(toy: &Toy, swap: &mut Swap) -> Result<(), Error> {
    let stands = match (&swap.guard, toy.flaw) {
        (SwapGuard::Checkpoint(name), Flaw::SwapsBack) => {
            toy.inner().checkpoint(name.clone()).await?.filter(|stands| *stands > swap.position)
        }
        (SwapGuard::Checkpoint(name), Flaw::SwapsAhead) => {
            let stands = toy.inner().checkpoint(name.clone()).await?.unwrap_or_default();
            Some(stands).filter(|stands| *stands < swap.position)
        }
        (SwapGuard::Head, Flaw::SwapsIgnoreTheLog) => Some(toy.inner().head().await?),
        _ => None,
    };
    swap.position = stands.unwrap_or(swap.position);
    Ok(())
}
