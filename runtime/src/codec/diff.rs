//! What differs between two values.

use std::{collections::BTreeSet, fmt};

use serde::Serialize;

use super::Json;
use crate::error::Error;

/// What differs between two values of a type, by the places in their JSON.
///
/// ```
/// use bailiwick::codec::Diff;
///
/// #[derive(serde::Serialize)]
/// struct Basket { cents: u64, skus: Vec<&'static str> }
///
/// let before = Basket { cents: 500, skus: vec!["tea"] };
/// let after = Basket { cents: 700, skus: vec!["tea", "milk"] };
/// let diff = Diff::between(&before, &after)?;
/// assert_eq!(diff.to_string(), "cents: 500 → 700\nskus[1]: + \"milk\"\n");
/// assert_eq!(diff.changes()[0].path, "cents");
/// # Ok::<(), bailiwick::Error>(())
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Diff(Vec<Change>);

/// A place that differs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// The place, such as `lines[2].sku`; `.` is the value itself.
    pub path: String,
    /// What was there; `None` if the place is new.
    pub before: Option<Json>,
    /// What is there; `None` if the place is gone.
    pub after: Option<Json>,
}

impl Diff {
    /// Compares two values. Items of a list are compared by their places.
    ///
    /// # Errors
    /// `message/unencodable` if `Serialize` refuses.
    pub fn between<T: Serialize + ?Sized>(before: &T, after: &T) -> Result<Self, Error> {
        Ok(Self::of(&json(before)?, &json(after)?))
    }

    /// Compares two values that are JSON already.
    #[must_use]
    pub fn of(before: &Json, after: &Json) -> Self {
        let mut changes = Vec::new();
        compare(&mut changes, String::new(), Some(before), Some(after));
        Self(changes)
    }

    /// The changes: fields by their names, items by their places.
    #[must_use]
    pub fn changes(&self) -> &[Change] {
        &self.0
    }

    /// Whether nothing differs.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// A value as JSON, for people: what is sensitive is hidden.
pub(crate) fn json<T: Serialize + ?Sized>(value: &T) -> Result<Json, Error> {
    super::redacting(|| serde_json::to_value(value)).map_err(super::json::unencodable)
}

/// Whether two values have the same fields in the same places, whatever their values and however often an item comes.
pub(crate) fn same_places(one: &Json, other: &Json) -> bool {
    let places = |json| {
        let mut found = BTreeSet::new();
        collect(&mut found, "", json);
        found
    };
    places(one) == places(other)
}

/// A field of one value that another one has not; what is null or empty counts as absent.
pub(crate) fn lost_place(one: &Json, other: &Json) -> Option<String> {
    let places = |json, filled| {
        let mut found = BTreeSet::new();
        gather(&mut found, "", json, filled);
        found
    };
    let kept = places(other, false);
    places(one, true).into_iter().find(|place| !kept.contains(place))
}

fn gather(found: &mut BTreeSet<String>, path: &str, json: &Json, filled: bool) {
    let empty = match json {
        Json::Null => true,
        Json::Object(fields) => {
            fields.iter().for_each(|(name, value)| gather(found, &field(path, name), value, filled));
            fields.is_empty()
        }
        Json::Array(items) => {
            items.iter().for_each(|item| gather(found, &format!("{path}[]"), item, filled));
            items.is_empty()
        }
        _ => false,
    };
    if !path.is_empty() && (!empty || !filled) {
        found.insert(path.to_owned());
    }
}

fn collect(found: &mut BTreeSet<String>, path: &str, json: &Json) {
    match json {
        Json::Object(fields) => fields.iter().for_each(|(name, value)| {
            let place = field(path, name);
            collect(found, &place, value);
            found.insert(place);
        }),
        Json::Array(items) => items.iter().for_each(|item| collect(found, &format!("{path}[]"), item)),
        _ => {}
    }
}

fn compare(changes: &mut Vec<Change>, path: String, before: Option<&Json>, after: Option<&Json>) {
    match (before, after) {
        (Some(before), Some(after)) if before == after => {}
        (Some(Json::Object(before)), Some(Json::Object(after))) => {
            let mut names: Vec<&String> = before.keys().chain(after.keys()).collect();
            names.sort();
            names.dedup();
            for name in names {
                compare(changes, field(&path, name), before.get(name), after.get(name));
            }
        }
        (Some(Json::Array(before)), Some(Json::Array(after))) => {
            for at in 0..before.len().max(after.len()) {
                compare(changes, format!("{path}[{at}]"), before.get(at), after.get(at));
            }
        }
        _ => {
            let path = if path.is_empty() { ".".into() } else { path };
            changes.push(Change { path, before: before.cloned(), after: after.cloned() });
        }
    }
}

/// The place of a field; a name that could be taken for more than one stands in quotes.
fn field(path: &str, name: &str) -> String {
    let plain = !name.is_empty() && name.chars().all(|sign| sign.is_alphanumeric() || "_-".contains(sign));
    let dot = if path.is_empty() { "" } else { "." };
    if plain { format!("{path}{dot}{name}") } else { format!("{path}{dot}{name:?}") }
}

impl fmt::Display for Diff {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|change| writeln!(f, "{change}"))
    }
}

impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (&self.before, &self.after) {
            (Some(before), Some(after)) => write!(f, "{}: {before} → {after}", self.path),
            (None, Some(after)) => write!(f, "{}: + {after}", self.path),
            (Some(before), None) => write!(f, "{}: - {before}", self.path),
            (None, None) => write!(f, "{}: unchanged", self.path),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::Diff;

    fn lines(before: serde_json::Value, after: serde_json::Value) -> Vec<String> {
        Diff::of(&before, &after).changes().iter().map(ToString::to_string).collect()
    }

    #[test]
    fn each_change_is_told_at_its_place() {
        let before = json!({ "cents": 500, "lines": [{ "sku": "a" }, { "sku": "b" }, 3], "owner": null, "old": true });
        let after = json!({ "cents": 700, "lines": [{ "sku": "a" }, { "sku": "c" }], "owner": "ada", "a.b": {} });
        let expected = [
            "\"a.b\": + {}",
            "cents: 500 → 700",
            "lines[1].sku: \"b\" → \"c\"",
            "lines[2]: - 3",
            "old: - true",
            "owner: null → \"ada\"",
        ];
        assert_eq!(lines(before, after), expected);
    }

    #[test]
    fn a_value_of_another_kind_is_one_change() {
        assert_eq!(lines(json!({ "a": [1] }), json!({ "a": { "b": 1 } })), ["a: [1] → {\"b\":1}"]);
        assert_eq!(lines(json!(1), json!("1")), [".: 1 → \"1\""]);
    }

    #[test]
    fn equal_values_do_not_differ() {
        let diff = Diff::between(&vec![Some(1), None], &vec![Some(1), None]).unwrap();
        assert!(diff.is_empty() && diff.to_string().is_empty());
    }
}
