//! One step from page to page: in which order, from where, and what the next cursors are.

use super::{Cursor, CursorKeys, Find, Page, PageRequest, Total, cursor::refused, sort::complete};
use crate::{
    entity::{ColumnDef, Entity, Value},
    error::Error,
    plan::{Order, Reach, Select},
    timestamp::Timestamp,
};

pub(super) struct Walk<'f> {
    keys: &'f CursorKeys,
    now: Timestamp,
    /// The order of the find.
    order: Vec<Order>,
    /// What belongs to the find and not to the page: a cursor is good for nothing else.
    find: String,
    seek: Option<Vec<Value<'static>>>,
    backwards: bool,
}

impl<'f> Walk<'f> {
    pub(super) fn new<E: Entity>(find: &'f Find<'_, '_, E>, request: &PageRequest) -> Result<Self, Error> {
        let (keys, now) = (find.repository.keys(), find.repository.scope.now());
        let order = complete(&find.options.keys);
        let having = find.options.having.iter();
        let having = having.map(|(having, lacking)| format!("{lacking} {}", having.fingerprint())).collect::<Vec<_>>();
        let (tenants, life) = (find.repository.scope.tenants(), find.repository.life);
        let table = (E::TABLE.entity(), E::TABLE.schema_name(), E::TABLE.name());
        let spec = find.options.spec.clone().normal().to_json()?;
        let mut find = format!("{:?}", (table, named::<E>(&order), tenants, life, spec));
        find.extend(having);
        let seek = request.cursor.as_ref().map(|cursor| keys.open(cursor, &find, now)).transpose()?;
        if seek.as_ref().is_some_and(|values| !fit::<E>(&order, values)) {
            return Err(refused("it holds values of other columns"));
        }
        Ok(Self { keys, now, order, find, seek, backwards: request.backwards })
    }

    pub(super) fn plan(&self, reach: Reach, limit: u64) -> Select {
        let order = if self.backwards { self.order.iter().map(reversed).collect() } else { self.order.clone() };
        Select { order, seek: self.seek.clone(), ..reach.up_to(limit) }
    }

    /// The page, given its rows as they were read, and whether there are more in this direction.
    pub(super) fn page<E: Entity>(&self, mut items: Vec<E>, more: bool, total: Total) -> Result<Page<E>, Error> {
        let began = self.seek.is_some();
        let (next, prev) = if self.backwards { (began, more) } else { (more, began) };
        if self.backwards {
            items.reverse();
        }
        let next = items.last().filter(|_| next).map(|row| self.cursor(row)).transpose()?;
        let prev = items.first().filter(|_| prev).map(|row| self.cursor(row)).transpose()?;
        Ok(Page { items, next, prev, total })
    }

    fn cursor<E: Entity>(&self, row: &E) -> Result<Cursor, Error> {
        let values: Vec<Value<'_>> = self.order.iter().map(|key| row.value(key.place)).collect();
        self.keys.seal(&values, &self.find, self.now)
    }
}

/// The order by the names of its columns, which stay when others are added.
fn named<E: Entity>(order: &[Order]) -> Vec<(Option<&'static str>, bool, bool)> {
    let name = |key: &Order| E::TABLE.columns().get(key.place).map(ColumnDef::sql_name);
    order.iter().map(|key| (name(key), key.descending, key.nulls_first)).collect()
}

fn reversed(key: &Order) -> Order {
    Order { descending: !key.descending, nulls_first: !key.nulls_first, ..*key }
}

/// Whether the values are those of the columns of the order.
fn fit<E: Entity>(order: &[Order], values: &[Value<'static>]) -> bool {
    let fits = |(key, value): (&Order, &Value<'static>)| {
        let column = E::TABLE.columns().get(key.place);
        column.is_some_and(|column| column.kind() == value.kind() && (column.is_nullable() || !value.is_null()))
    };
    order.len() == values.len() && order.iter().zip(values).all(fits)
}
