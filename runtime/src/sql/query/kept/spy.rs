//! A database without rows that reads what it would be sent.

use std::{
    future::ready,
    sync::atomic::{AtomicUsize, Ordering},
};

use sea_query::{MysqlQueryBuilder, PostgresQueryBuilder, SqliteQueryBuilder};
use sqlparser::dialect::{Dialect as Language, MySqlDialect, PostgreSqlDialect, SQLiteDialect};

use super::parsed;
use crate::{
    entity::{Kind, Value},
    error::Error,
    plan::{Answer, Batch, Reach, Select, Sink, Statements, Upsert, Write},
    sql::query::{Param, Statement, render_count, render_found, render_select, render_sum, render_write},
};

/// Parses what three databases would be sent, and counts.
#[derive(Default)]
pub(super) struct Spy(AtomicUsize);

impl Spy {
    pub(super) fn parsed(&self) -> usize {
        self.0.load(Ordering::Relaxed)
    }

    fn read(&self, language: &dyn Language, statement: &Statement) {
        self.0.fetch_add(1, Ordering::Relaxed);
        let sql = statement.sql.replace(" >> ", " / "); // the parser knows no shifts of two of the languages
        parsed::kept(language, &sql).unwrap_or_else(|wrong| panic!("{wrong}"));
        let acme = |param: &Param| matches!(param, Param::Of(column, Value::Text(text)) if column.name() == "tenant" && text == "acme");
        assert!(statement.params.iter().any(acme), "{statement:?}");
    }

    fn all(&self, render: [&dyn Fn() -> Statement; 3]) {
        let languages: [&dyn Language; 3] = [&SQLiteDialect {}, &PostgreSqlDialect {}, &MySqlDialect {}];
        for (language, render) in languages.into_iter().zip(render) {
            self.read(language, &render());
        }
    }

    fn write(&self, plan: &Write) {
        if matches!(plan, Write::Insert { .. }) {
            return; // a row, whose tenant is stamped
        }
        self.all([
            &|| render_write::<SqliteQueryBuilder>(plan.clone()),
            &|| render_write::<PostgresQueryBuilder>(plan.clone()),
            &|| render_write::<MysqlQueryBuilder>(plan.clone()),
        ]);
    }
}

fn answer<T: Send + 'static>(value: T) -> Answer<'static, T> {
    Box::pin(ready(Ok(value)))
}

impl Statements for Spy {
    fn select(&self, plan: Select, sink: Box<dyn Sink>) -> Answer<'_, Box<dyn Sink>> {
        self.all([
            &|| render_select::<SqliteQueryBuilder>(&plan),
            &|| render_select::<PostgresQueryBuilder>(&plan),
            &|| render_select::<MysqlQueryBuilder>(&plan),
        ]);
        answer(sink)
    }

    fn count(&self, reach: Reach, most: u64) -> Answer<'_, u64> {
        self.all([
            &|| render_count::<SqliteQueryBuilder>(&reach, most),
            &|| render_count::<PostgresQueryBuilder>(&reach, most),
            &|| render_count::<MysqlQueryBuilder>(&reach, most),
        ]);
        answer(0)
    }

    fn estimate(&self, reach: Reach) -> Answer<'_, Option<u64>> {
        self.read(&PostgreSqlDialect {}, &render_found::<PostgresQueryBuilder>(&reach));
        self.read(&MySqlDialect {}, &render_found::<MysqlQueryBuilder>(&reach));
        answer(None)
    }

    fn sum(&self, reach: Reach, place: usize) -> Answer<'_, Value<'static>> {
        self.all([
            &|| render_sum::<SqliteQueryBuilder>(&reach, place),
            &|| render_sum::<PostgresQueryBuilder>(&reach, place),
            &|| render_sum::<MysqlQueryBuilder>(&reach, place),
        ]);
        answer(Value::Null(Kind::Int))
    }

    fn write(&self, plan: Write) -> Answer<'_, u64> {
        Spy::write(self, &plan);
        answer(0)
    }

    fn batch(&self, plan: Batch) -> Answer<'_, Vec<Result<u64, Error>>> {
        plan.writes.iter().for_each(|write| Spy::write(self, write));
        answer(plan.writes.iter().map(|_| Ok(0)).collect())
    }

    fn upsert(&self, plan: Upsert, sink: fn() -> Box<dyn Sink>) -> Answer<'_, Box<dyn Sink>> {
        let [change, _] = plan.writes();
        Spy::write(self, &change);
        answer(sink())
    }
}
