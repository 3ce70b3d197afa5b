//! Which generation of a read model is live, and whose it is.

use super::state::{Owned, State, TableKey};
use crate::{
    error::Error,
    store::{Commit, Generation, GenerationChange, Swap, SwapGuard, refusal},
    tenant::TenantId,
    version::Position,
};

impl State {
    /// The table of a read model: in a generation if it is of that owner, in the live one otherwise.
    pub(super) fn table(
        &self,
        tenant: &Option<TenantId>,
        model: &'static str,
        generation: Option<&Generation>,
    ) -> TableKey {
        let number = self.owned.get(model).map_or(0, |owned| match generation {
            Some(generation) if generation.owner == owned.owner => generation.number,
            _ => owned.live,
        });
        (tenant.clone(), model, number)
    }

    pub(super) fn head(&self) -> Position {
        Position::new(self.log.len() as u64)
    }

    /// Enters owners before the rows are written.
    pub(super) fn own(&mut self, changes: &[GenerationChange]) {
        for change in changes {
            if let GenerationChange::Own { model, owner } = change {
                self.owned.entry(model).or_insert_with(|| Owned { owner: owner.clone(), live: 0 });
            }
        }
    }

    /// Swaps and sweeps; answers how many rows went.
    pub(super) fn turn(&mut self, changes: Vec<GenerationChange>) -> u64 {
        let mut swept = 0;
        for change in changes {
            match change {
                GenerationChange::Own { .. } => {}
                GenerationChange::Swap(swap) => self.swap(swap),
                GenerationChange::Sweep { owner, limit } => swept += self.sweep(&owner, limit),
            }
        }
        swept
    }

    fn swap(&mut self, swap: Swap) {
        for owned in self.owned.values_mut().filter(|owned| owned.owner == swap.owner) {
            owned.live = swap.generation;
        }
        if let SwapGuard::Checkpoint(name) = swap.guard {
            self.checkpoints.insert(name, swap.position);
        }
    }

    fn sweep(&mut self, owner: &str, limit: usize) -> u64 {
        let owned = &self.owned;
        let old = |(_, model, generation): &TableKey| {
            owned.get(model).is_some_and(|owned| owned.owner == owner && owned.live != *generation)
        };
        let mut swept = 0;
        for (_, rows) in self.models.iter_mut().filter(|(table, _)| old(table)) {
            while swept < limit as u64
                && let Some((_, row)) = rows.pop_first()
            {
                swept += u64::from(row.value.is_some());
            }
        }
        swept
    }
}

/// Refuses a read model that is another's.
pub(super) fn owners(state: &State, commit: &Commit) -> Result<(), Error> {
    commit.generations.iter().try_for_each(|change| {
        let GenerationChange::Own { model, owner } = change else { return Ok(()) };
        match state.owned.get(model).filter(|owned| owned.owner != *owner) {
            Some(other) => Err(refusal::foreign_model(model, owner, &other.owner)),
            None => Ok(()),
        }
    })
}

/// Refuses a swap to a generation that lacks something.
pub(super) fn swaps(state: &State, commit: &Commit) -> Result<(), Error> {
    commit.generations.iter().try_for_each(|change| {
        let GenerationChange::Swap(swap) = change else { return Ok(()) };
        let stands = match &swap.guard {
            SwapGuard::Head => state.head() <= swap.position,
            SwapGuard::Checkpoint(name) => state.checkpoints.get(name).copied().unwrap_or_default() == swap.position,
        };
        if stands { Ok(()) } else { Err(refusal::generation_behind(swap)) }
    })
}
