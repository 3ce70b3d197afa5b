//! The rows that come after a place in an order.

use sea_query::{BinOper, Expr};

use super::{
    Dialect,
    condition::{Conditions, binary},
};
use crate::{entity::Value, plan::Order};

impl<D: Dialect> Conditions<D> {
    /// The rows after one with these values: rows are compared where all keys run in one direction and none can be null,
    /// otherwise key by key.
    pub(super) fn seek(&mut self, order: &[Order], values: &[Value<'static>]) -> Expr {
        let plain = D::ROWS && order.iter().all(|key| !self.is_nullable(key.place));
        let descending = order.first().is_some_and(|key| key.descending);
        if plain && order.iter().all(|key| key.descending == descending) {
            return self.row_after(order, values, descending);
        }
        let after = self.after(order, values);
        match (order.first(), values.first()) {
            // Says again what follows from the rest, so that an index on the first key is used.
            (Some(key), Some(value)) if !self.is_nullable(key.place) => {
                let word = if key.descending { BinOper::SmallerThanOrEqual } else { BinOper::GreaterThanOrEqual };
                let value = self.value(key.place, value.clone());
                binary(binary(self.column(key.place), word, value), BinOper::And, after)
            }
            _ => after,
        }
    }

    fn row_after(&mut self, order: &[Order], values: &[Value<'static>], descending: bool) -> Expr {
        let columns = order.iter().map(|key| self.column(key.place)).collect();
        let pairs = order.iter().zip(values);
        let values = pairs.map(|(key, value)| self.value(key.place, value.clone())).collect();
        let word = if descending { BinOper::SmallerThan } else { BinOper::GreaterThan };
        binary(Expr::Tuple(columns), word, Expr::Tuple(values))
    }

    /// After it in the first key; or equal there, and after it in the others.
    fn after(&mut self, order: &[Order], values: &[Value<'static>]) -> Expr {
        let never = binary(self.constant(1), BinOper::Equal, self.constant(0));
        let (Some((key, keys)), Some((value, values))) = (order.split_first(), values.split_first()) else {
            return never;
        };
        let beyond = self.beyond(key, value);
        if keys.is_empty() {
            return beyond;
        }
        let equal = self.equal(key, value);
        let rest = self.after(keys, values);
        binary(beyond, BinOper::Or, binary(equal, BinOper::And, rest))
    }

    fn beyond(&mut self, key: &Order, value: &Value<'static>) -> Expr {
        let nullable = self.is_nullable(key.place);
        match (value.is_null(), key.nulls_first) {
            (true, true) => self.is_not_null(key.place),
            (true, false) => binary(self.constant(1), BinOper::Equal, self.constant(0)),
            (false, nulls_first) => {
                let word = if key.descending { BinOper::SmallerThan } else { BinOper::GreaterThan };
                let value = self.value(key.place, value.clone());
                let more = binary(self.column(key.place), word, value);
                if nullable && !nulls_first { binary(more, BinOper::Or, self.is_null(key.place)) } else { more }
            }
        }
    }

    fn equal(&mut self, key: &Order, value: &Value<'static>) -> Expr {
        if value.is_null() {
            return self.is_null(key.place);
        }
        let value = self.value(key.place, value.clone());
        binary(self.column(key.place), BinOper::Equal, value)
    }
}
