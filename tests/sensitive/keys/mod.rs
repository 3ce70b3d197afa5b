//! Keys: one for each subject, wrapped by the master key, which can be another one tomorrow.

mod many;
pub mod toy;

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use bailiwick::{
    Error, ErrorKind, SendError, Timestamp, archive,
    envelope::{Envelope, StreamId},
    sensitive::{KeyStore as _, MasterKey, MemoryKeys, StoredKey, Subject, WrappedKey},
    store::{Append, Commit, Load, StoreKeys},
    version::Expected,
};

use self::toy::{Call, ToyKeys};
use super::{
    everywhere,
    people::{Person, app, register, wired},
};

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn two_processes_that_make_a_key_at_once_have_one() {
    everywhere(async |url| {
        let (here, there) = (app(url).await, app(url).await);
        for round in 0..8 {
            let (a, b) = (format!("a-{round}"), format!("b-{round}"));
            // Two streams, one subject: nothing but the key is in conflict.
            let event = |app: &bailiwick::App| {
                let mut unit = app.mediator().units().begin(bailiwick::envelope::Metadata::default());
                unit.publish(crate::people::PersonEvent::Moved(
                    format!("s-{round}"),
                    crate::people::Address { street: "Elm Street".into(), number: 1 }.into(),
                ));
                unit.commit()
            };
            let (first, second) = tokio::join!(event(&here), event(&there));
            first.and(second).unwrap();
            let (first, second) = tokio::join!(here.send(register(&a, "a@b.c")), there.send(register(&b, "a@b.c")));
            first.and(second).unwrap();
            for app in [&here, &there] {
                assert!(app.load::<Person>(a.as_str()).await.unwrap().email.expose().is_ok());
                assert!(app.load::<Person>(b.as_str()).await.unwrap().email.expose().is_ok());
            }
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_key_without_events_is_used_by_the_next_ones() {
    everywhere(async |url| {
        let app = app(url).await;
        // As a crash between the key and the append leaves it: a key of the master's, and no event. It was made elsewhere.
        let (made, subject) = (MemoryKeys::new(), Subject::new(None, "p-1").unwrap());
        let elsewhere = wired("memory:").key_store(made.clone()).build().await.unwrap();
        elsewhere.send(register("p-1", "ada@example.org")).await.unwrap();
        let Some(StoredKey::Wrapped(key)) = made.get(subject.clone()).await.unwrap().map(|entry| entry.stored) else {
            panic!("there is a key");
        };
        let keys = StoreKeys::new(app.store().clone());
        assert!(keys.insert(subject.clone(), key.clone()).await.unwrap());
        assert_eq!(app.counts().await.unwrap().events, 0);
        app.send(register("p-1", "ada@example.org")).await.unwrap();
        assert_eq!(keys.get(subject).await.unwrap().unwrap().stored, StoredKey::Wrapped(key));
        assert!(app.load::<Person>("p-1").await.unwrap().email.expose().is_ok());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn another_master_key_takes_over() {
    everywhere(async |url| {
        let old = app(url).await;
        for person in ["p-1", "p-2", "p-3"] {
            old.send(register(person, "ada@example.org")).await.unwrap();
        }
        old.forget("p-3").await.unwrap();
        old.close().await.unwrap();
        let master = || MasterKey::new("2027", [27; 32]).unwrap();
        let both = wired(url).master_key(master().also("2026", [26; 32]).unwrap()).build().await.unwrap();
        assert!(both.load::<Person>("p-1").await.unwrap().email.expose().is_ok());
        assert_eq!((both.rewrap().await.unwrap(), both.rewrap().await.unwrap()), (2, 0));
        let new = wired(url).master_key(master()).build().await.unwrap();
        assert!(new.load::<Person>("p-1").await.unwrap().email.expose().is_ok());
        assert!(new.load::<Person>("p-3").await.unwrap().email.is_forgotten());
        let old = app(url).await;
        let error = old.load::<Person>("p-1").await.unwrap_err();
        assert_eq!((error.code(), error.field("master")), ("sensitive/unknown_master", Some("2027")));
        let wrong = wired(url).master_key(MasterKey::new("2027", [9; 32]).unwrap()).build().await.unwrap();
        assert_eq!(wrong.load::<Person>("p-1").await.unwrap_err().code(), "sensitive/wrong_master");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn keys_lie_elsewhere_if_one_likes() {
    everywhere(async |url| {
        let keys = MemoryKeys::new();
        let app = wired(url).key_store(keys.clone()).build().await.unwrap();
        app.send(register("p-1", "ada@example.org")).await.unwrap();
        let subject = Subject::new(None, "p-1").unwrap();
        assert!(keys.get(subject.clone()).await.unwrap().is_some());
        assert_eq!(StoreKeys::new(app.store().clone()).get(subject).await.unwrap(), None);
        app.forget("p-1").await.unwrap();
        assert!(app.load::<Person>("p-1").await.unwrap().email.is_forgotten());
        let without = wired(url).key_store(MemoryKeys::new()).build().await.unwrap();
        let person = without.load::<Person>("p-1").await.unwrap();
        assert_eq!(bailiwick::Error::from(person.email.expose().unwrap_err()).code(), "sensitive/sealed");
    })
    .await;
}

/// A ciphertext opens in its own place alone.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_moved_or_changed_is_told() {
    everywhere(async |url| {
        let app = app(url).await;
        app.send(register("p-1", "ada@example.org")).await.unwrap();
        let of = |id: &str| StreamId::new("person", id).unwrap();
        let stored = app.store().load(Load::all(None, of("p-1"))).await.unwrap().events.remove(0).envelope;
        let text = String::from_utf8(stored.payload.to_vec()).unwrap();
        assert!(text.contains(r#""email":{"$sealed":{"#), "{text}");
        let swapped = text.replace("email", "swap").replace("phone", "email").replace("swap", "phone");
        let other_event = Envelope { id: app.clock().message_id(), ..stored.clone() };
        let other_field = Envelope { payload: swapped.into_bytes().into(), ..stored };
        for (number, envelope) in [(1, other_event), (2, other_field)] {
            let fresh = Envelope { id: if number == 1 { envelope.id } else { app.clock().message_id() }, ..envelope };
            let id = format!("copy-{number}");
            let append = Append { stream: of(&id), expected: Expected::NoStream, events: vec![fresh] };
            app.store().commit(Commit { appends: vec![append], ..Commit::default() }).await.unwrap();
            assert_eq!(app.load::<Person>(id.as_str()).await.unwrap_err().code(), "sensitive/moved");
        }
    })
    .await;
}

#[tokio::test]
async fn an_archive_has_ciphertext_and_no_keys() {
    let keys = MemoryKeys::new();
    let from = wired("memory:").key_store(keys.clone()).build().await.unwrap();
    from.send(register("p-1", "ada@example.org")).await.unwrap();
    from.send(register("p-2", "bob@example.org")).await.unwrap();
    from.forget("p-2").await.unwrap();
    let mut file = Vec::new();
    archive::export(from.store(), &mut file, archive::Options::new()).await.unwrap();
    assert!(!String::from_utf8(file.clone()).unwrap().contains("example.org"));
    for (keys, sealed) in [(keys, false), (MemoryKeys::new(), true)] {
        let to = wired("memory:").key_store(keys).build().await.unwrap();
        archive::import(to.store(), &file[..], archive::Options::new()).await.unwrap();
        assert!(archive::verify(to.store(), archive::Options::new()).await.unwrap().is_sound());
        assert_eq!(to.load::<Person>("p-1").await.unwrap().email.expose().is_err(), sealed);
        assert_eq!(to.load::<Person>("p-2").await.unwrap().email.is_forgotten(), !sealed);
    }
}

#[tokio::test]
async fn a_tombstone_stays() {
    let keys = MemoryKeys::new();
    let subject = Subject::new(None, "p-1").unwrap();
    let key = WrappedKey { id: "1".into(), master: "m".into(), data: "x".into() };
    assert!(keys.insert(subject.clone(), key.clone()).await.unwrap());
    let at = Timestamp::from_micros(1);
    keys.forget(subject.clone(), at).await.unwrap();
    keys.forget(subject.clone(), Timestamp::from_micros(2)).await.unwrap();
    assert!(!keys.insert(subject.clone(), key.clone()).await.unwrap());
    assert!(!keys.replace(subject.clone(), key.clone(), key).await.unwrap());
    assert_eq!(keys.get(subject).await.unwrap().unwrap().stored, StoredKey::Forgotten(at));
}

fn untold() -> Error {
    Error::new(ErrorKind::UnknownOutcome, "keys/untold", "the answer was lost")
}

#[tokio::test]
async fn a_lost_answer_to_a_new_key_is_asked_for_again() {
    let keys = ToyKeys::new(|call| if call == Call::Insert { Err(untold()) } else { Ok(()) });
    let app = wired("memory:").key_store(keys).build().await.unwrap();
    app.send(register("p-1", "ada@example.org")).await.unwrap();
    assert!(app.load::<Person>("p-1").await.unwrap().email.expose().is_ok());
}

#[tokio::test]
async fn a_key_that_is_taken_and_never_there_seals_nothing() {
    for told in [true, false] {
        let asked = Arc::new(AtomicUsize::new(0));
        let asks = Arc::clone(&asked);
        let mut keys = ToyKeys::new(move |call| match call {
            Call::Insert => {
                asks.fetch_add(1, Ordering::SeqCst);
                if told { Ok(()) } else { Err(untold()) }
            }
            _ => Ok(()),
        });
        keys.loses = true;
        let app = wired("memory:").key_store(keys).build().await.unwrap();
        let Err(SendError::Runtime(error)) = app.send(register("p-1", "ada@example.org")).await else {
            panic!("{told}")
        };
        assert_eq!((error.code(), error.kind()), ("sensitive/no_key", ErrorKind::Transient));
        assert_eq!(error.field("subject"), Some("p-1"));
        assert_eq!(std::error::Error::source(&error).is_some(), !told, "{error:?}");
        assert!(asked.load(Ordering::SeqCst) > 1, "it was tried again");
        assert_eq!(app.counts().await.unwrap().events, 0);
    }
}
