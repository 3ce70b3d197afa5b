//! What a repository promises, of every database: one list of sentences, asked of each.

mod alone;
pub mod differ;
mod many;
mod pages;
mod reads;
pub mod served;
pub mod shop;
mod tenants;
mod watched;
mod writes;

use std::any::Any;

use bailiwick::{
    repository::Db,
    sql::{MysqlStore, PostgresStore, SqliteStore},
};
use many::{bulk, related, streams, sums, upserts};
use shop::{Order, tables};
use tests::servers;

/// A database with the tables of the shop; the folder or the room goes with it.
pub struct Fresh {
    pub db: Db,
    _place: Box<dyn Any + Send>,
}

impl Fresh {
    async fn of(db: Db, place: impl Any + Send) -> Option<Self> {
        db.migrate(tables()).await.unwrap();
        Some(Self { db, _place: Box::new(place) })
    }

    pub async fn memory() -> Option<Self> {
        Self::of(Db::memory(), ()).await
    }

    pub async fn sqlite() -> Option<Self> {
        let folder = tempfile::tempdir().unwrap();
        let store = SqliteStore::open(folder.path().join("shop.db")).unwrap();
        Self::of(Db::from(store), folder).await
    }

    pub async fn postgres() -> Option<Self> {
        let room = servers::postgres()?.database();
        let store = PostgresStore::connect(&room.url()).unwrap();
        Self::of(Db::from(store), room).await
    }

    /// A PostgreSQL that keeps tenants apart by itself.
    pub async fn secured() -> Option<Self> {
        let room = servers::postgres()?.owned_database();
        let options = PostgresStore::options(&room.plain_url()).unwrap().row_level_security();
        let store = options.system_url(&room.system_url()).unwrap().connect().unwrap();
        Self::of(Db::from(store), room).await
    }

    pub async fn mysql() -> Option<Self> {
        let room = servers::mysql()?.database();
        let store = MysqlStore::connect(&room.url()).unwrap();
        Self::of(Db::from(store), room).await
    }
}

