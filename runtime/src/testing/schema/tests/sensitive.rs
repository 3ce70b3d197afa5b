//! Fields that become sensitive, and those that no longer are.

use serde::{Deserialize, Serialize};

use super::{Folder, LockError};
use crate::{
    codec::Upcast,
    event::{Event, EventSpec},
    sensitive::Sensitive,
};

const PLAIN: EventSpec = EventSpec::domain("person.moved", 1);
const HIDDEN: EventSpec = PLAIN.sensitive(&["street"]);
const STEP: &[Upcast] = &[Upcast { from: 1, apply: |json| json }];
const LATER: EventSpec = EventSpec::domain("person.moved", 2).upcasts(STEP).sensitive(&["street"]);
const LATER_PLAIN: EventSpec = EventSpec::domain("person.moved", 2).upcasts(STEP);

event!(Plain, PLAIN, { street: String, streets: u8 });
event!(Hidden, HIDDEN, { street: Sensitive<String>, streets: u8 });
event!(Later, LATER, { street: Sensitive<String>, streets: u8 });
event!(LaterPlain, LATER_PLAIN, { street: String, streets: u8 });
event!(Gone, LATER_PLAIN, { streets: u8 });

fn breaking(answer: Result<(), LockError>) -> String {
    match answer {
        Err(LockError::Breaking(changes)) => changes.join("\n"),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_field_that_becomes_sensitive_needs_a_version() {
    let folder = Folder::new("becomes-sensitive");
    folder.lock().with::<Plain>().settle(true).unwrap();
    let told = breaking(folder.lock().with::<Hidden>().settle(true));
    assert!(told.contains("person.moved v1: field street is sensitive now"), "{told}");
    assert!(told.contains("write `version = 2` and `upcast(1 => …)`") && !told.contains("streets"), "{told}");
    folder.lock().with::<Later>().settle(true).unwrap();
    assert!(folder.text().contains("person.moved sensitive street\n"), "{}", folder.text());
    folder.lock().with::<Later>().settle(false).unwrap();
}

#[test]
fn a_field_that_was_sensitive_stays_so_in_every_version() {
    let folder = Folder::new("was-sensitive");
    folder.lock().with::<Hidden>().settle(true).unwrap();
    for told in [folder.lock().with::<Plain>().settle(true), folder.lock().with::<LaterPlain>().settle(true)] {
        let told = breaking(told);
        assert!(told.contains("person.moved: field street was sensitive and is plain"), "{told}");
        assert!(told.contains("keep `#[event(sensitive)]` on it"), "{told}");
    }
    folder.lock().with::<Gone>().settle(true).unwrap();
}
