//! The cases for brokers, by the points of their contract.

mod closing;
mod delivery;
mod publishing;
mod subject;

use super::case::{Case, cases};

pub use subject::BrokerSubject;

/// Every promise of [the contract of brokers](crate::bus::broker), as a case of its own.
#[must_use]
pub fn broker_cases() -> &'static [Case<BrokerSubject>] {
    CASES
}

static CASES: &[Case<BrokerSubject>] = cases! {
    publishing::{
        an_empty_batch_is_answered_empty, each_message_is_acked_and_delivered, a_message_comes_as_it_was_sent,
        a_payload_of_900_kib_comes, an_empty_payload_comes, a_topic_goes_to_the_groups_that_want_it,
        what_is_refused_for_ever_stops_its_key_alone, a_publish_that_was_dropped_can_be_repeated,
    }
    delivery::{
        each_group_gets_every_message, inlets_of_one_group_share_its_messages,
        the_order_of_a_key_is_kept_under_eight_publishers, next_keeps_its_limit, dropping_next_loses_nothing,
        what_was_not_settled_comes_again, what_was_settled_does_not_come_again, deliveries_settle_in_any_order,
    }
    closing::{a_closed_broker_says_so, closing_ends_a_reader_that_waits, closing_leaves_no_publisher_waiting}
};
