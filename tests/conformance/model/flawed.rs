//! That the model can tell: stores with a flaw, each of which some history gives away.

use std::{
    cell::Cell,
    panic::{self, AssertUnwindSafe, catch_unwind},
};

use bailiwick::store::AnyStore;
use proptest::test_runner::{Config, RngAlgorithm, TestCaseError, TestRng, TestRunner};
use proptest_state_machine::{ReferenceStateMachine as _, StateMachineTest as _};

use super::{
    super::toys::{Flaw, Toy},
    Place, Subject, cases,
    reference::Model,
};

thread_local! {
    static FLAW: Cell<Flaw> = const { Cell::new(Flaw::Nothing) };
}

struct Flawed(Flaw);

impl Place for Flawed {
    const REMEMBERS: bool = false;

    fn new() -> Option<Self> {
        Some(Self(FLAW.get()))
    }

    fn open(&self) -> AnyStore {
        AnyStore::new(Toy::new(self.0))
    }
}

/// Whether random histories, the same in each run, give the flaw away.
fn found(flaw: Flaw) -> bool {
    FLAW.set(flaw);
    let config = Config { max_shrink_iters: 0, ..cases(256) };
    let run = |(model, steps, _seen)| {
        let history = || Subject::<Flawed>::test_sequential(config.clone(), model, steps, None);
        catch_unwind(AssertUnwindSafe(history)).map_err(|_| TestCaseError::fail("it differs"))
    };
    let chance = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
    TestRunner::new_with_rng(config.clone(), chance).run(&Model::sequential_strategy(1..40), run).is_err()
}

#[test]
fn a_store_with_a_flaw_does_not_do_what_the_model_does() {
    let told = panic::take_hook();
    panic::set_hook(Box::new(|_| {})); // what is expected is not told
    let flaws = [
        Flaw::Nothing,
        Flaw::IgnoresExpected,
        Flaw::NoStreamAdmitsAll,
        Flaw::VersionMayBeLower,
        Flaw::AppendsOutOfOrder,
        Flaw::AcceptsKnownIds,
        Flaw::WritesPartsBeforeItChecks,
        Flaw::LosesSnapshots,
        Flaw::SnapshotWithWholeTail,
        Flaw::SnapshotGoesBack,
        Flaw::ReadIncludesAfter,
        Flaw::IgnoresTenants,
        Flaw::ForgetsMarks,
        Flaw::AcceptsDuplicates,
        Flaw::CheckpointsStandStill,
        Flaw::ReadsThenWrites,
    ];
    let missed: Vec<Flaw> = flaws.into_iter().filter(|flaw| !found(*flaw)).collect();
    panic::set_hook(told);
    assert_eq!(missed, [Flaw::Nothing]);
}
