//! What the lock finds.

#![allow(clippy::unwrap_used, reason = "a test")]

use std::{fs, path::PathBuf};

use serde::{Deserialize, Serialize};

use super::{EventsLock, LockError};
use crate::{
    codec::Upcast,
    envelope::EventKind,
    event::{Event, EventSpec},
};

/// An event type with one event, of whatever table and payload.
macro_rules! event {
    ($name:ident, $spec:expr, $($payload:tt)*) => {
        #[derive(Debug, Serialize, Deserialize)]
        struct $name $($payload)*
        impl Event for $name {
            const SPECS: &'static [EventSpec] = &[$spec];
            const IS_ENUM: bool = false;
            fn index(&self) -> usize { 0 }
        }
    };
}

mod corpus;
mod process;
mod sensitive;

const PAID: EventSpec = EventSpec::domain("account.paid", 1);
const PAID_AGAIN: EventSpec = EventSpec::domain("account.paid", 2);
const STEP: &[Upcast] = &[Upcast { from: 1, apply: |json| json }];

#[derive(Debug, Serialize, Deserialize)]
struct Line {
    sku: String,
    amount: u8,
}

#[derive(Debug, Serialize, Deserialize)]
enum Way {
    Cash,
    Card { number: String },
}

#[derive(Debug, Serialize, Deserialize)]
enum FurtherWay {
    Cash,
    Card {
        number: String,
        #[serde(default)]
        holder: String,
    },
    Cheque(u8),
}

event!(Paid, PAID, { cents: u64, lines: Vec<Line>, way: Way });

/// A folder that goes with the test.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let folder = std::env::temp_dir().join(format!("bailiwick-schema-{name}-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        Self(folder)
    }

    fn lock(&self) -> EventsLock {
        EventsLock::new(self.0.join("events.lock"))
    }

    fn text(&self) -> String {
        fs::read_to_string(self.0.join("events.lock")).unwrap()
    }

    fn put(&self, name: &str, text: &str) {
        fs::write(self.0.join(name), text).unwrap();
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0); // a rest in the folder of temporary files hurts nobody
    }
}

/// A folder in which `Paid` is locked.
fn locked(name: &str) -> Folder {
    let folder = Folder::new(name);
    folder.lock().with::<Paid>().settle(true).unwrap();
    folder
}

fn breaking(lock: &EventsLock) -> Vec<String> {
    match lock.check() {
        Err(LockError::Breaking(changes)) => changes,
        other => panic!("{other:?}"),
    }
}

fn stale(lock: &EventsLock) -> Vec<String> {
    match lock.check() {
        Err(LockError::Stale { lines, .. }) => lines,
        other => panic!("{other:?}"),
    }
}

#[test]
fn the_lock_says_each_fact_on_a_line() {
    let folder = locked("lines");
    let expected = "\
# The events of this program, as they are stored: `bailiwick::testing::EventsLock`.
account.paid kind domain
account.paid v1 .: struct
account.paid v1 .cents: u64
account.paid v1 .lines: list
account.paid v1 .lines[]: struct
account.paid v1 .lines[].amount: u8
account.paid v1 .lines[].sku: text
account.paid v1 .way: enum
account.paid v1 .way::Card: struct
account.paid v1 .way::Card.number: text
account.paid v1 .way::Cash: unit
";
    assert_eq!(folder.text(), expected);
    assert_eq!(folder.lock().with::<Paid>().renewed().unwrap(), expected);
    folder.lock().with::<Paid>().check().unwrap();
}

#[test]
fn the_order_of_the_types_does_not_show() {
    event!(Opened, EventSpec::domain("account.opened", 1), { by: String });
    let folder = Folder::new("order");
    let text = folder.lock().with::<Paid>().with::<Opened>().renewed().unwrap();
    assert_eq!(folder.lock().with::<Opened>().with::<Paid>().renewed().unwrap(), text);
}

#[test]
fn a_change_of_the_payload_without_a_new_version_is_named_by_its_place() {
    event!(Signed, PAID, { cents: i64, lines: Vec<Line>, way: Way });
    event!(Gone, PAID, { lines: Vec<Line>, way: Way });
    event!(Named, PAID, { cents: u64, lines: Vec<Line>, way: Way, by: String });
    event!(Flat, PAID, (u64););
    event!(Fewer, PAID, { cents: u64, lines: Vec<String>, way: Option<Way> });
    let folder = locked("payload");
    let remedy = "write `version = 2` and `upcast(1 => …)`";
    for (lock, said) in [
        (folder.lock().with::<Signed>(), vec!["field cents: u64 is now i64; "]),
        (folder.lock().with::<Gone>(), vec!["field cents: u64 is gone, and what is stored in it would be lost; "]),
        (
            folder.lock().with::<Named>(),
            vec![
                "field by: text is new, and a payload without it cannot be read; write `#[serde(default)]` on it, or ",
            ],
        ),
        (folder.lock().with::<Flat>(), vec!["the payload: struct is now u64; "]),
        (folder.lock().with::<Fewer>(), vec!["field lines[]: struct is now text; ", "field way: enum is now option; "]),
    ] {
        let expected: Vec<String> = said.into_iter().map(|said| format!("account.paid v1: {said}{remedy}")).collect();
        assert_eq!(breaking(&lock), expected);
        assert!(lock.settle(true).is_err(), "it is never written");
    }
}

