//! A condition with an order and a limit.

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};

use super::{
    FORM,
    read::{Budget, Condition, twice, unknown},
    refused,
};
use crate::{error::Error, specification::Node};

/// By so many columns a list may be sorted.
const KEYS: usize = 4;

/// What was asked for.
#[derive(Debug, Default)]
pub(crate) struct Asked {
    pub(crate) node: Option<Node>,
    /// The places of columns, and whether each descends.
    pub(crate) sort: Vec<(usize, bool)>,
    pub(crate) limit: Option<u64>,
}

/// `{"v":1,"where":…,"sort":[…],"limit":…}`
pub(super) struct Question<'a>(pub(super) &'a Budget<'a>);

impl<'de> DeserializeSeed<'de> for Question<'_> {
    type Value = Asked;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Asked, D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Question<'_> {
    type Value = Asked;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(r#"{"v":1,"where":…,"sort":[…],"limit":…}"#)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Asked, A::Error> {
        let (mut form, mut node, mut sort, mut limit) = (None, None, None, None);
        while let Some(key) = map.next_key::<String>()? {
            let seen = match key.as_str() {
                "v" => form.replace(map.next_value::<u64>()?).is_some(),
                "where" => node.replace(map.next_value_seed(Condition { budget: self.0, depth: 1 })?).is_some(),
                "sort" => sort.replace(map.next_value_seed(Keys(self.0))?).is_some(),
                "limit" => limit.replace(map.next_value::<u64>()?).is_some(),
                _ => return Err(unknown(&key, "v, where, sort, limit")),
            };
            if seen {
                return Err(twice(&key));
            }
        }
        match form {
            Some(FORM) => Ok(Asked { node, sort: sort.unwrap_or_default(), limit }),
            Some(other) => Err(A::Error::custom(format!("`v` is {other}, and only {FORM} is known"))),
            None => Err(A::Error::missing_field("v")),
        }
    }
}

/// The names of columns, with `-` before those that descend.
struct Keys<'a>(&'a Budget<'a>);

impl<'de> DeserializeSeed<'de> for Keys<'_> {
    type Value = Vec<(usize, bool)>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_seq(self)
    }
}

impl<'de> Visitor<'de> for Keys<'_> {
    type Value = Vec<(usize, bool)>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of names of columns")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Self::Value, A::Error> {
        let mut keys = Vec::new();
        while let Some(name) = list.next_element::<String>()? {
            if keys.len() == KEYS {
                let fault = refused("filter/budget", format!("a list is sorted by at most {KEYS} columns"));
                return Err(self.0.fail(fault));
            }
            keys.push(self.key(&name).map_err(|fault| self.0.fail(fault))?);
        }
        Ok(keys)
    }
}

impl Keys<'_> {
    fn key(&self, name: &str) -> Result<(usize, bool), Error> {
        let (name, descending) = name.strip_prefix('-').map_or((name, false), |name| (name, true));
        let Budget { table, rules, .. } = self.0;
        let sortable = table.find(name).filter(|(place, column)| column.is_sortable() && rules.name(*place, column));
        let Some((place, _)) = sortable else {
            let name: String = name.chars().take(64).collect();
            let fault = refused("filter/field", "this is no field by which may be sorted");
            return Err(fault.with("field", format!("{name:?}")));
        };
        Ok((place, descending))
    }
}
