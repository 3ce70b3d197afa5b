//! Some of many rows.

use sea_query::{Alias, BinOper, ColumnRef, DynIden, Expr, Func, IntoIden, Query, SelectStatement};

use super::{
    Dialect,
    condition::{Conditions, any, binary},
    from, name, ordered,
};
use crate::{
    entity::Role,
    plan::{Reach, Select, primary},
};

/// From so many rows on that are passed over, they are passed over in an index, and the rest of each row is read afterwards.
const DEEP: u64 = 1_000;

/// Some of the rows in reach, without columns and order.
pub(super) fn some<D: Dialect>(conditions: &mut Conditions<D>, plan: &Select) -> SelectStatement {
    if plan.offset < DEEP { page(conditions, plan) } else { deferred(conditions, plan) }
}

fn page<D: Dialect>(conditions: &mut Conditions<D>, plan: &Select) -> SelectStatement {
    let mut select = from(conditions, &plan.reach);
    if let Some(values) = &plan.seek {
        let beyond = conditions.seek(&plan.order, values);
        select.and_where(beyond);
    }
    select.limit(plan.limit);
    if plan.offset > 0 {
        select.offset(plan.offset);
    }
    select
}

/// The same rows, of which the keys are read first.
fn deferred<D: Dialect>(conditions: &mut Conditions<D>, plan: &Select) -> SelectStatement {
    let mut select = match alone(&plan.reach) {
        Some(place) if D::LISTS => listed(conditions, plan, place),
        _ => joined(conditions, plan),
    };
    if let Some(tenant) = conditions.tenant(&plan.reach) {
        select.and_where(tenant);
    }
    select
}

/// The column that says by itself which row it is, of those of the tenant, to which the rows that are read by their keys are kept.
fn alone(reach: &Reach) -> Option<usize> {
    let tenant = reach.table.place(Role::Tenant).filter(|place| reach.value_at(*place).is_some());
    let mut key = primary(reach.table).into_iter().filter(|place| Some(*place) != tenant);
    key.next().filter(|_| key.next().is_none())
}

/// `FROM t WHERE id = ANY(ARRAY((SELECT id FROM t … LIMIT … OFFSET …)))`: the keys are a value, which is looked for in the index.
/// Of a join a planner that does not know the limit reads the whole table.
fn listed<D: Dialect>(conditions: &mut Conditions<D>, plan: &Select, place: usize) -> SelectStatement {
    let mut keys = page(conditions, plan);
    keys.expr(conditions.column(place));
    for key in &plan.order {
        ordered::<D>(&mut keys, plan.reach.table, key);
    }
    let keys = Expr::SubQuery(None, Box::new(keys.into()));
    let mut select = Query::select();
    select.from(name::<D>(plan.reach.table));
    select.and_where(binary(conditions.column(place), BinOper::Equal, any(Func::cust("ARRAY").arg(keys))));
    select
}

/// `FROM t JOIN (SELECT id AS "bw 0" FROM t … LIMIT … OFFSET …) ON id = "bw 0"`
fn joined<D: Dialect>(conditions: &mut Conditions<D>, plan: &Select) -> SelectStatement {
    let table = plan.reach.table;
    let mut keys = page(conditions, plan);
    let mut joined: Option<Expr> = None;
    for (number, place) in primary(table).into_iter().enumerate() {
        let key: DynIden = Alias::new(format!("bw {number}")).into_iden(); // no column is called so
        keys.expr_as(conditions.column(place), key.clone());
        let key = Expr::Column(ColumnRef::Column(key.into()));
        let equal = binary(conditions.column(place), BinOper::Equal, key);
        joined = Some(joined.map_or(equal.clone(), |all| binary(all, BinOper::And, equal)));
    }
    for key in &plan.order {
        ordered::<D>(&mut keys, table, key);
    }
    let joined = joined.unwrap_or_else(|| conditions.constant(1));
    D::rest(keys, name::<D>(table), joined)
}
