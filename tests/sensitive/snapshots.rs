//! A snapshot from before a field of the state was sensitive.

use bailiwick::{
    App, Command, Sensitive, TenantId, aggregate,
    aggregate::SnapshotSchema,
    codec::Shape,
    envelope::StreamId,
    sensitive::Withheld,
    store::{AnyStore, Load},
};
use serde::{Deserialize, Serialize};

use super::{
    everywhere,
    people::{Address, Person, PersonEvent, Twice, app, master},
};

/// What `Person` was: the same fields, in the open.
#[derive(Default, Serialize, Deserialize)]
struct Before {
    email: String,
    address: Option<Address>,
    moves: u32,
    closed: bool,
}

#[derive(Command, Debug, Clone)]
struct Arrive {
    #[target]
    person: String,
}

#[aggregate(name = "person", id = String, event = PersonEvent, error = Twice, snapshot(every = 2, version = 1))]
impl Before {
    #[handle(create)]
    fn arrive(command: Arrive) -> Result<Vec<PersonEvent>, Twice> {
        let (person, email) = (command.person, "ada@example.org".to_owned().into());
        let address = Address { street: "Elm Street".into(), number: 7 };
        let moved = PersonEvent::Moved(person.clone(), address.into());
        Ok(vec![PersonEvent::Registered { person, email, phone: None.into() }, moved])
    }

    #[apply]
    fn on(&mut self, event: &PersonEvent) {
        match event {
            PersonEvent::Registered { email, .. } => self.email = email.expose().cloned().unwrap_or_default(),
            PersonEvent::Moved(_, address) => self.address = address.expose().ok().cloned(),
            PersonEvent::Closed { .. } => self.closed = true,
        }
    }
}

async fn is_kept(store: &AnyStore, person: &str, schema: u64) -> bool {
    let stream = StreamId::new("person", person).unwrap();
    let load = Load { snapshot: Some(schema), ..Load::all(None::<TenantId>, stream) };
    store.load(load).await.unwrap().snapshot.is_some()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_snapshot_from_before_a_field_was_sensitive_is_a_miss() {
    everywhere(async |url| {
        let builder = App::builder().database(url).master_key(master()).aggregate::<Before>();
        let older = builder.build().await.unwrap();
        older.send(Arrive { person: "p-1".into() }).await.unwrap();
        assert!(is_kept(older.store(), "p-1", SnapshotSchema::new(1).of::<Before>()).await);

        let app = app(url).await;
        assert!(!is_kept(app.store(), "p-1", SnapshotSchema::new(1).of::<Person>()).await);
        let person = app.load::<Person>("p-1").await.unwrap();
        assert_eq!(person.email.expose().map(String::as_str), Ok("ada@example.org"));
        app.forget("p-1").await.unwrap();
        let person = app.load::<Person>("p-1").await.unwrap();
        assert_eq!(person.email.expose(), Err(Withheld::Forgotten));
        assert!(person.address.as_ref().is_some_and(Sensitive::is_forgotten));
        assert_eq!(
            older.load::<Before>("p-1").await.unwrap().email,
            "ada@example.org",
            "the older program has it still"
        );
    })
    .await;
}

#[test]
fn a_sensitive_value_shows_in_the_shape_of_a_state_alone() {
    #[derive(Deserialize)]
    #[allow(dead_code, reason = "only its shape is looked at")]
    struct Held<T> {
        first: (u8, Vec<T>),
        last: Option<T>,
    }
    type Hidden = Held<Sensitive<Address>>;
    assert_eq!(Shape::of::<Hidden>(), Shape::of::<Held<Address>>(), "as an event is read");
    let of = SnapshotSchema::new(1).of::<Held<Address>>();
    assert_ne!(SnapshotSchema::new(1).of::<Hidden>(), of);
    assert_ne!(SnapshotSchema::new(1).of::<Held<Sensitive<String>>>(), SnapshotSchema::new(1).of::<Hidden>());
}
