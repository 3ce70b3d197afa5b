//! What is sealed comes back as it was, through everything that reads events.

use bailiwick::{Event, Sensitive, Timestamp, Version, event, sensitive::Withheld, store::Load, testing};

use super::{
    everywhere,
    people::{
        Address, LENGTHS, LENGTHS_INLINE, Lengths, Person, PersonEvent, Register, app, follow, register, relocate,
    },
};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_sealed_is_read_by_loads_projections_and_the_past() {
    everywhere(async |url| {
        let app = app(url).await;
        app.send(register("p-1", "ada@example.org")).await.unwrap();
        app.send(relocate("p-1", "Elm Street")).await.unwrap();
        let person = app.load::<Person>("p-1").await.unwrap();
        assert_eq!(person.email.expose(), Ok(&"ada@example.org".to_owned()));
        let address = Address { street: "Elm Street".into(), number: u128::MAX };
        assert_eq!(person.address.as_ref().map(Sensitive::expose), Some(Ok(&address)), "no digit of a number is lost");
        let first = app.load_at::<Person>("p-1", Version::new(1)).await.unwrap();
        assert_eq!((first.email.expose().is_ok(), first.address.is_none()), (true, true));
        follow(&app).await;
        assert_eq!(app.read(LENGTHS).get("p-1").await.unwrap(), Some(Some(15)));
        assert_eq!(app.read(LENGTHS_INLINE).get("p-1").await.unwrap(), Some(Some(15)));
        let mut history = app.history::<Person>("p-1").unwrap();
        let diffs: String = history.page(9).await.unwrap().iter().map(|entry| entry.diff.to_string()).collect();
        assert!(diffs.contains("•••") && !diffs.contains("Elm"), "{diffs}");
        app.close().await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn without_the_keys_values_are_sealed_and_say_so() {
    let app = testing::app().aggregate::<Person>().build().await;
    app.send(register("p-1", "ada@example.org")).await.unwrap();
    let stream = bailiwick::envelope::StreamId::new("person", "p-1").unwrap();
    let stored = app.store().load(Load::all(None, stream)).await.unwrap().events.remove(0);
    let read = event::read_stored::<PersonEvent>(&stored).unwrap().unwrap();
    let PersonEvent::Registered { person, email, .. } = read.event() else { panic!("{read:?}") };
    assert_eq!((person.as_str(), email.expose(), email.is_forgotten()), ("p-1", Err(Withheld::Sealed), false));
    let error = bailiwick::Error::from(email.expose().unwrap_err());
    assert_eq!(error.code(), "sensitive/sealed");
}

#[test]
fn a_payload_from_before_the_field_was_sensitive_is_read() {
    let plain = br#"{"person":"p-1","email":"ada@example.org","phone":null}"#;
    let event = PersonEvent::decode("person.registered", 1, plain).unwrap();
    let email = Sensitive::new("ada@example.org".to_owned());
    assert_eq!(event, PersonEvent::Registered { person: "p-1".into(), email, phone: Sensitive::new(None) });
}

#[test]
fn an_input_cannot_forge_what_only_the_store_says() {
    for forged in [r#"{"$forgotten":true}"#, r#"{"$sealed":{"subject":"p-2","key":"1","data":""}}"#] {
        let command = format!(r#"{{"person":"p-1","email":{forged}}}"#);
        assert!(serde_json::from_str::<Register>(&command).is_err(), "{forged}");
    }
    let command: Register = serde_json::from_str(r#"{"person":"p-1","email":"ada@example.org"}"#).unwrap();
    assert_eq!(command.email.expose().unwrap(), "ada@example.org");
}

#[test]
fn a_sensitive_value_is_not_written_outside_an_event() {
    let email = Sensitive::new("ada@example.org".to_owned());
    let error = serde_json::to_string(&email).unwrap_err().to_string();
    assert!(error.contains("marked fields of events only") && !error.contains("ada"), "{error}");
    let event = PersonEvent::Moved("p-1".into(), Address { street: "Elm Street".into(), number: 1 }.into());
    let error = event.encode().unwrap_err();
    assert_eq!(error.code(), "sensitive/not_sealed");
    assert_eq!(format!("{event:?}"), r#"Moved("p-1", •••)"#);
}

#[tokio::test]
async fn tests_of_aggregates_and_projections_see_what_is_sensitive() {
    use testing::GivenWhenThen as _;
    let moved = PersonEvent::Moved("p-1".into(), Address { street: "Elm Street".into(), number: 1 }.into());
    let mut to = relocate("p-1", "Elm Street");
    to.to = Address { street: "Elm Street".into(), number: 1 }.into();
    let registered = PersonEvent::Registered {
        person: "p-1".into(),
        email: Sensitive::new("ada@example.org".into()),
        phone: Sensitive::new(None),
    };
    Person::given([registered.clone()]).when(to).then([moved]);
    let projected = testing::projection(Lengths).given::<Person>("p-1", [registered.clone()]).run().await;
    projected.then_row(LENGTHS, "p-1", Some(15));
    let app = testing::app().aggregate::<Person>().build().await;
    app.send(register("p-1", "ada@example.org")).await.unwrap();
    app.events().assert_published(registered);
    let _at: Timestamp = app.clock().now();
}
