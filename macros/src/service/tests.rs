//! Expansions, reviewed as code; and what survives.

use super::Service;
use crate::testing::{errors, expand, is_idempotent, page_has_options, survives_deletions};

const OPTIONS: &str = "name = \"rooms\", crate = ::bw";

const MEETINGS: &str = r#"
    impl Meetings {
        #[handle]
        async fn join(&self, command: JoinMeeting, cx: &mut Context) -> Result<(), MeetingError> { Ok(()) }
        #[handle]
        fn read(&self, cx: &Context, query: ReadMeeting<Self>) -> io::Result<MeetingLink> { Ok(x) }
        #[cfg(feature = "any")]
        #[handle]
        async fn any(&self, message: Any) -> Result<Vec<Self>, MeetingError> { Ok(x) }
        #[handle(stream)]
        fn history(&self, query: ReadHistory, cx: &Context) -> impl Stream<Item = Result<Entry, MeetingError>> + use<'_> { s }
        #[subscribe]
        async fn welcome(&self, event: &Recorded<UserJoined>, cx: &mut Context) -> Result<(), MeetingError> { Ok(()) }
        #[subscribe(name = "billing.gone", remote)]
        fn gone_away(&self, event: &Recorded<UserLeft>) -> Result<(), MeetingError> { Ok(()) }
        #[cfg(feature = "log")]
        #[subscribe("order.*")]
        async fn log(&self, event: &AnyEvent) -> Result<(), MeetingError> { Ok(()) }
        fn helper(&self) {}
    }
"#;

#[test]
fn smallest() {
    insta::assert_snapshot!(expand::<Service>("", "impl UserMeetings {}"));
}

#[test]
fn whole() {
    insta::assert_snapshot!(expand::<Service>(OPTIONS, MEETINGS));
}

#[test]
fn faulty() {
    let item = r#"impl Meetings {
        #[handle] fn a(&mut self, command: A, other: B) -> u8 { 0 }
        #[handle(query)] fn b(&self, query: B, cx: &mut Context) -> Result<u8, E> { Ok(0) }
        #[handle(stream)] async fn c(&self, query: C<'_>) -> Vec<u8> { vec![] }
        #[subscribe("a[")] fn d(&self, event: &Recorded<E>) -> Result<(), E> { Ok(()) }
        #[subscribe] fn e(&self, event: &AnyEvent) -> Result<(), E> { Ok(()) }
    }"#;
    insta::assert_snapshot!(expand::<Service>("label = \"x\"", item));
}

#[test]
fn half_typed() {
    insta::assert_snapshot!(expand::<Service>("", "impl A { #[handle] fn a(&self, c: C) -> Result<u8, E> { self. } }"));
}

#[test]
fn unparsable() {
    insta::assert_snapshot!(expand::<Service>("", "impl A { #[handle] fn fn a(&self) {} fn b() {} }"));
}

#[test]
fn every_token_may_be_missing() {
    survives_deletions::<Service>(OPTIONS, MEETINGS);
}

#[test]
fn the_same_tokens_give_the_same_output() {
    is_idempotent::<Service>(OPTIONS, MEETINGS);
}

#[test]
fn a_sound_block_has_no_errors() {
    assert_eq!(errors::<Service>(OPTIONS, MEETINGS), Vec::<String>::new());
}

#[test]
fn the_page_lists_the_options() {
    page_has_options(include_str!("../docs/service.md"), &[&super::args::GRAMMAR]);
}
