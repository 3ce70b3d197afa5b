//! The cases for stores, by the pages of their contract.

mod appends;
mod atomicity;
mod generations;
mod leases;
mod marks;
mod messages;
mod models;
mod races;
mod streams;
mod tenants;

use super::case::{Case, cases};
use crate::store::AnyStore;

/// Every promise of [the contract of stores](crate::store), as a case of its own.
#[must_use]
pub fn store_cases() -> &'static [Case<AnyStore>] {
    CASES
}

static CASES: &[Case<AnyStore>] = cases! {
appends::{
    versions_begin_at_one_and_have_no_gap, positions_ascend_in_the_order_of_commits,
    a_commit_answers_version_and_position_of_each_append, any_appends_after_whatever_is_there,
    no_stream_admits_only_an_empty_stream, a_version_admits_exactly_this_version,
    a_conflict_names_stream_expected_and_actual, an_append_without_events_is_not_checked,
    two_appends_to_one_stream_follow_each_other, a_message_id_is_stored_once, an_empty_commit_is_applied,
    an_envelope_comes_back_as_it_was, a_payload_of_a_mebibyte_comes_back, streams_with_odd_ids_are_apart,
}
atomicity::{
    a_refused_commit_leaves_no_event, a_refused_commit_leaves_no_stream, a_refused_commit_leaves_no_inbox_mark,
    a_refused_commit_leaves_no_row_of_a_read_model, a_refused_commit_leaves_no_snapshot,
    a_refused_commit_leaves_no_audit_row, a_refused_commit_leaves_no_run_undone,
    a_refused_commit_leaves_no_checkpoint, a_refused_commit_leaves_no_dead_letter,
    a_refused_commit_removes_no_outbox_row, a_refused_commit_leaves_no_outbox_row,
}
streams::{
    a_stream_that_is_not_there_is_empty, a_load_begins_after_a_version, a_load_ends_at_a_version,
    a_load_ends_before_the_first_event_that_is_later, a_snapshot_beyond_the_end_is_left_out,
    a_load_begins_with_the_snapshot,
    a_snapshot_at_or_before_the_load_is_left_out, a_snapshot_never_goes_backwards,
    a_snapshot_of_another_schema_is_a_miss, the_global_order_is_read_in_parts,
    tenants_have_streams_of_their_own,
    messages_are_found_by_their_ids, rows_that_contradict_each_other_are_told, the_log_tells_tenant_and_checksum,
}
models::{
    a_row_is_put_replaced_and_deleted, an_update_begins_with_what_is_stored,
    changes_of_one_commit_happen_in_order, an_update_that_fails_leaves_nothing,
    an_update_that_panics_leaves_nothing, a_revision_never_comes_again,
    a_row_that_is_as_it_was_seen_admits_the_commit, a_row_changed_since_it_was_seen_refuses_the_commit,
    a_scan_follows_the_bytes_of_the_keys, a_scan_keeps_its_bounds, read_models_are_apart,
    tenants_have_rows_of_their_own,
}
generations::{
    the_head_is_the_newest_position, a_shadow_is_written_beside_the_live_rows,
    a_shadow_sees_the_live_rows_of_others, a_read_model_belongs_to_one_owner,
    a_swap_shows_the_shadow_of_every_model_of_the_owner, a_swap_that_would_go_back_is_refused,
    a_swap_beyond_the_checkpoint_is_refused,
    a_swap_at_the_head_is_refused_after_an_append, a_row_seen_before_a_swap_has_changed,
    old_generations_are_swept_in_parts, a_swap_loses_nothing_of_a_live_writer,
}
tenants::{
    one_tenant_does_not_move_the_streams_of_another, a_snapshot_is_of_one_tenant,
    a_row_seen_is_changed_by_its_tenant_alone, the_global_order_is_that_of_all_tenants,
    a_message_id_and_a_command_id_are_taken_for_all_tenants, a_checkpoint_is_of_no_tenant,
    a_dead_letter_keeps_its_tenant,
}
marks::{
    marks_are_found_in_the_order_asked, a_message_is_handled_once, each_consumer_handles_a_message,
    a_checkpoint_moves_from_where_it_stands, a_checkpoint_that_has_moved_refuses_the_commit,
    an_audit_row_comes_back_as_it_was, audit_rows_are_read_newest_first, audit_rows_are_read_of_whom_and_what_is_asked, a_run_is_undone_once,
}
messages::{
    outbox_rows_keep_their_order, the_outbox_is_read_in_parts, published_rows_are_gone,
    an_outbox_message_comes_back_as_it_was, a_dead_letter_comes_back_as_it_was,
    a_letter_parked_again_is_replaced, dead_letters_are_read_in_the_order_of_parking,
    a_dead_letter_is_marked_and_removed, a_removed_letter_can_be_parked_anew,
}
leases::{
    a_lease_has_one_holder, renewing_keeps_the_fence, a_lease_that_ended_goes_to_another,
    a_released_lease_is_free, the_holder_of_a_lease_is_told, a_commit_under_a_lost_lease_is_refused, migrating_again_changes_nothing,
    counts_tell_what_lies_there, a_closed_store_says_so,
}
races::{
    each_version_has_exactly_one_winner, appenders_that_load_again_leave_no_gap,
    a_message_has_exactly_one_handler, updates_of_one_row_lose_nothing,
    a_reader_of_the_global_order_misses_no_event, a_reader_sees_a_commit_wholly_or_not_at_all,
    a_commit_dropped_at_any_poll_is_whole_or_nothing,
}
};
