//! Plans as statements, through sea-query.
//!
//! sea-query never sees a value. It is given tokens, numbers of parameters, and writes placeholders for them; the parameters
//! are collected in the order in which the placeholders stand.

mod condition;
#[cfg(any(feature = "postgres", feature = "mysql"))]
mod found;
#[cfg(feature = "mysql")]
mod mysql;
mod page;
#[cfg(feature = "postgres")]
mod postgres;
mod related;
mod seek;
#[cfg(feature = "sqlite")]
mod sqlite;

#[cfg(any(feature = "postgres", feature = "mysql"))]
pub(in crate::sql) use self::found::render_found;
use std::fmt;

use sea_query::{
    Alias, ColumnRef, DynIden, Expr, Func, IntoIden, IntoTableRef, JoinType, LockBehavior, LockType, NullOrdering,
    Order as Direction, Query, QueryBuilder, QueryStatementWriter, SelectStatement, SqlWriter, TableRef,
    Value as Token,
};

use self::condition::Conditions;
use super::{Param, Statement, flat_name, insert::insert};
use crate::{
    entity::{ColumnDef, Kind, Table},
    plan::{Order, Reach, Select, Set, Wait, Write, raw::Flavour},
};

/// What a database says in its own way.
pub(in crate::sql) trait Dialect: QueryBuilder + Default {
    /// Which texts of users are for it.
    const FLAVOUR: Flavour;

    /// Whether tables lie in schemas; elsewhere the schema is a part of the name.
    const SCHEMAS: bool = false;

    /// Whether a list is one parameter.
    const LISTS: bool = false;

    /// Whether an index finds the rows that come after another, compared as a whole.
    const ROWS: bool = true;

    /// Whether where null stands is said as a key of its own. It is left out then where null stands first by itself,
    /// before the least value, because no index has that key.
    const NULLS: bool = false;

    /// Whether the text of a column has the text of a parameter in it.
    fn contains(column: Expr, part: Expr) -> Expr;

    /// The same, the letters A to Z of the column in either case; those of the part are small.
    fn contains_ci(column: Expr, part: Expr) -> Expr;

    /// Whether the text of a column ends as the text of a parameter, which has so many characters.
    fn ends_with(column: Expr, part: Expr, length: Expr) -> Expr;

    /// The rows of a table, and the keys of a page that they are on.
    fn rest(keys: SelectStatement, table: TableRef, on: Expr) -> SelectStatement {
        let mut rows = Query::select();
        rows.from(table).join_subquery(JoinType::InnerJoin, keys, Alias::new("bw page"), on);
        rows
    }

    /// Whether both are equal or both are null.
    fn same(column: Expr, other: Expr) -> Expr;

    /// What is selected to sum up a column of this kind, without loss and without an end that the sum runs into. Without values it
    /// is null. What it is made of, the adapter knows, which reads it.
    fn sum(column: Expr, kind: Kind) -> Vec<Expr>;
}

/// Reads rows.
pub(in crate::sql) fn render_select<D: Dialect>(plan: &Select) -> Statement {
    let mut conditions = Conditions::<D>::new(plan.reach.table);
    let mut select = page::some(&mut conditions, plan);
    select.columns(plan.reach.table.columns().iter().map(column));
    for key in &plan.order {
        ordered::<D>(&mut select, plan.reach.table, key);
    }
    if let Some(wait) = plan.lock {
        locked(&mut select, wait);
    }
    conditions.statement(&select)
}

/// On SQLite nothing is said: who may write there is alone.
fn locked(select: &mut SelectStatement, wait: Wait) {
    match wait {
        Wait::Block => select.lock_exclusive(),
        Wait::NoWait => select.lock_with_behavior(LockType::Update, LockBehavior::Nowait),
        Wait::SkipLocked => select.lock_with_behavior(LockType::Update, LockBehavior::SkipLocked),
    };
}

/// Counts rows, no further than to `most`.
pub(in crate::sql) fn render_count<D: Dialect>(reach: &Reach, most: u64) -> Statement {
    let mut conditions = Conditions::<D>::new(reach.table);
    let mut select = from(&mut conditions, reach);
    if most == u64::MAX {
        select.expr(Func::count(conditions.constant(1)));
        return conditions.statement(&select);
    }
    select.expr(conditions.constant(1)).limit(most);
    let mut count = Query::select();
    count.expr(Func::count(conditions.constant(1))).from_subquery(select, Alias::new("found"));
    conditions.statement(&count)
}

