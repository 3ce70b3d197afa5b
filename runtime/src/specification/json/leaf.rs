//! One test: which column, which operator, which value.

use super::{raw::Raw, read::Budget, refused};
use crate::{
    entity::{ColumnDef, Date, Filtering, Kind, Value, parse_decimal},
    error::Error,
    id::Uuid,
    specification::{Node, Operator, Test},
    timestamp::Timestamp,
};

/// The keys of a test as they were read.
#[derive(Default)]
pub(super) struct Leaf {
    pub(super) field: Option<String>,
    pub(super) operator: Option<String>,
    pub(super) value: Option<Raw>,
}

impl Leaf {
    pub(super) fn node(self, budget: &Budget<'_>) -> Result<Node, Error> {
        let (place, column) = found(budget, &self.field.unwrap_or_default())?;
        let operator = operator(&self.operator.unwrap_or_default(), column)?;
        if !budget.rules.allow(place, operator) {
            let message = format!("`{operator}` may not be used on `{}` here", column.name());
            return Err(refused("filter/operator", message));
        }
        let reader = Reader { budget, place, column, operator };
        match self.value {
            None if matches!(operator, Operator::IsNull | Operator::NotNull) => Ok(reader.null()),
            None => Err(refused("filter/type", format!("`{operator}` needs a `value`"))),
            Some(_) if matches!(operator, Operator::IsNull | Operator::NotNull) => {
                Err(refused("filter/type", format!("`{operator}` takes no `value`")))
            }
            Some(value) => reader.read(value),
        }
    }
}

/// The column of this name, byte for byte, if a filter may name it.
fn found(budget: &Budget<'_>, name: &str) -> Result<(usize, &'static ColumnDef), Error> {
    let open = |(place, column): &(usize, &ColumnDef)| {
        column.filtering() != Filtering::No && budget.rules.name(*place, column)
    };
    budget.table.find(name).filter(open).ok_or_else(|| {
        let name: String = name.chars().take(64).collect();
        refused("filter/field", "this is no field by which may be filtered").with("field", format!("{name:?}"))
    })
}

fn operator(name: &str, column: &ColumnDef) -> Result<Operator, Error> {
    let known = Operator::from_name(name).filter(|operator| operator.fits(column));
    known.ok_or_else(|| {
        let own: Vec<&str> = Operator::ALL.iter().filter(|own| own.fits(column)).map(|own| own.name()).collect();
        let message = format!("`{}` has the operators {}", column.name(), own.join(", "));
        let name: String = name.chars().take(64).collect();
        refused("filter/operator", message).with("op", format!("{name:?}"))
    })
}

/// A test whose column and operator are known.
struct Reader<'a> {
    budget: &'a Budget<'a>,
    place: usize,
    column: &'static ColumnDef,
    operator: Operator,
}

