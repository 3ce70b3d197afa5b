//! What a log calls things.

use bailiwick::conformance::{By, LogMap};

use super::order;

#[test]
fn an_empty_map_is_a_map() {
    assert_eq!(LogMap::from_toml("").unwrap(), LogMap::default());
}

#[test]
fn a_key_that_a_map_does_not_have_is_named_with_its_line() {
    let error = LogMap::from_toml("case = 'id'\n\nactivitty = 'x'\n").unwrap_err();
    assert_eq!((error.code(), error.line()), ("conformance/bad_map", Some(3)));
    assert!(error.to_string().contains("activitty"), "{error}");
    assert!(LogMap::from_toml("by = 'guess'").is_err());
    assert!(LogMap::from_toml("case = ").is_err());
}

#[test]
fn a_delimiter_is_one_ascii_character() {
    for bad in ["'→'", "'\"'", "';;'", "\"\\n\""] {
        let error = LogMap::from_toml(&format!("delimiter = {bad}")).unwrap_err();
        assert_eq!(error.code(), "conformance/bad_map", "{bad}");
    }
    assert!(LogMap::from_toml("delimiter = \"\\t\"").is_ok());
}

#[test]
fn a_renaming_to_what_the_machine_does_not_have_is_refused() {
    let map = LogMap::from_toml("[rename]\nNEW = 'pendng'").unwrap();
    let text = "correct the map: `NEW` is renamed to `pendng`, which is no state of `Order`";
    assert_eq!(map.check(&order()).unwrap_err().to_string(), text);
    let map = LogMap::from_toml("by = 'transition'\n[rename]\nsettle = 'pay'").unwrap();
    assert_eq!(map.by, By::Transition);
    assert!(map.check(&order()).unwrap().knows("settle"));
}
