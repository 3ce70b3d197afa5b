//! From text to the tree.

use std::{
    cell::{Cell, RefCell},
    fmt,
};

use serde::de::{DeserializeSeed, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};

use super::{
    FORM,
    asked::{Asked, Question},
    leaf::Leaf,
    raw::RawSeed,
    refused,
};
use crate::{
    codec,
    entity::Table,
    error::Error,
    specification::{Node, policy::Rules},
};

/// Reads a condition on the rows of a table.
pub(in crate::specification) fn read(table: &'static Table, text: &str, rules: &Rules) -> Result<Node, Error> {
    reading(table, text, rules, |budget| codec::read_with(text, Form(budget)))
}

/// Reads a condition, an order and a limit.
pub(in crate::specification) fn read_asked(table: &'static Table, text: &str, rules: &Rules) -> Result<Asked, Error> {
    reading(table, text, rules, |budget| codec::read_with(text, Question(budget)))
}

fn reading<T>(
    table: &'static Table,
    text: &str,
    rules: &Rules,
    read: impl FnOnce(&Budget<'_>) -> Result<T, Error>,
) -> Result<T, Error> {
    if text.len() > rules.max_bytes {
        let message = format!("the filter is longer than {} bytes", rules.max_bytes);
        return Err(refused("filter/budget", message).with("bytes", text.len()));
    }
    let budget = Budget { table, rules, nodes: Cell::new(0), fault: RefCell::new(None) };
    read(&budget).map_err(|error| {
        let fault = budget.fault.take();
        fault.unwrap_or_else(|| refused("filter/syntax", "the filter is no such JSON").caused_by(error))
    })
}

/// What one reading shares: the rules, how much was read, and what was wrong.
pub(super) struct Budget<'a> {
    pub(super) table: &'static Table,
    pub(super) rules: &'a Rules,
    nodes: Cell<usize>,
    fault: RefCell<Option<Error>>,
}

impl Budget<'_> {
    /// One node more.
    pub(super) fn count<E: serde::de::Error>(&self) -> Result<(), E> {
        self.nodes.set(self.nodes.get() + 1);
        if self.nodes.get() <= self.rules.max_nodes {
            return Ok(());
        }
        let message = format!("the filter has more than {} conditions and values", self.rules.max_nodes);
        Err(self.fail(refused("filter/budget", message)))
    }

    /// Keeps the fault, for serde's errors are texts.
    pub(super) fn fail<E: serde::de::Error>(&self, fault: Error) -> E {
        let text = fault.to_string();
        self.fault.replace(Some(fault));
        E::custom(text)
    }
}

/// `{"v":1,"where":…}`
struct Form<'a>(&'a Budget<'a>);

impl<'de> DeserializeSeed<'de> for Form<'_> {
    type Value = Node;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Node, D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Form<'_> {
    type Value = Node;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(r#"{"v":1,"where":…}"#)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Node, A::Error> {
        let (mut form, mut node) = (None, None);
        while let Some(key) = map.next_key::<String>()? {
            match key.as_str() {
                "v" if form.is_none() => form = Some(map.next_value::<u64>()?),
                "where" if node.is_none() => node = Some(map.next_value_seed(Condition { budget: self.0, depth: 1 })?),
                "v" | "where" => return Err(twice(&key)),
                _ => return Err(unknown(&key, "v, where")),
            }
        }
        match (form, node) {
            (Some(FORM), Some(node)) => Ok(node),
            (Some(FORM), None) => Err(A::Error::missing_field("where")),
            (Some(other), _) => Err(A::Error::custom(format!("`v` is {other}, and only {FORM} is known"))),
            (None, _) => Err(A::Error::missing_field("v")),
        }
    }
}

pub(super) fn twice<E: serde::de::Error>(key: &str) -> E {
    E::custom(format!("`{key}` stands there twice"))
}

pub(super) fn unknown<E: serde::de::Error>(key: &str, known: &str) -> E {
    let key: String = key.chars().take(64).collect();
    E::custom(format!("{key:?} is none of {known}"))
}

/// A connective, a negation or a test.
#[derive(Clone, Copy)]
pub(super) struct Condition<'a> {
    pub(super) budget: &'a Budget<'a>,
    pub(super) depth: usize,
}

impl<'a> Condition<'a> {
    fn below<E: serde::de::Error>(self) -> Result<Self, E> {
        let max = self.budget.rules.max_depth;
        if self.depth < max {
            return Ok(Self { depth: self.depth + 1, ..self });
        }
        Err(self.budget.fail(refused("filter/budget", format!("the filter is nested deeper than {max} levels"))))
    }

    fn parts<'de, A: MapAccess<'de>>(self, map: &mut A) -> Result<Vec<Node>, A::Error> {
        map.next_value_seed(Conditions(self.below()?))
    }
}

impl<'de> DeserializeSeed<'de> for Condition<'_> {
    type Value = Node;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Node, D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Condition<'_> {
    type Value = Node;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(r#"{"all":[…]}, {"any":[…]}, {"not":…} or {"field":…,"op":…,"value":…}"#)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Node, A::Error> {
        self.budget.count()?;
        let Some(key) = map.next_key::<String>()? else {
            return Err(A::Error::custom("a condition has `all`, `any`, `not`, or `field` and `op`"));
        };
        let node = match key.as_str() {
            "all" => Node::All(self.parts(&mut map)?),
            "any" => Node::Any(self.parts(&mut map)?),
            "not" => Node::Not(Box::new(map.next_value_seed(self.below()?)?)),
            _ => return self.leaf(key, map),
        };
        match map.next_key::<String>()? {
            Some(other) => Err(unknown(&other, "nothing: a connective and a negation stand alone")),
            None => Ok(node),
        }
    }
}

impl Condition<'_> {
    fn leaf<'de, A: MapAccess<'de>>(self, first: String, mut map: A) -> Result<Node, A::Error> {
        let mut leaf = Leaf::default();
        let mut key = Some(first);
        while let Some(name) = key {
            let taken = match name.as_str() {
                "field" => leaf.field.replace(map.next_value()?).is_some(),
                "op" => leaf.operator.replace(map.next_value()?).is_some(),
                "value" => {
                    let seed = RawSeed { budget: self.budget, in_list: false };
                    leaf.value.replace(map.next_value_seed(seed)?).is_some()
                }
                _ => return Err(unknown(&name, "all, any, not, field, op, value")),
            };
            if taken {
                return Err(twice(&name));
            }
            key = map.next_key()?;
        }
        if leaf.field.is_none() || leaf.operator.is_none() {
            return Err(A::Error::missing_field(if leaf.field.is_none() { "field" } else { "op" }));
        }
        leaf.node(self.budget).map_err(|fault| self.budget.fail(fault))
    }
}

/// A list of conditions.
struct Conditions<'a>(Condition<'a>);

impl<'de> DeserializeSeed<'de> for Conditions<'_> {
    type Value = Vec<Node>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Vec<Node>, D::Error> {
        deserializer.deserialize_seq(self)
    }
}

impl<'de> Visitor<'de> for Conditions<'_> {
    type Value = Vec<Node>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of conditions")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Vec<Node>, A::Error> {
        let mut nodes = Vec::new();
        while let Some(node) = list.next_element_seed(self.0)? {
            nodes.push(node);
        }
        Ok(nodes)
    }
}
