//! From the tree to text.

use serde::ser::{Error as _, Serialize, SerializeMap, Serializer};

use super::{FORM, refused};
use crate::{
    codec,
    entity::{ColumnDef, Table, Value},
    error::Error,
    specification::{Node, Operator, Test},
};

/// Writes a condition on the rows of a table.
pub(in crate::specification) fn write(table: &'static Table, node: &Node) -> Result<String, Error> {
    let bytes = codec::encode(&Form(Part { table, node }))
        .map_err(|error| refused("filter/type", "the condition holds what no column can").caused_by(error))?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

struct Form<'a>(Part<'a>);

impl Serialize for Form<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(2))?;
        map.serialize_entry("v", &FORM)?;
        map.serialize_entry("where", &self.0)?;
        map.end()
    }
}

struct Part<'a> {
    table: &'static Table,
    node: &'a Node,
}

impl<'a> Part<'a> {
    fn of(&self, node: &'a Node) -> Self {
        Part { table: self.table, node }
    }

    fn leaf<S: Serializer, V: Serialize>(
        &self,
        serializer: S,
        (place, operator): (usize, Operator),
        value: Option<&V>,
    ) -> Result<S::Ok, S::Error> {
        let Some(column) = self.table.columns().get(place) else { return Err(S::Error::custom("no such column")) };
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("field", column.name())?;
        map.serialize_entry("op", operator.name())?;
        if let Some(value) = value {
            map.serialize_entry("value", value)?;
        }
        map.end()
    }
}

impl Serialize for Part<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.node {
            Node::All(parts) => one(serializer, "all", &self.parts(parts)),
            Node::Any(parts) => one(serializer, "any", &self.parts(parts)),
            Node::Not(inner) => one(serializer, "not", &self.of(inner)),
            Node::Cmp { place, test, value } => self.leaf(serializer, (*place, operator(*test)), Some(&Shape(value))),
            Node::In { place, values } => {
                let values: Vec<Shape<'_>> = values.iter().map(Shape).collect();
                self.leaf(serializer, (*place, Operator::In), Some(&values))
            }
            Node::IsNull { place } => self.null(serializer, *place),
        }
    }
}

impl<'a> Part<'a> {
    fn parts(&self, nodes: &'a [Node]) -> Vec<Self> {
        nodes.iter().map(|node| self.of(node)).collect()
    }

    /// A column that is never null has no operator `is_null`; `same` with null says it of every column.
    fn null<S: Serializer>(&self, serializer: S, place: usize) -> Result<S::Ok, S::Error> {
        if self.table.columns().get(place).is_some_and(ColumnDef::is_nullable) {
            return self.leaf::<S, ()>(serializer, (place, Operator::IsNull), None);
        }
        self.leaf(serializer, (place, Operator::Same), Some(&()))
    }
}

fn one<S: Serializer, V: Serialize>(serializer: S, key: &str, value: &V) -> Result<S::Ok, S::Error> {
    let mut map = serializer.serialize_map(Some(1))?;
    map.serialize_entry(key, value)?;
    map.end()
}

fn operator(test: Test) -> Operator {
    match test {
        Test::Eq => Operator::Eq,
        Test::Ne => Operator::Ne,
        Test::Lt => Operator::Lt,
        Test::Le => Operator::Le,
        Test::Gt => Operator::Gt,
        Test::Ge => Operator::Ge,
        Test::Same => Operator::Same,
        Test::StartsWith => Operator::StartsWith,
        Test::Contains => Operator::Contains,
        Test::EndsWith => Operator::EndsWith,
        Test::ContainsCi => Operator::ContainsCi,
    }
}

/// A value; numbers as numbers, what has no type in JSON as text.
struct Shape<'a>(&'a Value<'static>);

impl Serialize for Shape<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            Value::Null(_) => serializer.serialize_unit(),
            Value::Bool(flag) => serializer.serialize_bool(*flag),
            Value::Int(number) => serializer.serialize_i64(*number),
            Value::Float(number) => serializer.serialize_f64(*number),
            Value::Text(text) | Value::Json(text) => serializer.serialize_str(text),
            Value::Uuid(uuid) => serializer.collect_str(uuid),
            Value::Time(time) => serializer.collect_str(time),
            Value::Date(date) => serializer.collect_str(date),
            Value::Decimal(decimal) => serializer.collect_str(decimal),
            Value::Bytes(_) => Err(S::Error::custom("bytes cannot be compared")),
            Value::Unfit(_, why) => Err(S::Error::custom(why)),
        }
    }
}
