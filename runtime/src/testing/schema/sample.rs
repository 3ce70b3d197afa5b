//! A payload that fits a shape: whether a new field may be absent is seen by reading what was written without it.

use crate::codec::{Json, Shape};

/// Texts for types that check what they read: one of them may do.
const TEXTS: [&str; 6] = ["", "a", "1", "2000-01-01T00:00:00Z", "2000-01-01", "00000000-0000-0000-0000-000000000000"];

/// Payloads of a shape, each with other values. Where there is a choice, `place` is in them.
pub(super) fn samples(shape: &Shape, place: &str) -> Vec<Json> {
    let facts: Vec<(&str, &str)> = shape.facts().collect();
    let all = TEXTS.iter().zip(0_u64..).map(|(text, number)| Sample { facts: &facts, place, text, number });
    all.map(|sample| sample.at(".").unwrap_or_default()).collect()
}

struct Sample<'a> {
    facts: &'a [(&'a str, &'a str)],
    place: &'a str,
    text: &'a str,
    number: u64,
}

impl Sample<'_> {
    /// The value at a place; `None` where it could go on without end.
    fn at(&self, place: &str) -> Option<Json> {
        let (_, kind) = self.facts.iter().find(|(path, _)| *path == place)?;
        let base = place.strip_suffix('.').unwrap_or(place);
        Some(match *kind {
            "struct" => {
                let fields = self.below(base, ".");
                Json::Object(
                    fields.into_iter().map(|(name, path)| (name, self.at(&path).unwrap_or_default())).collect(),
                )
            }
            "tuple" => self.below(base, ".").into_iter().map(|(_, path)| self.at(&path).unwrap_or_default()).collect(),
            "list" => self.at(&format!("{base}[]")).into_iter().collect(),
            "map" => {
                let value = self.at(&format!("{base}{{}}"));
                Json::Object(value.into_iter().map(|value| (self.key(base), value)).collect())
            }
            "option" => self.at(&format!("{base}?")).unwrap_or_default(),
            "enum" => self.variant(base)?,
            "bool" => false.into(),
            "text" => self.text.into(),
            "char" => "a".into(),
            "bytes" => vec![0_u8].into(),
            "any" | "unit" | "null" => Json::Null,
            number if number.starts_with(['i', 'u', 'f']) && number != "unseen" => self.number.into(),
            _ => return None,
        })
    }

    fn key(&self, base: &str) -> String {
        let text = self.at(&format!("{base}{{key}}"));
        let text = text.as_ref().and_then(|key| key.as_str().map(str::to_owned));
        text.unwrap_or_else(|| self.number.to_string())
    }

    /// The variant in which the place is, or the first.
    fn variant(&self, base: &str) -> Option<Json> {
        let all = self.below(base, "::");
        let within =
            |path: &str| self.place.strip_prefix(path).is_some_and(|rest| !rest.starts_with(char::is_alphanumeric));
        let (name, path) = all.iter().find(|(_, path)| within(path)).or_else(|| all.first())?;
        let is_unit = self.facts.contains(&(path.as_str(), "unit"));
        Some(if is_unit {
            name.as_str().into()
        } else {
            Json::Object([(name.clone(), self.at(path)?)].into_iter().collect())
        })
    }

    /// The names right below a place, with their paths.
    fn below(&self, base: &str, mark: &str) -> Vec<(String, String)> {
        let named = self.facts.iter().filter_map(|(path, _)| {
            let word = path.strip_prefix(base)?.strip_prefix(mark)?;
            let name = if word.starts_with('"') { quoted(word)? } else { word.to_owned() };
            let plain = word.starts_with('"') || word.chars().all(|sign| sign.is_alphanumeric() || "_-".contains(sign));
            (plain && !word.is_empty()).then(|| (name, (*path).to_owned()))
        });
        let mut all: Vec<(String, String)> = named.collect();
        all.sort_by_key(|(name, _)| name.parse::<usize>().unwrap_or_default()); // the places of a tuple
        all
    }
}

/// A whole word in quotes.
fn quoted(word: &str) -> Option<String> {
    let inner = word.strip_prefix('"')?.strip_suffix('"')?;
    let plain = inner.replace("\\\\", "").replace("\\\"", "");
    (!plain.contains('"')).then(|| inner.replace("\\\"", "\"").replace("\\\\", "\\"))
}