/// Sums up a column.
pub(in crate::sql) fn render_sum<D: Dialect>(reach: &Reach, place: usize) -> Statement {
    let mut conditions = Conditions::<D>::new(reach.table);
    let mut select = from(&mut conditions, reach);
    let kind = reach.table.columns().get(place).map_or(Kind::Int, ColumnDef::kind);
    select.exprs(D::sum(conditions.column(place), kind));
    conditions.statement(&select)
}

/// Writes rows.
pub(in crate::sql) fn render_write<D: Dialect>(plan: Write) -> Statement {
    match plan {
        Write::Insert { table, rows } => insert::<D>(table, rows),
        Write::Update { reach, set } => update::<D>(&reach, set),
        Write::Delete { reach } => {
            let mut conditions = Conditions::<D>::new(reach.table);
            let mut delete = Query::delete();
            delete.from_table(name::<D>(reach.table));
            for part in conditions.parts(&reach) {
                delete.and_where(part);
            }
            conditions.statement(&delete)
        }
    }
}

fn update<D: Dialect>(reach: &Reach, set: Vec<(usize, Set)>) -> Statement {
    let mut conditions = Conditions::<D>::new(reach.table);
    let mut update = Query::update();
    update.table(name::<D>(reach.table));
    for (place, set) in set {
        let Some(own) = reach.table.columns().get(place) else { continue };
        let value = match set {
            Set::To(value) => conditions.value(place, value),
            Set::Next => conditions.next(place),
        };
        update.value(column(own), value);
    }
    for part in conditions.parts(reach) {
        update.and_where(part);
    }
    conditions.statement(&update)
}

fn from<D: Dialect>(conditions: &mut Conditions<D>, reach: &Reach) -> SelectStatement {
    let mut select = Query::select();
    select.from(name::<D>(reach.table));
    for part in conditions.parts(reach) {
        select.and_where(part);
    }
    select
}

fn ordered<D: Dialect>(select: &mut SelectStatement, table: &Table, key: &Order) {
    let Some(own) = table.columns().get(key.place) else { return };
    let direction = if key.descending { Direction::Desc } else { Direction::Asc };
    if !own.is_nullable() || (D::NULLS && key.nulls_first != key.descending) {
        select.order_by(column(own), direction);
        return;
    }
    let nulls = if key.nulls_first { NullOrdering::First } else { NullOrdering::Last };
    select.order_by_with_nulls(column(own), direction, nulls);
}

fn name<D: Dialect>(table: &Table) -> TableRef {
    match table.schema_name().filter(|_| D::SCHEMAS) {
        Some(schema) => (schema.into_iden(), own_name::<D>(table)).into_table_ref(),
        None => own_name::<D>(table).into_table_ref(),
    }
}

/// Its name without the schema that it lies in.
fn own_name<D: Dialect>(table: &Table) -> DynIden {
    if D::SCHEMAS { table.name().into_iden() } else { Alias::new(flat_name(table)).into_iden() }
}

fn column(own: &ColumnDef) -> DynIden {
    own.sql_name().into_iden()
}

fn named(own: &ColumnDef) -> Expr {
    Expr::Column(ColumnRef::Column(column(own).into()))
}

/// Writes the text, and a parameter for each token.
struct Writer<'p> {
    sql: String,
    placeholder: (&'static str, bool),
    known: &'p [Param],
    params: Vec<Param>,
}

impl fmt::Write for Writer<'_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.sql.push_str(text);
        Ok(())
    }
}

impl fmt::Display for Writer<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.sql)
    }
}

impl SqlWriter for Writer<'_> {
    fn push_param<T: QueryBuilder>(&mut self, token: Token, _: &T) {
        let param = match token {
            Token::BigInt(Some(number)) => {
                usize::try_from(number).ok().and_then(|number| self.known.get(number)).cloned()
            }
            Token::BigUnsigned(Some(number)) => Some(Param::Number(i64::try_from(number).unwrap_or(i64::MAX))),
            _ => None,
        };
        self.params.extend(param); // one that is missing makes the count wrong, which every driver refuses
        self.sql.push_str(self.placeholder.0);
        if self.placeholder.1 {
            self.sql.push_str(&self.params.len().to_string());
        }
    }

    fn as_writer(&mut self) -> &mut dyn fmt::Write {
        self
    }
}

impl<D: Dialect> Conditions<D> {
    fn statement(&self, statement: &impl QueryStatementWriter) -> Statement {
        let dialect = D::default();
        let params = Vec::with_capacity(self.params.len() + 2);
        let placeholder = dialect.placeholder();
        let mut writer = Writer { sql: String::with_capacity(256), placeholder, known: &self.params, params };
        statement.build_collect_into(dialect, &mut writer);
        Statement { sql: writer.sql, params: writer.params, by_hand: false }
    }
}
