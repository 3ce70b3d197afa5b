//! Aggregates that are stored as their states, on every store.

mod adopted;
mod beside;
mod cases;
mod model;
mod noted;
mod removed;
mod switched;
mod told;

use bailiwick::{
    App,
    sql::{MysqlStore, PostgresStore, SqliteStore},
    store::{AnyStore, MemoryStore},
};
use tests::servers::{self, Room};

/// A store, and what it needs to stay.
pub(crate) struct Bed {
    pub(crate) store: AnyStore,
    _room: Option<Room>,
    _folder: Option<tempfile::TempDir>,
}

impl Bed {
    async fn on(store: AnyStore, room: Option<Room>, folder: Option<tempfile::TempDir>) -> Self {
        store.migrate().await.unwrap();
        Self { store, _room: room, _folder: folder }
    }

    pub(crate) async fn memory() -> Option<Self> {
        Some(Self::on(AnyStore::new(MemoryStore::new()), None, None).await)
    }

    pub(crate) async fn sqlite() -> Option<Self> {
        let folder = tempfile::tempdir().unwrap();
        let store = SqliteStore::open(folder.path().join("a.db")).unwrap();
        Some(Self::on(AnyStore::new(store), None, Some(folder)).await)
    }

    pub(crate) async fn postgres() -> Option<Self> {
        let room = servers::postgres()?.room();
        let store = PostgresStore::options(&room.url()).unwrap().schema(room.name()).unwrap().connect().unwrap();
        Some(Self::on(AnyStore::new(store), Some(room), None).await)
    }

    pub(crate) async fn mysql() -> Option<Self> {
        let room = servers::mysql()?.room();
        let store = MysqlStore::connect(&room.url()).unwrap();
        Some(Self::on(AnyStore::new(store), Some(room), None).await)
    }

    /// An application of the program that keeps the events.
    async fn events(&self) -> App {
        App::builder().any_store(self.store.clone()).aggregate::<model::events::Cart>().build().await.unwrap()
    }

    /// An application of the program that keeps the state.
    async fn entity(&self) -> App {
        App::builder().any_store(self.store.clone()).aggregate::<model::entity::Cart>().build().await.unwrap()
    }
}

/// One test per case and store.
macro_rules! on_every_store {
    ($($module:ident: $($case:ident)*;)*) => {
        on_every_store!(@ memory; $($module: $($case)*;)*);
        on_every_store!(@ sqlite; $($module: $($case)*;)*);
        on_every_store!(@ postgres; $($module: $($case)*;)*);
        on_every_store!(@ mysql; $($module: $($case)*;)*);
    };
    (@ $store:ident; $($module:ident: $($case:ident)*;)*) => {
        mod $store {
            $($(
                #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
                async fn $case() {
                    let Some(bed) = crate::states::Bed::$store().await else { return };
                    super::$module::$case(&bed).await;
                }
            )*)*
        }
    };
}

pub(crate) use on_every_store;

on_every_store! {
    adopted:
        who_cannot_be_adopted_is_told_and_the_others_are;
    cases:
        a_state_is_stored_and_its_events_are_not
        two_writers_of_one_state_are_told_of_the_conflict
        two_who_create_one_state_are_told_of_the_conflict
        commands_at_once_lose_no_update
        states_are_listed_and_removed
        a_tenant_has_states_of_its_own
        a_unit_sees_what_it_saved_and_forgets_what_it_rolled_back
        a_state_that_does_not_fit_is_refused_and_stays
        a_commit_dropped_at_any_poll_is_whole_or_nothing;
    switched:
        an_aggregate_with_events_is_not_taken_for_a_new_one
        an_adopted_aggregate_goes_on_where_its_events_end
        of_two_who_adopt_one_does
        all_are_adopted_of_all_tenants
        who_writes_events_during_an_adoption_loses_none
        a_program_that_reads_events_is_refused
        one_id_is_created_as_events_or_as_a_state
        of_many_who_create_one_id_at_once_one_does
        a_later_program_makes_new_states_of_old_ones_and_of_events
        a_first_commit_that_fails_locks_nothing
        an_archive_carries_states;
    removed:
        who_decided_on_a_removed_state_does_not_replace_the_next_one
        who_decided_on_a_removed_state_does_not_bring_it_back
        of_two_who_create_a_removed_state_again_one_does
        removed_states_fill_no_page
        an_archive_carries_what_was_removed
        an_import_that_was_cut_before_a_state_is_told_and_repeated
        a_state_that_is_lost_can_be_given_up
        an_archive_repairs_a_damaged_row
        a_check_of_the_store_tells_states_that_are_lost_or_damaged
        a_root_that_was_made_by_hand_keeps_what_is_known_of_the_stream;
    beside:
        what_an_event_reaches_it_reaches_in_the_same_commit
        a_follower_stops_before_the_log_is_incomplete
        a_rebuild_of_what_the_log_lacks_never_goes_live
        other_projections_pass_by;
    noted:
        an_aggregate_with_new_events_says_so_whatever_was_appended_behind_its_note;
    told:
        an_event_that_is_not_kept_is_heard_here_and_published
        a_commit_that_is_refused_tells_nobody;
}
