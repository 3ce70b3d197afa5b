//! What the corpus finds, and families of events.

#![allow(clippy::unwrap_used, reason = "a test")]

use std::fs;

use serde::{Deserialize, Serialize};

use super::{Folder, Line, PAID_AGAIN};
use crate::{
    codec::{Json, Upcast},
    event::{Event, EventSpec},
    testing::Corpus,
};

/// A family: the payload is the inside of a variant.
#[derive(Debug, Serialize, Deserialize)]
enum Door {
    Opened { by: Option<String>, at: Vec<u8> },
    Shut,
    Moved(u8, u8),
}

impl Event for Door {
    const SPECS: &'static [EventSpec] =
        &[EventSpec::domain("door.opened", 1), EventSpec::domain("door.shut", 1), EventSpec::domain("door.moved", 1)];
    const IS_ENUM: bool = true;
    fn index(&self) -> usize {
        match self {
            Self::Opened { .. } => 0,
            Self::Shut => 1,
            Self::Moved(..) => 2,
        }
    }
}

#[test]
fn the_events_of_a_family_are_locked_and_read_each() {
    let folder = Folder::new("family");
    let text = folder.lock().with::<Door>().renewed().unwrap();
    for line in ["door.moved v1 .1: u8", "door.opened v1 .by?: text", "door.shut v1 .: unit"] {
        assert!(text.contains(&format!("\n{line}\n")), "{text}");
    }
    let corpus = Corpus::new(&folder.0).with::<Door>();
    for door in [Door::Opened { by: None, at: vec![] }, Door::Shut, Door::Moved(1, 2)] {
        corpus.write(&door).unwrap();
    }
    corpus.check().unwrap();
    folder.put("door.opened.v1.bad.json", r#"{"by":null,"at":[1,"2"]}"#);
    let faults = corpus.check().unwrap_err().to_string();
    assert!(faults.ends_with("event: door.opened, version: 1, at: at[1])"), "{faults}");
}

const STEPS: &[Upcast] = &[Upcast { from: 1, apply: lines }];
event!(Second, PAID_AGAIN.aliases(&["paid"]).upcasts(STEPS), { cents: u64, lines: Vec<Line> });

fn lines(mut json: Json) -> Json {
    json["lines"] = Json::Array(vec![]);
    json
}

#[test]
fn each_version_has_a_payload() {
    let folder = Folder::new("corpus");
    let corpus = Corpus::new(folder.0.join("events")).with::<Second>();
    let first = "account.paid v1: no file account.paid.v1.json; make it from the store, or from your history";
    let second =
        "account.paid v2: no file account.paid.v2.json; make it with `Corpus::keep` and `BAILIWICK_LOCK=write`";
    assert_eq!(corpus.check().unwrap_err().faults(), [first, second]);
    corpus.write(&Second { cents: 5, lines: vec![] }).unwrap();
    corpus.write(&Second { cents: 6, lines: vec![] }).unwrap();
    assert_eq!(
        fs::read_to_string(folder.0.join("events/account.paid.v2.json")).unwrap(),
        "{\"cents\":5,\"lines\":[]}\n"
    );
    assert_eq!(corpus.check().unwrap_err().faults(), [first]);
    folder.put("events/paid.v1.json", r#"{"cents":5}"#);
    corpus.check().unwrap();
}

#[test]
fn a_file_that_cannot_be_read_is_told_with_the_place_in_it() {
    let folder = Folder::new("files");
    let corpus = Corpus::new(&folder.0).with::<Second>();
    for (name, text) in [
        ("account.paid.v1.json", r#"{"cents":5}"#),
        ("account.paid.v2.bad.json", r#"{"cents":5,"lines":[{"sku":"a","amount":"1"}]}"#),
        ("account.paid.v3.json", "{}"),
        ("other.v1.json", "{}"),
        ("README.md", ""),
    ] {
        folder.put(name, text);
    }
    let expected = [
        "README.md: its name is not `<event>.v<version>.json` or `<event>.v<version>.<label>.json`",
        "account.paid.v2.bad.json: the payload does not fit the type; add an upcast for the version it was written with (reason: \
         invalid type: string \"1\", expected u8 at line 1 column 43, event: account.paid, version: 2, at: lines[0].amount)",
        "account.paid.v3.json: the message was written by a newer program; upgrade this one; requeue the message if it was parked \
         (version: 3, known: 2, event: account.paid)",
        "other.v1.json: no event has the name or alias other; add its type with `with`, or write the alias",
    ];
    assert_eq!(corpus.check().unwrap_err().faults(), expected);
}
