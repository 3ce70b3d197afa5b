//! What a repository promises of entities with state machines, of every database.

mod depot;
mod proof;
pub mod told;
mod trail;

sentences! { machines, crate::machines::depot::tables, {
    proof:
        a_new_row_begins_in_the_initial_or_an_external_state
        what_was_inserted_can_be_moved_and_saved
        a_state_that_was_written_by_hand_is_not_saved
        a_value_that_was_never_loaded_is_not_saved
        two_machines_of_one_entity_are_proven_apart
        a_log_is_no_part_of_the_value_and_a_clone_has_its_own
        the_state_of_an_entity_without_a_version_is_its_lock
        an_older_name_is_read_and_the_newer_one_written;
    told:
        each_transition_of_a_machine_that_emits_is_a_message_in_the_outbox
        a_session_has_no_outbox_and_says_so;
    trail:
        each_transition_that_is_saved_is_an_audit_row
        an_internal_transition_leaves_a_row_and_changes_the_version_alone
        a_transition_that_came_before_what_is_compared_is_saved_with_its_state
        many_transitions_in_one_save_keep_their_order
        what_is_rolled_back_leaves_no_trace
        a_savepoint_that_is_undone_takes_its_rows_along
        the_loser_of_two_writers_writes_no_row
        a_refused_attempt_leaves_no_row
        a_write_that_the_database_refuses_leaves_no_row
        many_are_saved_with_the_rows_of_each
        tenants_do_not_see_each_others_rows
        rows_are_found_by_entity_machine_actor_and_time_and_read_in_pages;
} of memory sqlite postgres secured mysql }