impl Reader<'_> {
    fn null(&self) -> Node {
        let null = Node::IsNull { place: self.place };
        if self.operator == Operator::NotNull { not(null) } else { null }
    }

    fn read(&self, value: Raw) -> Result<Node, Error> {
        let cmp = |test| Ok(Node::Cmp { place: self.place, test, value: self.value(value.clone())? });
        match self.operator {
            Operator::Same | Operator::NotSame => self.same(value),
            Operator::In | Operator::NotIn => self.list(value),
            Operator::Between => self.between(value),
            Operator::Eq => cmp(Test::Eq),
            Operator::Ne => cmp(Test::Ne),
            Operator::Lt => cmp(Test::Lt),
            Operator::Le => cmp(Test::Le),
            Operator::Gt => cmp(Test::Gt),
            Operator::Ge => cmp(Test::Ge),
            Operator::StartsWith => self.pattern(Test::StartsWith, value),
            Operator::Contains => self.pattern(Test::Contains, value),
            Operator::EndsWith => self.pattern(Test::EndsWith, value),
            Operator::ContainsCi => self.pattern(Test::ContainsCi, value),
            Operator::IsNull | Operator::NotNull => Ok(self.null()),
        }
    }

    fn same(&self, value: Raw) -> Result<Node, Error> {
        let node = match value {
            Raw::Null => Node::IsNull { place: self.place },
            value => Node::Cmp { place: self.place, test: Test::Same, value: self.value(value)? },
        };
        Ok(if self.operator == Operator::NotSame { not(node) } else { node })
    }

    fn list(&self, value: Raw) -> Result<Node, Error> {
        let Raw::List(values) = value else { return Err(self.wrong("a list of values is wanted")) };
        let values = values.into_iter().map(|value| self.value(value)).collect::<Result<_, _>>()?;
        let node = Node::In { place: self.place, values };
        Ok(if self.operator == Operator::NotIn { not(node) } else { node })
    }

    fn between(&self, value: Raw) -> Result<Node, Error> {
        let Raw::List(values) = value else { return Err(self.wrong("a list of two values is wanted")) };
        let Ok([least, most]) = <[Raw; 2]>::try_from(values) else {
            return Err(self.wrong("a list of two values is wanted"));
        };
        let least = Node::Cmp { place: self.place, test: Test::Ge, value: self.value(least)? };
        Ok(least.and(Node::Cmp { place: self.place, test: Test::Le, value: self.value(most)? }))
    }

    fn pattern(&self, test: Test, value: Raw) -> Result<Node, Error> {
        let Raw::Text(text) = value else { return Err(self.wrong("a text is wanted")) };
        self.budget_of(&text, self.budget.rules.max_pattern)?;
        if text.contains('\0') {
            return Err(self.wrong("a text holds no NUL"));
        }
        Ok(Node::Cmp { place: self.place, test, value: Value::Text(text.into()) })
    }

    /// A value of the column's type.
    fn value(&self, value: Raw) -> Result<Value<'static>, Error> {
        if let Raw::Text(text) = &value {
            self.budget_of(text, self.budget.rules.max_text)?;
        }
        let what = value.what();
        let value = plain(self.column.kind(), value);
        let value =
            value.ok_or_else(|| self.wrong(&format!("{} is wanted, and this is {what}", self.column.kind())))?;
        self.column.accept(value).map_err(|why| self.wrong(why.reason()))
    }

    fn budget_of(&self, text: &str, max: usize) -> Result<(), Error> {
        if text.len() <= max {
            return Ok(());
        }
        let message = format!("the text for `{}` is longer than {max} bytes", self.column.name());
        Err(refused("filter/budget", message))
    }

    fn wrong(&self, why: &str) -> Error {
        let message = format!("the value for `{}` of `{}` does not fit", self.operator, self.column.name());
        let why = if self.column.is_sensitive() { "it is of another form" } else { why };
        refused("filter/type", message).with("reason", why)
    }
}

fn not(node: Node) -> Node {
    Node::Not(Box::new(node))
}

/// What the JSON says, as a value of this kind.
fn plain(kind: Kind, value: Raw) -> Option<Value<'static>> {
    match (kind, value) {
        (Kind::Bool, Raw::Bool(flag)) => Some(Value::Bool(flag)),
        (Kind::Int, Raw::Int(number)) => Some(Value::Int(number)),
        (Kind::Int, Raw::Text(text)) => text.parse().ok().map(Value::Int),
        (Kind::Float, Raw::Float(number)) => number.is_finite().then_some(Value::Float(number)),
        (Kind::Float, Raw::Int(number)) => exact(number).map(Value::Float),
        (Kind::Text, Raw::Text(text)) => Some(Value::Text(text.into())),
        (Kind::Uuid, Raw::Text(text)) => Uuid::parse_str(&text).ok().map(Value::Uuid),
        (Kind::Time, Raw::Text(text)) => text.parse::<Timestamp>().ok().map(Value::Time),
        (Kind::Date, Raw::Text(text)) => text.parse::<Date>().ok().map(Value::Date),
        (Kind::Decimal, Raw::Text(text)) => parse_decimal(&text).ok().map(Value::Decimal),
        _ => None,
    }
}

/// A whole number that a floating point number holds exactly.
fn exact(number: i64) -> Option<f64> {
    #[expect(clippy::cast_precision_loss, reason = "it is looked whether it was lost")]
    let float = number as f64;
    #[expect(clippy::cast_possible_truncation, reason = "below 2^53 nothing is")]
    let back = float as i64;
    (number.unsigned_abs() <= 1 << 53 && back == number).then_some(float)
}
