//! People who can be forgotten: the domain of these tests.

use bailiwick::{
    App, BoxError, Command, Event, ReadModel, Recorded, Sensitive, Transaction, aggregate,
    app::{AppBuilder, Sealed},
    projection,
    projection::Follower,
    sensitive::MasterKey,
};
use serde::{Deserialize, Serialize};

#[derive(Event, Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum PersonEvent {
    #[event(name = "person.registered", subject = person)]
    Registered {
        person: String,
        #[event(sensitive)]
        email: Sensitive<String>,
        #[event(sensitive)]
        phone: Sensitive<Option<String>>,
    },
    #[event(name = "person.moved", subject = 0)]
    Moved(String, #[event(sensitive)] Sensitive<Address>),
    #[event(name = "person.closed")]
    Closed { person: String },
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Address {
    pub street: String,
    pub number: u128,
}

#[derive(Command, Debug, Clone, Deserialize)]
pub struct Register {
    #[target]
    pub person: String,
    pub email: Sensitive<String>,
}

#[derive(Command, Debug, Clone, Deserialize)]
pub struct Move {
    #[target]
    pub person: String,
    pub to: Sensitive<Address>,
}

#[derive(Command, Debug, Clone)]
pub struct Close {
    #[target]
    pub person: String,
}

#[derive(Debug, thiserror::Error)]
#[error("no person is registered twice")]
pub struct Twice;

/// The state keeps what is sensitive, and counts what was forgotten.
#[derive(Default, Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Person {
    pub email: Sensitive<String>,
    pub address: Option<Sensitive<Address>>,
    pub moves: u32,
    pub closed: bool,
}

#[aggregate(name = "person", id = String, event = PersonEvent, error = Twice, snapshot(every = 2, version = 1))]
impl Person {
    #[handle(create)]
    fn register(command: Register) -> Result<PersonEvent, Twice> {
        let phone = Sensitive::new(None);
        Ok(PersonEvent::Registered { person: command.person, email: command.email, phone })
    }

    #[handle]
    fn relocate(&self, command: Move) -> Result<PersonEvent, Twice> {
        Ok(PersonEvent::Moved(command.person, command.to))
    }

    #[handle]
    fn close(&self, command: Close) -> Result<PersonEvent, Twice> {
        Ok(PersonEvent::Closed { person: command.person })
    }

    #[apply]
    fn on(&mut self, event: &PersonEvent) {
        match event {
            PersonEvent::Registered { email, .. } => self.email = email.clone(),
            PersonEvent::Moved(_, address) => {
                self.address = Some(address.clone());
                self.moves += 1;
            }
            PersonEvent::Closed { .. } => self.closed = true,
        }
    }
}

/// How long each address is, or that it was forgotten: what may be derived.
pub const LENGTHS: ReadModel<Option<usize>> = ReadModel::new("lengths");
pub const LENGTHS_INLINE: ReadModel<Option<usize>> = ReadModel::new("lengths_inline");

pub struct Lengths;

#[projection(name = "lengths", version = 1)]
impl Lengths {
    #[project]
    async fn any(&self, event: &Recorded<PersonEvent>, tx: &mut Transaction) -> Result<(), BoxError> {
        length(LENGTHS, event, tx)
    }
}

pub struct LengthsInline;

#[projection(name = "lengths_inline", version = 1, inline)]
impl LengthsInline {
    #[project]
    async fn any(&self, event: &Recorded<PersonEvent>, tx: &mut Transaction) -> Result<(), BoxError> {
        length(LENGTHS_INLINE, event, tx)
    }
}

fn length(
    model: ReadModel<Option<usize>>,
    event: &Recorded<PersonEvent>,
    tx: &mut Transaction,
) -> Result<(), BoxError> {
    if let PersonEvent::Registered { person, email, .. } = event.event() {
        tx.put(model, person, &email.expose().ok().map(String::len))?;
    }
    Ok(())
}

pub fn master() -> MasterKey {
    MasterKey::new("2026", [26; 32]).unwrap()
}

/// Everything but a store.
pub fn wired(url: &str) -> AppBuilder<(), Sealed> {
    App::builder()
        .database(url)
        .master_key(master())
        .aggregate::<Person>()
        .projection(Lengths)
        .projection(LengthsInline)
}

pub async fn app(url: &str) -> App {
    wired(url).build().await.unwrap()
}

pub fn register(person: &str, email: &str) -> Register {
    Register { person: person.into(), email: email.to_owned().into() }
}

pub fn relocate(person: &str, street: &str) -> Move {
    Move { person: person.into(), to: Address { street: street.into(), number: u128::MAX }.into() }
}

/// Brings the projection up to date.
pub async fn follow(app: &App) {
    let follower = Follower::new(app.store().clone(), Lengths);
    while follower.step().await.unwrap().events > 0 {}
}
