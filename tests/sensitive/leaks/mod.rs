//! A secret that is marked goes through everything, and is found nowhere.

mod kept;
mod rows;

use std::{
    fmt::Write as _,
    fs,
    sync::{Arc, Mutex, PoisonError},
};

use bailiwick::{
    App, BoxError, Command, Context, Error, Event, ReadModel, Recorded, Sensitive, bus::MemoryBroker, command, service,
};
use serde::{Deserialize, Serialize};
use tracing::{
    Subscriber,
    field::{Field, Visit},
    span,
};
use tracing_subscriber::{Layer, layer::Context as Of, layer::SubscriberExt as _, registry::LookupSpan};

use super::people::{Person, PersonEvent, master, register, relocate};

const SECRET: &str = "canary-7c4e@example.org";
const STREET: &str = "Canary-Street-91f0";
pub const SECRETS: [&str; 2] = [SECRET, STREET];

/// A published event with a secret.
#[derive(Event, Debug, Clone, PartialEq, Serialize, Deserialize)]
#[event(name = "newsletter.wanted", kind = notification, topic = "newsletters", key = person, subject = person)]
pub struct Wanted {
    person: String,
    #[event(sensitive)]
    email: Sensitive<String>,
}

#[derive(Command, Debug, Clone, Serialize, Deserialize)]
pub struct Subscribe {
    person: String,
    email: Sensitive<String>,
}

#[command(name = "newsletter.subscribe", audit)]
impl Subscribe {
    #[execute]
    async fn execute(&self, cx: &mut Context<'_>) -> Result<(), Error> {
        cx.publish(Wanted { person: self.person.clone(), email: self.email.clone() });
        Ok(())
    }
}

const ROWS: ReadModel<Option<Sensitive<String>>> = ReadModel::new("rows");

/// A command that does what is forbidden.
#[derive(Command, Debug, Clone, Serialize, Deserialize)]
pub struct KeepPlain {
    email: Sensitive<String>,
}

#[command(name = "newsletter.keep_plain", audit)]
impl KeepPlain {
    #[execute]
    async fn execute(&self, cx: &mut Context<'_>) -> Result<(), Error> {
        cx.put(ROWS, "all", &Some(self.email.clone()))?;
        Ok(())
    }
}

/// Fails, and says all it has.
pub struct Printer;

#[service]
impl Printer {
    #[subscribe(remote)]
    async fn on_wanted(&self, event: &Recorded<Wanted>, _cx: &mut Context<'_>) -> Result<(), BoxError> {
        assert_eq!(event.email.expose()?, SECRET, "who has the keys reads it");
        Err(format!("out of paper for {event:?}").into())
    }

    #[subscribe]
    async fn on_moved(&self, event: &Recorded<PersonEvent>, _cx: &mut Context<'_>) -> Result<(), BoxError> {
        panic!("no map of {event:?}");
    }
}

/// Everything that is logged, as text.
#[derive(Clone, Default)]
struct Captured(Arc<Mutex<String>>);

impl Visit for &Captured {
    fn record_debug(&mut self, field: &Field, value: &dyn std::fmt::Debug) {
        writeln!(self.0.lock().unwrap_or_else(PoisonError::into_inner), "{field}={value:?}").unwrap();
    }
}

impl<S: Subscriber + for<'a> LookupSpan<'a>> Layer<S> for Captured {
    fn on_event(&self, event: &tracing::Event<'_>, _: Of<'_, S>) {
        event.record(&mut &*self);
    }

    fn on_new_span(&self, span: &span::Attributes<'_>, _: &span::Id, _: Of<'_, S>) {
        span.record(&mut &*self);
    }
}

fn free_of_secrets(what: &str, bytes: &[u8]) {
    for secret in SECRETS {
        let found = bytes.windows(secret.len()).any(|part| part == secret.as_bytes());
        assert!(!found, "{what} has {secret}");
    }
}

/// An application in which everything is wired that a secret may go through.
pub async fn canary(url: &str) -> App {
    App::builder()
        .database(url)
        .broker(MemoryBroker::new())
        .master_key(master())
        .aggregate::<Person>()
        .command::<Subscribe>()
        .command::<KeepPlain>()
        .service(Printer)
        .build()
        .await
        .unwrap()
}

pub async fn everything(app: &App) -> String {
    let mut said = String::new();
    let email = || Sensitive::new(SECRET.to_owned());
    app.send(register("p-1", SECRET)).await.unwrap();
    let again = app.send(register("p-1", SECRET)).await.unwrap_err();
    app.send(relocate("p-1", STREET)).await.unwrap();
    let wanted = Subscribe { person: "p-1".into(), email: email() };
    writeln!(said, "{again:?} {wanted:?}").unwrap();
    app.send(wanted).await.unwrap();
    let refused = app.send(KeepPlain { email: email() }).await.unwrap_err();
    let text = format!("{refused:?} {refused}");
    assert!(text.contains("sensitive/not_sealed"), "{text}");
    writeln!(said, "{text} {:?} {:?}", app.load::<Person>("p-1").await.unwrap(), app).unwrap();
    said
}

/// Runs the workers until the message that nobody can handle is parked.
pub async fn park(app: &App) -> String {
    let parked = async {
        while app.counts().await.unwrap().dead == 0 {
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
    };
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let workers = app.run_workers(async { stopped.await.unwrap_or(()) });
    let stopping = async {
        parked.await;
        stop.send(()).unwrap();
    };
    let (worked, ()) = tokio::join!(workers, stopping);
    worked.unwrap();
    let letters = app.store().dead_letters(0, 9).await.unwrap();
    let audit = app.audit().commands().list(9).await.unwrap();
    assert!(audit.iter().any(|row| format!("{row:?}").contains("•••")), "{audit:?}");
    for letter in &letters {
        free_of_secrets("a dead letter", format!("{letter:?}").as_bytes());
    }
    format!("{letters:?} {audit:?}")
}

#[tokio::test]
async fn a_secret_goes_through_everything_and_is_found_nowhere() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("people.db");
    let captured = Captured::default();
    let _guard = tracing::subscriber::set_default(tracing_subscriber::registry().with(captured.clone()));
    let app = canary(&format!("sqlite://{}", file.display())).await;
    let mut said = everything(&app).await;
    said.push_str(&park(&app).await);
    assert!(app.load::<Person>("p-1").await.unwrap().email.expose().is_ok(), "the secret is there");
    free_of_secrets("what was said", said.as_bytes());
    let logged = captured.0.lock().unwrap().clone();
    assert!(logged.contains("out of paper") && logged.contains("panicked"), "something was logged: {logged}");
    free_of_secrets("the log", logged.as_bytes());
    let raw = |when: &str| {
        for entry in fs::read_dir(folder.path()).unwrap() {
            let path = entry.unwrap().path();
            free_of_secrets(&format!("{} {when}", path.display()), &fs::read(&path).unwrap());
        }
    };
    raw("while open");
    app.forget("p-1").await.unwrap();
    app.close().await.unwrap();
    raw("closed");
}
