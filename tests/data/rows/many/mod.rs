//! What is asked and written of many rows at once.

pub mod bulk;
pub mod related;
pub mod streams;
pub mod sums;
pub mod upserts;

/// Each sentence once for each database.
macro_rules! of_every_database {
    ($($area:ident: $($sentence:ident)*;)*) => {
        of_every_database! { @of memory $($area: $($sentence)*;)* }
        of_every_database! { @of sqlite $($area: $($sentence)*;)* }
        of_every_database! { @of postgres $($area: $($sentence)*;)* }
        of_every_database! { @of mysql $($area: $($sentence)*;)* }
    };
    (@of $database:ident $($area:ident: $($sentence:ident)*;)*) => {
        mod $database {
            $(mod $area {
                $(#[tokio::test]
                async fn $sentence() {
                    let Some(fresh) = crate::rows::Fresh::$database().await else { return };
                    crate::rows::many::$area::$sentence(&fresh.db).await;
                    fresh.db.close().await.unwrap();
                })*
            })*
        }
    };
}

of_every_database! {
    bulk:
        many_are_deleted_by_their_ids_and_each_once
        many_rows_are_inserted_as_they_were_given
        one_row_that_cannot_be_inserted_keeps_all_out
        rows_that_cannot_be_inserted_are_named_and_the_others_stored
        many_are_saved_or_none_and_the_conflict_names_them
        in_a_unit_bulk_writes_end_with_it_and_what_is_left_out_does_it_no_harm;
    related:
        no_row_refers_to_one_that_is_not_there;
    upserts:
        an_upsert_inserts_or_changes_what_may_change
        an_upsert_that_meets_another_key_is_a_duplicate
        an_upsert_does_not_see_what_is_deleted
        an_upsert_leaves_another_tenants_row_as_it_was
        two_who_upsert_at_once_make_one_row;
}
