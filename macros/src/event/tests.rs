//! Expansions of `#[derive(Event)]`, and what it does with faulty input.

use super::{Event, args};
use crate::testing::{
    errors, expand, is_idempotent, is_the_same_in_another_process, page_has_options, survives_deletions,
};

const SMALLEST: &str = r#"
    #[event(name = "room.closed")]
    struct RoomClosed;
"#;

const EVERY_OPTION: &str = r#"
    #[event(crate = ::bw)]
    pub enum RoomEvent {
        #[event(name = "room.opened", version = 3, upcast(2 => two), upcast(1 => old::one))]
        #[event(alias = "room.made", alias = "room.created")]
        Opened { room: RoomId, link: String },
        #[event(name = "room.joined", publish(topic = "rooms", key = user))]
        Joined { user: UserId },
        #[event(name = "room.renamed", kind = notification, topic = "rooms", key = 0)]
        Renamed(RoomId, String),
        #[event(name = "room.state", kind = state_transfer, topic = "rooms")]
        State,
        #[event(name = "room.invited", subject = guest)]
        Invited { room: RoomId, guest: UserId, #[event(sensitive)] email: Sensitive<String> },
        #[event(name = "room.called", subject = 0)]
        Called(UserId, #[event(sensitive)] Sensitive<String>),
    }
"#;

const FAULTY: &str = r#"
    enum RoomEvent {
        #[event(nam = "room.opened")]
        Opened { room: RoomId },
        #[event(name = "room.joined", version = 3, upcast(1 => one), kind = notification, key = usr)]
        Joined { user: UserId },
        #[event(name = "room.joined", name = "room.left")]
        Left(&'static str),
        #[event(name = "room.invited")]
        Invited { guest: UserId, #[event(sensitive)] email: Sensitive<String>, phone: Sensitive<String> },
        #[event(name = "room.called", subject = phone)]
        Called { #[event(sensitive)] phone: Sensitive<String> },
        #[event(name = "room.rung", subject = guest)]
        Rung { guest: UserId },
    }
"#;

#[test]
fn smallest() {
    insta::assert_snapshot!(expand::<Event>("", SMALLEST));
}

#[test]
fn every_option() {
    insta::assert_snapshot!(expand::<Event>("", EVERY_OPTION));
}

#[test]
fn faulty() {
    insta::assert_snapshot!(expand::<Event>("", FAULTY));
}

#[test]
fn unparsable() {
    insta::assert_snapshot!(expand::<Event>("", "struct RoomClosed { room: }"));
}

#[test]
fn nothing_panics_when_a_token_is_missing() {
    for item in [SMALLEST, EVERY_OPTION, FAULTY] {
        survives_deletions::<Event>("", item);
    }
}

#[test]
fn the_same_input_gives_the_same_output() {
    is_idempotent::<Event>("", EVERY_OPTION);
}

#[test]
fn a_topic_and_a_publish_are_a_conflict_at_one_place() {
    let item = r#"#[event(name = "a", topic = "t", publish(topic = "u"))] struct A;"#;
    let errors = errors::<Event>("", item);
    assert_eq!(errors.len(), 2, "{errors:#?}");
    assert!(errors[0].starts_with("`publish` and `topic` exclude each other"), "{errors:#?}");
}

#[test]
fn the_page_has_every_option() {
    page_has_options(include_str!("../docs/event.md"), &[&args::VARIANT, &args::STRUCT, &args::ENUM, &args::FIELD]);
}

#[test]
fn another_process_writes_the_same() {
    let (every, faulty) = (expand::<Event>("", EVERY_OPTION), expand::<Event>("", FAULTY));
    is_the_same_in_another_process("event::tests::another_process_writes_the_same", &(every + &faulty));
}
