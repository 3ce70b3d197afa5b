//! Conditions as expressions.

use std::marker::PhantomData;

use sea_query::{BinOper, Expr, Func, UnOper, Value as Token};

use super::{Dialect, Param, named};
use crate::{
    entity::{Table, Value},
    specification::{Node, Test},
};

/// A list in a statement has one of these lengths, so that few statements are ever prepared.
const LENGTHS: [usize; 11] = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1_024];

/// The conditions of one statement, and what is bound to their placeholders.
pub(super) struct Conditions<D> {
    table: &'static Table,
    pub(super) params: Vec<Param>,
    dialect: PhantomData<D>,
}

impl<D: Dialect> Conditions<D> {
    pub(super) fn new(table: &'static Table) -> Self {
        Self { table, params: Vec::new(), dialect: PhantomData }
    }

    /// Speaks of another table from here on; of which it was until now.
    pub(super) fn enter(&mut self, table: &'static Table) -> &'static Table {
        std::mem::replace(&mut self.table, table)
    }

    pub(super) fn condition(&mut self, node: &Node) -> Expr {
        match node {
            Node::All(parts) => self.connective(parts, BinOper::And),
            Node::Any(parts) => self.connective(parts, BinOper::Or),
            Node::Not(inner) => Expr::Unary(UnOper::Not, Box::new(self.condition(inner))),
            Node::Cmp { place, test, value } => self.test(*place, *test, value),
            Node::In { place, values } => self.list(*place, values),
            Node::IsNull { place } => self.is_null(*place),
        }
    }

    fn connective(&mut self, parts: &[Node], word: BinOper) -> Expr {
        let empty = if word == BinOper::And { 1 } else { 0 };
        let joined = parts.iter().map(|part| self.condition(part)).collect::<Vec<_>>();
        let joined = balanced(joined, word);
        joined.unwrap_or_else(|| binary(self.constant(1), BinOper::Equal, self.constant(empty)))
    }

    fn test(&mut self, place: usize, test: Test, value: &Value<'static>) -> Expr {
        if test > Test::Same {
            return self.part(place, test, value.as_text().unwrap_or_default());
        }
        let (column, other) = (self.column(place), self.value(place, value.clone()));
        match test {
            Test::Same => D::same(column, other),
            Test::Ne => binary(column, BinOper::NotEqual, other),
            Test::Lt => binary(column, BinOper::SmallerThan, other),
            Test::Le => binary(column, BinOper::SmallerThanOrEqual, other),
            Test::Gt => binary(column, BinOper::GreaterThan, other),
            Test::Ge => binary(column, BinOper::GreaterThanOrEqual, other),
            _ => binary(column, BinOper::Equal, other),
        }
    }

    /// A part of a text; every text has the empty one, and of null it is unknown.
    fn part(&mut self, place: usize, test: Test, part: &str) -> Expr {
        let column = self.column(place);
        if part.is_empty() {
            return binary(column.clone(), BinOper::Equal, column);
        }
        if test == Test::StartsWith {
            return self.starts_with(place, part);
        }
        let own = if test == Test::ContainsCi { part.to_ascii_lowercase() } else { part.to_owned() };
        let own = self.value(place, Value::Text(own.into()));
        match test {
            Test::EndsWith => {
                let length = i64::try_from(part.chars().count()).unwrap_or(i64::MAX);
                let length = self.param(Param::Number(length));
                D::ends_with(column, own, length)
            }
            Test::ContainsCi => D::contains_ci(column, own),
            _ => D::contains(column, own),
        }
    }

    /// From the part itself to the first text that comes after all that begin with it: an index can be used.
    fn starts_with(&mut self, place: usize, part: &str) -> Expr {
        let least = self.value(place, Value::Text(part.to_owned().into()));
        let least = binary(self.column(place), BinOper::GreaterThanOrEqual, least);
        let Some(after) = successor(part) else { return least };
        let after = self.value(place, Value::Text(after.into()));
        binary(least, BinOper::And, binary(self.column(place), BinOper::SmallerThan, after))
    }

    fn list(&mut self, place: usize, values: &[Value<'static>]) -> Expr {
        if D::LISTS
            && let Some(column) = self.table.columns().get(place)
        {
            let list = self.param(Param::List(column, values.to_vec()));
            return binary(self.column(place), BinOper::Equal, any(list));
        }
        let most = LENGTHS[LENGTHS.len() - 1];
        let lists: Vec<Expr> = values.chunks(most).map(|values| self.short_list(place, values)).collect();
        let joined = balanced(lists, BinOper::Or);
        joined.unwrap_or_else(|| binary(self.constant(1), BinOper::Equal, self.constant(0)))
    }

    /// Filled up to the next length with its last value.
    fn short_list(&mut self, place: usize, values: &[Value<'static>]) -> Expr {
        let length = LENGTHS.into_iter().find(|length| *length >= values.len()).unwrap_or(values.len());
        let filled = values.iter().chain(values.last().into_iter().cycle()).take(length);
        let values = filled.map(|value| self.value(place, value.clone())).collect();
        binary(self.column(place), BinOper::In, Expr::Tuple(values))
    }

    pub(super) fn is_null(&self, place: usize) -> Expr {
        binary(self.column(place), BinOper::Is, Expr::Keyword(sea_query::Keyword::Null))
    }

    pub(super) fn is_not_null(&self, place: usize) -> Expr {
        binary(self.column(place), BinOper::IsNot, Expr::Keyword(sea_query::Keyword::Null))
    }

    pub(super) fn column(&self, place: usize) -> Expr {
        self.table.columns().get(place).map_or_else(|| self.constant(0), named)
    }

    pub(super) fn is_nullable(&self, place: usize) -> bool {
        self.table.columns().get(place).is_some_and(crate::entity::ColumnDef::is_nullable)
    }

    /// One more than is there.
    pub(super) fn next(&self, place: usize) -> Expr {
        binary(self.column(place), BinOper::Add, self.constant(1))
    }

    /// A placeholder for a value of this column.
    pub(super) fn value(&mut self, place: usize, value: Value<'static>) -> Expr {
        match self.table.columns().get(place) {
            Some(column) => self.param(Param::Of(column, value)),
            None => self.constant(0),
        }
    }

    /// A number of ours, in the text.
    pub(super) fn constant(&self, number: i32) -> Expr {
        Expr::Constant(Token::Int(Some(number)))
    }

    fn param(&mut self, param: Param) -> Expr {
        self.params.push(param);
        Expr::Value(Token::BigInt(i64::try_from(self.params.len() - 1).ok()))
    }
}

pub(super) fn binary(left: Expr, word: BinOper, right: Expr) -> Expr {
    Expr::Binary(Box::new(left), word, Box::new(right))
}

/// One of a list.
pub(super) fn any(list: impl Into<Expr>) -> Expr {
    Func::cust("ANY").arg(list.into()).into()
}

/// All parts with a word between, nested no deeper than need be: whoever reads the tree does it by recursion.
fn balanced(mut parts: Vec<Expr>, word: BinOper) -> Option<Expr> {
    if parts.len() <= 1 {
        return parts.pop();
    }
    let right = balanced(parts.split_off(parts.len() / 2), word)?;
    Some(binary(balanced(parts, word)?, word, right))
}

/// The least text that is greater than all texts that begin so; none if there is no such text.
fn successor(part: &str) -> Option<String> {
    let mut characters: Vec<char> = part.chars().collect();
    while let Some(last) = characters.pop() {
        let next = match last {
            char::MAX => continue,
            '\u{D7FF}' => Some('\u{E000}'),
            other => char::from_u32(u32::from(other) + 1),
        };
        characters.extend(next);
        return Some(characters.into_iter().collect());
    }
    None
}