event!(Other, EventSpec::domain("account.opened", 1), { by: String });
event!(Told, PAID.kind(EventKind::Notification), { cents: u64, lines: Vec<Line>, way: Way });
event!(Newer, PAID_AGAIN.aliases(&["paid"]), { cents: u64, lines: Vec<Line>, way: Way });
event!(Stepped, PAID_AGAIN.aliases(&["paid"]).upcasts(STEP), { cents: u64, lines: Vec<Line>, way: Way });

#[test]
fn a_change_of_the_table_is_named_with_its_remedy() {
    let folder = locked("table");
    for (lock, said) in [
        (
            folder.lock().with::<Other>(),
            "no event has this name, and it is stored; keep the event, or write `alias = \"account.paid\"` on the one that it \
             became",
        ),
        (
            folder.lock().with::<Told>(),
            "kind domain is now notification; keep the kind, and give the event of the other kind a name of its own",
        ),
        (folder.lock().with::<Newer>(), "version 2 has no step from 1 to 2; write `upcast(1 => …)`"),
        (folder.lock().with::<Paid>().with::<Paid>(), "two events have this name or alias; give one of them another"),
    ] {
        assert_eq!(breaking(&lock), [format!("account.paid: {said}")]);
    }
}

#[test]
fn what_a_newer_program_locked_is_not_taken_back() {
    let folder = locked("newer");
    folder.lock().with::<Stepped>().settle(true).unwrap();
    assert_eq!(
        breaking(&folder.lock().with::<Paid>()),
        [
            "account.paid: the alias paid is gone, and events are stored under it; write `alias = \"paid\"`",
            "account.paid: version 1 is below 2, which is stored; write `version = 2` or a higher one",
        ]
    );
}

event!(Roomy, PAID, {
    cents: u64,
    lines: Vec<Line>,
    way: FurtherWay,
    by: Option<String>,
    #[serde(default)]
    at: (u8, String),
});

#[test]
fn what_leaves_stored_events_readable_makes_the_file_out_of_date() {
    let folder = locked("compatible");
    let lock = folder.lock().with::<Roomy>();
    let lines = stale(&lock);
    assert_eq!(
        lines,
        [
            "+ account.paid v1 .at: tuple",
            "+ account.paid v1 .at.0: u8",
            "+ account.paid v1 .at.1: text",
            "+ account.paid v1 .by: option",
            "+ account.paid v1 .by?: text",
            "+ account.paid v1 .way::Card.holder: text",
            "+ account.paid v1 .way::Cheque: u8",
        ]
    );
    let said = lock.check().unwrap_err().to_string();
    assert!(said.ends_with("\nrun this test with `BAILIWICK_LOCK=write`, not in CI, and commit the file"), "{said}");
    lock.settle(true).and_then(|()| lock.check()).unwrap();
}

#[test]
fn a_renamed_event_takes_its_versions_along() {
    event!(Settled, EventSpec::domain("account.settled", 2).aliases(&["account.paid"]).upcasts(STEP), { cents: u64 });
    let folder = locked("renamed");
    folder.lock().with::<Settled>().settle(true).unwrap();
    let text = folder.text();
    let head = "account.settled alias account.paid\naccount.settled kind domain\naccount.settled v1 .: struct\n";
    assert!(
        text.contains(head) && text.ends_with("account.settled v2 .: struct\naccount.settled v2 .cents: u64\n"),
        "{text}"
    );
    assert!(!text.contains("\naccount.paid"), "{text}");
}

#[test]
fn a_line_that_is_none_is_told_with_its_number() {
    let folder = locked("unreadable");
    let good = folder.text();
    let lines: Vec<&str> = good.lines().collect();
    for (text, line, why) in [
        (good.replace('\n', "\r\n"), 1, "it ends in CR LF; write `events.lock text eol=lf` into `.gitattributes`"),
        (good.replace("kind domain", "<<<<<<< HEAD"), 2, "`account.paid <<<<<<< HEAD` is no `<event> kind …`"),
        (good.replace("account.paid kind domain", "======="), 2, "`=======` is no `<event> kind …`"),
        (good.replace(".cents: u64", ".cents"), 4, "`account.paid v1 .cents` is no `<event> kind …`"),
        (good.replace(" v1 .cents", " v0 .cents"), 4, "`account.paid v0 .cents: u64` is no `<event> kind …`"),
        (
            format!("{good}{}: i64\n", "account.paid v1 .cents"),
            13,
            "it says again what line 4 says; remove one of them",
        ),
        (lines[2..].join("\n"), 1, "`account.paid` has lines, but none for a kind"),
        (lines[..2].join("\n"), 2, "`account.paid` has lines, but none for a version"),
    ] {
        folder.put("events.lock", &text);
        let said = folder.lock().with::<Paid>().check().unwrap_err().to_string();
        let begin = format!("{}:{line}: {why}", folder.0.join("events.lock").display());
        assert!(said.starts_with(&begin), "{said}\n{begin}");
    }
}
