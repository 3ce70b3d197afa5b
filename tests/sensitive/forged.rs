//! Fields that take any JSON, in which somebody writes what the store writes: nothing comes of it.

use bailiwick::{App, Command, Event, Sensitive, aggregate, sensitive::Subject, store::StoreKeys};
use bailiwick::{sensitive::KeyStore as _, sensitive::StoredKey};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{everywhere, people::master};

#[derive(Event, Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum NoteEvent {
    #[event(name = "note.taken", subject = note)]
    Taken {
        note: String,
        any: Value,
        #[event(sensitive)]
        secret: Sensitive<String>,
        inside: Option<Inside>,
    },
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Inside {
    unmarked: Sensitive<String>,
}

#[derive(Command, Debug, Clone)]
pub struct Take {
    #[target]
    note: String,
    any: Value,
    secret: Sensitive<String>,
    inside: Option<Inside>,
}

#[derive(Debug, thiserror::Error)]
#[error("no")]
pub struct No;

#[derive(Default)]
pub struct Note {
    any: Value,
    secret: Sensitive<String>,
}

#[aggregate(name = "note", id = String, event = NoteEvent, error = No)]
impl Note {
    #[handle(create_if_missing)]
    fn take(&self, command: Take) -> Result<NoteEvent, No> {
        let Take { note, any, secret, inside } = command;
        Ok(NoteEvent::Taken { note, any, secret, inside })
    }

    #[apply]
    fn on(&mut self, event: &NoteEvent) {
        let NoteEvent::Taken { any, secret, .. } = event;
        (self.any, self.secret) = (any.clone(), secret.clone());
    }
}

async fn app(url: &str) -> App {
    App::builder().database(url).master_key(master()).aggregate::<Note>().build().await.unwrap()
}

pub fn take(any: Value) -> Take {
    Take { note: "n-1".into(), any, secret: "secret".to_owned().into(), inside: None }
}

async fn key(app: &App, subject: &str) -> Option<StoredKey> {
    let subject = Subject::new(None, subject).unwrap();
    StoreKeys::new(app.store().clone()).get(subject).await.unwrap().map(|entry| entry.stored)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_writes_a_sealed_value_by_hand_poisons_nothing() {
    everywhere(async |url| {
        let app = app(url).await;
        app.send(take(Value::Null)).await.unwrap();
        let Some(StoredKey::Wrapped(wrapped)) = key(&app, "n-1").await else { panic!("there is a key") };
        for (subject, id) in [("\0", "1"), ("n-1", wrapped.id.as_str()), ("n-1", "process"), (&"x".repeat(999), "1")] {
            let forged = json!({ "$sealed": { "subject": subject, "key": id, "data": "" } });
            if app.send(take(forged.clone())).await.is_err() {
                assert_eq!(id, "process", "the id of what no commit has taken yet is refused when it is sent");
            }
            let note = app.load::<Note>("n-1").await.unwrap();
            assert_eq!(note.secret.expose().unwrap(), "secret", "{forged}");
        }
    })
    .await;
}

#[tokio::test]
async fn a_mark_by_hand_does_not_stand_for_one_that_is_missing() {
    let app = app("memory:").await;
    let inside = Some(Inside { unmarked: "secret".to_owned().into() });
    let error = app.send(Take { inside, ..take(json!({ "$sensitive": 1 })) }).await.unwrap_err();
    assert!(format!("{error:?}").contains("sensitive/unmarked"), "{error:?}");
    let by_hand = json!({ "$sensitive": 1, "$by": 0 });
    app.send(take(by_hand.clone())).await.unwrap();
    assert_eq!(app.load::<Note>("n-1").await.unwrap().any, by_hand, "it is data");
}

#[tokio::test]
async fn no_key_is_made_where_nothing_is_sealed_and_none_is_needed() {
    let app = app("memory:").await;
    let nothing = || Take { secret: Sensitive::forgotten(), ..take(Value::Null) };
    app.send(nothing()).await.unwrap();
    assert_eq!(key(&app, "n-1").await, None);
    app.forget("n-1").await.unwrap();
    app.send(nothing()).await.unwrap();
    assert!(app.load::<Note>("n-1").await.unwrap().secret.is_forgotten());
}

#[test]
fn a_misfit_in_a_command_does_not_show_the_value() {
    #[derive(Debug, Deserialize)]
    struct Give {
        #[serde(rename = "number")]
        _number: Sensitive<u32>,
    }
    let error = serde_json::from_str::<Give>(r#"{"number":"4111-1111"}"#).unwrap_err();
    assert!(!error.to_string().contains("4111") && !format!("{error:?}").contains("4111"), "{error:?}");
}
