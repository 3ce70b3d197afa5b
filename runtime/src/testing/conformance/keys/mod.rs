//! The cases for stores of keys, by the points of their contract.

mod entries;
mod pages;
mod races;
mod subject;

use super::case::{Case, cases};

pub use subject::KeysSubject;

/// Every promise of [the contract of key stores](crate::sensitive::KeyStore), as a case of its own.
#[must_use]
pub fn keys_cases() -> &'static [Case<KeysSubject>] {
    CASES
}

static CASES: &[Case<KeysSubject>] = cases! {
    entries::{
        a_key_comes_back_as_it_was, the_first_key_stays, a_key_is_replaced_by_who_knows_it, what_is_not_there_is_not_replaced,
        a_forgotten_key_is_gone_and_nothing_brings_it_back, the_time_of_the_first_forget_stays,
        who_was_never_known_is_forgotten_beforehand, what_one_process_forgets_no_other_reads,
    }
    pages::{
        subjects_are_apart, tenants_have_subjects_of_their_own, a_page_follows_the_bytes_of_the_names,
        a_page_keeps_its_bounds, many_are_answered_as_each_is,
    }
    races::{
        of_all_who_insert_at_once_one_does, of_all_who_replace_at_once_one_does, many_subjects_at_once_lose_nothing,
        a_forget_amid_others_wins,
    }
};
