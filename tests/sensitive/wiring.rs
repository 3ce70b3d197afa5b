//! What `build()` says.

use bailiwick::{App, Command, Sensitive, aggregate};
use serde::{Deserialize, Serialize};

use super::people::{Address, Person, PersonEvent, Twice, master};

/// A person of whom the state is stored.
#[derive(Default, Serialize, Deserialize)]
struct Stored {
    moves: Vec<Option<Moved>>,
}

#[derive(Serialize, Deserialize)]
struct Moved {
    to: Sensitive<Address>,
}

#[derive(Command, Debug, Clone)]
struct Leave {
    #[target]
    person: String,
}

#[aggregate(name = "stored_person", id = String, event = PersonEvent, error = Twice, persist = entity)]
impl Stored {
    #[handle(create)]
    fn leave(command: Leave) -> Result<PersonEvent, Twice> {
        Ok(PersonEvent::Closed { person: command.person })
    }

    #[apply]
    fn on(&mut self, event: &PersonEvent) {
        if let PersonEvent::Moved(_, to) = event {
            self.moves.push(Some(Moved { to: to.clone() }));
        }
    }
}

#[tokio::test]
async fn a_stored_state_that_holds_a_sensitive_value_is_an_error_at_build() {
    let error = App::builder().memory().master_key(master()).aggregate::<Stored>().build().await.unwrap_err();
    assert_eq!(error.code(), "app/build");
    let text = error.to_string();
    for part in ["wiring::Stored`: [state/sensitive]", "`Sensitive`", ".moves[]?.to", "leave the value out"] {
        assert!(text.contains(part), "{part}: {text}");
    }
}

#[tokio::test]
async fn sensitive_fields_without_a_master_key_are_an_error_at_build() {
    let error = App::builder().memory().aggregate::<Person>().build().await.unwrap_err();
    assert_eq!(error.code(), "app/build");
    let text = error.to_string();
    assert!(text.contains("`person.registered` has sensitive fields") && text.contains(".master_key("), "{text}");
    App::builder().memory().master_key(master()).aggregate::<Person>().build().await.unwrap();
}

#[test]
fn a_master_key_is_32_bytes_and_hides() {
    use bailiwick::sensitive::MasterKey;
    let key = MasterKey::from_base64("2026", "BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc=\n").unwrap();
    assert_eq!(format!("{key:?}"), "MasterKey(\"2026\")");
    let secret = "c2hvcnQgc2VjcmV0";
    let error = MasterKey::from_base64("2026", secret).unwrap_err();
    assert_eq!(error.code(), "sensitive/master_key");
    assert!(!format!("{error:?}").contains(secret));
    assert!(key.also("2026", [1; 32]).is_err());
}
