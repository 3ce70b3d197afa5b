//! What lies in the store for ever: payloads, old versions, old names; and what travels with a message.

use std::sync::{Arc, Mutex};

use bailiwick::{
    Actor, BoxError, Command, Context, Envelope, Event, EventKind, Expected, Json, Recorded,
    envelope::{Metadata, StreamId, TraceParent},
    mediator::Request,
    service,
    store::{Append, Commit, Load},
    testing,
};
use serde::{Deserialize, Serialize};
use tests::bank::{Account, Transferred, open};

#[derive(Event, Debug, Clone, PartialEq, Serialize, Deserialize)]
enum Shape {
    #[event(name = "shape.named")]
    Named {
        #[serde(rename = "colour")]
        color: String,
        #[serde(default)]
        sides: Option<u8>,
    },
    #[event(name = "shape.one")]
    One(u32),
    #[event(name = "shape.two")]
    Two(u32, String),
    #[event(name = "shape.none")]
    #[serde(rename = "nothing")]
    None,
}

fn text<E: Event>(event: &E) -> String {
    String::from_utf8(event.encode().unwrap()).unwrap()
}

#[test]
fn a_payload_is_the_json_of_the_fields_alone_and_reads_back() {
    let named = Shape::Named { color: "red".into(), sides: Some(3) };
    let cases = [
        (named, r#"{"colour":"red","sides":3}"#),
        (Shape::One(7), "7"),
        (Shape::Two(7, "x".into()), r#"[7,"x"]"#),
        (Shape::None, "null"),
    ];
    for (event, payload) in cases {
        assert_eq!(text(&event), payload);
        assert_eq!(Shape::decode(event.spec().name, 1, payload.as_bytes()).unwrap(), event);
    }
    let without = Shape::decode("shape.named", 1, br#"{"colour":"red","added_later":1}"#).unwrap();
    assert_eq!(without, Shape::Named { color: "red".into(), sides: None });
}

#[test]
fn a_payload_that_does_not_fit_is_an_error_and_never_a_value() {
    let hostile = ["", "{", r#"{"colour":1}"#, "[]", r#"{"Named":{"colour":"red"}}"#, r#"{"colour":"red"} x"#, "\u{0}"];
    for payload in hostile {
        let error = Shape::decode("shape.named", 1, payload.as_bytes()).unwrap_err();
        assert_eq!((error.code(), error.field("event")), ("message/undecodable", Some("shape.named")), "{payload}");
    }
    let deep = "[".repeat(100_000);
    assert_eq!(Shape::decode("shape.two", 1, deep.as_bytes()).unwrap_err().code(), "message/undecodable");
    assert_eq!(Shape::decode("shape.other", 1, b"1").unwrap_err().code(), "message/unknown_type");
}

#[derive(Event, Debug, Clone, PartialEq, Serialize, Deserialize)]
#[event(name = "label.put", alias = "label.set", version = 3, upcast(1 => named), upcast(2 => counted))]
struct Put {
    label: String,
    times: u32,
}

fn named(mut old: Json) -> Json {
    old["label"] = old["name"].take();
    old
}

fn counted(mut old: Json) -> Json {
    old["times"] = 1.into();
    old
}

#[test]
fn an_old_payload_under_an_old_name_is_carried_up_step_by_step() {
    let put = Put { label: "a".into(), times: 1 };
    assert_eq!(Put::decode("label.set", 1, br#"{"name":"a"}"#).unwrap(), put);
    assert_eq!(Put::decode("label.put", 2, br#"{"label":"a"}"#).unwrap(), put);
    assert_eq!(Put::decode("label.put", 3, br#"{"label":"a","times":1}"#).unwrap(), put);
    let ahead = Put::decode("label.put", 4, b"{}").unwrap_err();
    assert_eq!((ahead.code(), ahead.field("known")), ("message/version_ahead", Some("3")));
}

#[tokio::test]
async fn an_event_that_a_stream_holds_and_nobody_can_read_is_named_with_its_place() {
    let app = testing::app().aggregate::<Account>().build().await;
    app.send(open("a")).await.unwrap();
    let stream = StreamId::new("account", "a").unwrap();
    let torn = Envelope {
        id: app.clock().message_id(),
        name: "account.deposited".into(),
        version: 1,
        kind: EventKind::Domain,
        time: app.clock().now(),
        key: None,
        metadata: Metadata::default(),
        payload: (*b"{\"cents\":").into(),
    };
    let append = Append { stream: stream.clone(), expected: Expected::Any, events: vec![torn] };
    app.store().commit(Commit { appends: vec![append], ..Commit::default() }).await.unwrap();
    let error = app.load::<Account>("a").await.unwrap_err();
    assert_eq!(error.code(), "message/undecodable");
    assert_eq!((error.field("stream"), error.field("stream_version")), (Some("account/a"), Some("2")), "{error:?}");
    assert_eq!(app.store().load(Load::all(None, stream)).await.unwrap().events.len(), 2, "nothing is lost");
}

#[test]
fn a_malformed_traceparent_begins_a_new_trace() {
    let well_formed = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    assert_eq!(TraceParent::parse(well_formed).unwrap().as_str(), well_formed);
    let zero_trace = "00-00000000000000000000000000000000-b7ad6b7169203331-01";
    let upper = "00-0AF7651916CD43DD8448EB211C80319C-b7ad6b7169203331-01";
    for text in ["", "00", zero_trace, upper, "ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"] {
        assert_eq!(TraceParent::parse(text), None, "{text}");
    }
    assert_eq!(TraceParent::parse(&format!("{well_formed}-more")), None);
}

#[derive(Command, Debug, Clone)]
struct Tell {
    to: String,
}

/// Publishes, and notes on whose behalf the news come back.
#[derive(Clone, Default)]
struct Ear(Arc<Mutex<Vec<(String, Metadata)>>>);

#[service]
impl Ear {
    #[handle]
    async fn tell(&self, command: Tell, cx: &mut Context) -> Result<(), bailiwick::Error> {
        cx.publish(Transferred { to: command.to, cents: 1 });
        Ok(())
    }

    #[subscribe]
    async fn hear(&self, event: &Recorded<Transferred>, cx: &mut Context) -> Result<(), BoxError> {
        self.0.lock().unwrap().push((cx.actor().id().into(), event.metadata().clone()));
        assert_eq!(cx.correlation_id(), event.metadata().correlation.unwrap());
        Ok(())
    }
}

#[tokio::test]
async fn trace_and_conversation_cross_the_broker_and_the_actor_is_no_authority_there() {
    let ear = Ear::default();
    let app = testing::app().service(ear.clone()).build().await;
    let trace = TraceParent::parse("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01").unwrap();
    let conversation = app.clock().message_id();
    let request = Request::new().actor(Actor::new("mallory")).trace(trace.clone()).correlation(conversation);
    app.dispatch(request).send(Tell { to: "a".into() }).await.unwrap();
    app.settle().await;
    let heard = ear.0.lock().unwrap();
    let [(acting, metadata)] = heard.as_slice() else { panic!("{heard:?}") };
    assert_eq!(acting, "ear.hear", "a subscriber acts as itself");
    assert_eq!(metadata.actor.as_ref().map(Actor::id), Some("mallory"), "who it was can be read");
    assert_eq!((&metadata.traceparent, metadata.correlation), (&Some(trace), Some(conversation)));
}
