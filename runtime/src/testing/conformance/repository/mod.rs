//! The cases for databases of entities.

mod chance;
mod found;
mod pages;
mod parcel;
mod twins;
mod units;
mod writes;

#[cfg(test)]
mod tests;

use parcel::Parcel;

use super::case::{Case, cases};
use crate::repository::{Db, Migrations};

/// Every promise of [repositories](crate::repository) that databases keep in ways of their own, as a case of its own.
#[must_use]
pub fn repository_cases() -> &'static [Case<Db>] {
    CASES
}

/// The tables of the cases.
pub(super) fn tables() -> Migrations {
    Migrations::new().ddl::<Parcel>("bailiwick_conformance_0001_parcel")
}

static CASES: &[Case<Db>] = cases! {
    found::{
        conditions_by_chance_find_what_they_match, flat_conditions_by_chance_find_what_they_match,
        what_is_counted_summed_up_and_changed_is_what_matches,
    }
    pages::{
        walks_by_keys_that_all_rows_have_return_every_row_once, walks_by_keys_that_may_be_null_return_every_row_once,
        walks_in_mixed_directions_return_every_row_once, walks_of_conditions_return_every_row_once,
        a_cursor_of_another_find_is_refused,
    }
    writes::{
        a_row_comes_back_as_it_was, a_key_that_is_taken_is_a_duplicate_that_names_the_key_and_no_value,
        the_second_of_two_who_save_learns_of_the_first, what_is_deleted_is_passed_over_and_can_be_restored,
        an_upsert_inserts_or_changes, another_tenants_row_is_no_row,
    }
    units::{
        a_unit_is_written_as_a_whole_or_not_at_all, an_error_that_is_passed_over_costs_the_unit,
        in_a_savepoint_an_error_costs_the_savepoint_alone, a_unit_inside_a_unit_is_refused_at_once,
        a_unit_that_only_reads_refuses_to_write,
    }
};
