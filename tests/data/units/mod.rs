//! What a unit of work promises where it has a transaction, of every database.

pub mod cancelled;
pub mod failing;
pub mod late;
pub mod repeated;
pub mod storm;
pub mod whole;

mod app;
mod one_writer;
mod served;

use bailiwick::{
    Event,
    repository::{Db, Scoped},
    specification::Spec,
};
use serde::{Deserialize, Serialize};

use super::rows::shop::Order;

#[derive(Event, Debug, Clone, PartialEq, Serialize, Deserialize)]
#[event(name = "order.placed", kind = notification, topic = "orders")]
pub struct Placed {
    pub number: u32,
}

/// How many orders there are, and how many messages in the outbox.
async fn written(db: &Db, shop: &Scoped) -> (usize, u64) {
    let orders = shop.repository::<Order>().find(Spec::all()).list().await.unwrap().len();
    (orders, db.store().counts().await.unwrap().outbox)
}

sentences! { units, crate::rows::shop::tables, {
    whole:
        what_a_unit_writes_is_seen_by_it_alone_until_its_commit
        a_unit_that_is_rolled_back_or_dropped_leaves_nothing
        entities_events_and_read_models_are_written_together
        a_commit_that_the_store_refuses_takes_the_entities_with_it
        a_row_that_was_read_must_be_the_same_at_the_commit_also_if_only_entities_are_written
        a_unit_that_wrote_nothing_is_refused_if_what_must_hold_no_longer_does
        a_closure_commits_what_answers_ok_and_forgets_what_answers_an_error
        a_unit_of_nobody_writes_what_belongs_to_nobody
        a_unit_that_only_reads_sees_one_state_and_refuses_to_write
        who_adds_to_what_it_has_locked_loses_no_addition
        two_units_beside_each_other_both_commit
        a_unit_inside_a_unit_of_the_same_database_is_refused_at_once
        a_unit_spans_tasks_and_its_future_can_be_sent;
    failing:
        an_error_that_is_passed_over_fails_all_that_follows_and_the_commit
        a_closure_that_passes_over_an_error_stores_nothing
        what_is_no_error_of_the_database_fails_no_unit
        in_a_savepoint_an_error_costs_the_savepoint_alone
        a_savepoint_that_passes_over_an_error_is_undone_and_says_so
        what_is_staged_in_a_savepoint_goes_with_it
        savepoints_nest_to_64_and_no_deeper
        parts_one_after_another_keep_and_lose_what_is_theirs;
    repeated:
        a_no_of_the_domain_is_not_repeated
        an_error_that_may_pass_but_is_not_the_databases_is_not_repeated
        a_save_that_lost_a_race_is_repeated_where_it_is_asked_however_its_error_is_wrapped;
    late:
        what_is_asked_after_the_deadline_is_not_sent
        a_unit_stops_at_its_deadline_and_is_rolled_back
        a_unit_whose_deadline_has_passed_is_not_committed
        a_closure_whose_deadline_has_passed_is_not_repeated;
    cancelled:
        a_unit_that_is_dropped_at_any_point_is_written_as_a_whole_or_not_at_all
        a_guard_that_is_dropped_at_any_point_leaves_the_database_free
        a_part_that_is_dropped_is_undone_and_the_unit_goes_on;
    storm:
        however_units_are_cut_down_each_is_whole_and_has_its_tenants_rows_alone;
} of memory sqlite postgres mysql }