sentences! { rows, crate::rows::shop::tables, {
    reads:
        what_was_inserted_is_read_as_it_was
        every_kind_of_value_comes_back_as_it_was
        many_are_read_in_the_order_of_their_ids
        a_row_that_is_not_there_is_an_error_or_nothing
        one_is_one_and_neither_none_nor_two
        more_rows_than_a_list_may_have_are_an_error_and_not_cut_off
        rows_are_counted_to_the_last_or_to_a_cap
        a_condition_finds_what_it_matches_in_memory
        null_sorts_last_ascending_and_first_descending_unless_it_is_said
        texts_sort_by_their_bytes
        a_condition_with_a_value_that_no_column_can_hold_is_refused
        a_list_of_more_values_than_a_statement_takes_is_split_and_one_beyond_the_budget_refused
        an_entity_of_nobody_needs_no_scope;
    writes:
        an_entity_is_stamped_when_it_is_inserted_and_when_it_is_saved
        a_key_that_is_taken_is_a_duplicate_that_names_the_key_and_no_value
        the_second_of_two_who_save_learns_of_the_first
        a_save_of_what_is_gone_is_not_found
        only_what_differs_is_saved_and_nothing_if_nothing_does
        a_patch_changes_what_it_names_and_nothing_else
        what_is_deleted_is_passed_over_and_its_key_is_free
        a_deletion_says_what_it_found
        what_was_deleted_can_be_restored_unless_its_key_is_taken
        what_is_purged_is_gone_for_good
        a_value_that_its_column_cannot_hold_is_refused_and_nothing_is_written
        an_update_that_meets_a_taken_key_changes_nothing
        a_stamp_that_its_column_cannot_hold_is_refused
        a_version_is_expected_only_of_what_has_one;
    pages:
        a_walk_in_both_directions_returns_every_row_once_in_order
        rows_that_come_and_go_hide_none_and_show_none_twice
        a_cursor_of_another_find_is_refused
        a_cursor_that_was_changed_is_refused
        a_cursor_is_good_for_the_same_list_in_another_order
        a_page_of_values_that_no_column_can_hold_is_refused
        long_texts_are_sorted_by_and_walked
        a_cursor_expires_and_keys_change
        the_edges_of_pages
        pages_by_number_know_where_they_are;
    sums:
        a_column_is_summed_up_and_its_ends_are_found
        of_no_row_and_of_null_alone_there_is_no_sum_and_no_end
        a_sum_is_exact_however_large_it_becomes_on_the_way
        a_sum_that_its_type_cannot_hold_is_an_error_and_no_wrong_number
        below_its_threshold_an_estimate_is_a_capped_count;
    bulk:
        a_change_of_many_rows_keeps_their_versions_and_stamps
        a_deletion_of_many_rows_marks_those_that_live
        a_condition_that_always_holds_changes_nothing_unless_it_is_allowed
        a_change_of_many_that_the_table_refuses_changes_none
        bulk_writes_keep_to_the_tenant_where_ids_are_shared
        many_are_deleted_by_their_ids_and_each_once
        many_rows_are_inserted_as_they_were_given
        one_row_that_cannot_be_inserted_keeps_all_out
        rows_that_cannot_be_inserted_are_named_and_the_others_stored
        many_are_saved_or_none_and_the_conflict_names_them
        in_a_unit_bulk_writes_end_with_it_and_what_is_left_out_does_it_no_harm;
    related:
        rows_are_found_by_what_hangs_on_them
        what_refers_to_nothing_hangs_on_nothing
        another_tenants_rows_hang_on_nothing
        related_rows_are_loaded_for_many_at_once
        a_cursor_of_a_find_by_related_rows_is_good_for_no_other
        no_row_goes_that_another_refers_to
        no_row_refers_to_one_that_is_not_there;
    upserts:
        an_upsert_inserts_or_changes_what_may_change
        an_upsert_that_meets_another_key_is_a_duplicate
        an_upsert_does_not_see_what_is_deleted
        an_upsert_leaves_another_tenants_row_as_it_was
        two_who_upsert_at_once_make_one_row;
    streams:
        a_stream_returns_every_row_once_in_order
        a_stream_that_is_dropped_leaves_nothing
        rows_that_come_and_go_are_no_matter_to_a_stream
        pages_far_from_the_start_have_the_rows_of_the_list
        pages_far_from_the_start_keep_to_the_rows_in_reach
        a_find_that_is_kept_is_asked_again_for_the_next_page
        a_find_is_read_from_json_as_far_as_the_policy_allows;
    differ:
        what_is_found_is_what_matches
        what_is_summed_up_and_changed_is_what_matches
        every_walk_returns_every_row_once;
    watched:
        a_statement_that_was_slow_is_kept_with_its_shape_and_without_its_values
        a_database_that_does_well_says_so
        a_database_that_was_slow_lately_is_degraded;
    tenants:
        another_tenants_row_is_no_row
        of_another_tenants_rows_nothing_is_asked_or_written_in_bulk
        a_tenants_id_is_compared_by_its_bytes
        an_entity_of_another_tenant_is_not_written
        without_a_tenant_nothing_is_reached
        a_grant_reaches_all_tenants_and_inserts_for_none
        two_tenants_may_have_the_same_key
        an_id_that_two_tenants_have_is_a_row_of_each
        with_a_grant_an_id_of_several_tenants_names_no_row_and_an_entity_its_own;
} of memory sqlite postgres secured mysql }

/// The number of rows that a tenant has, deleted ones too.
async fn rows_of(db: &Db, tenant: &str) -> usize {
    let shop = db.scoped(bailiwick::repository::Scope::tenant(tenant).unwrap());
    let mut orders = shop.repository::<Order>().with_deleted();
    orders.find(bailiwick::specification::Spec::all()).list().await.unwrap().len()
}
