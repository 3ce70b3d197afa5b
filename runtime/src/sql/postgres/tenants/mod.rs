//! Rows of entities, as far as somebody reaches them; and row-level security, where the server itself keeps tenants apart.

mod policy;
mod role;

use std::sync::Arc;

pub(super) use self::{
    policy::{check, keep},
    role::admit,
};
use super::{connection::Postgres, entities, options::PostgresOptions, store::PostgresStore};
use crate::{
    entity::{Table, Value},
    error::{Error, ErrorKind},
    plan::{
        Answer, Batch, Reach, SchemaFinding, Select, Sink, SlowLog, Snapshot, Statements, Step, Upsert, Write, raw::Raw,
    },
    repository::Db,
    resilience::{Breaker, HealthOptions, Pool},
    sql::server::{
        Rule, Tables, Units, Writer, batch_alone, both, health, of_tenants, upsert_alone, writes_of_tenants,
    },
    store::{
        AnyStore, Store,
        entities::{Begin, Checks, Held, Rows, Whose, snapshot},
    },
    tenant::TenantId,
};

/// The rows of a store that somebody reaches, over these connections.
pub(super) struct Reached {
    store: PostgresStore,
    tables: Tables<Postgres>,
    units: Arc<Units<Postgres>>,
    rule: Rule,
    /// Whether all tenants are asked for, and no user of the server may reach them.
    barred: bool,
}

/// The connections of callers, as one user of the server.
pub(super) struct Callers {
    pub(super) tables: Tables<Postgres>,
    pub(super) units: Arc<Units<Postgres>>,
}

impl Callers {
    pub(super) fn new(options: &PostgresOptions, writer: &Arc<Writer>) -> Self {
        let (most, breaker) = (options.readers, || options.breaker.clone());
        let units = Units::new(options.clone(), (most, breaker()), Arc::clone(writer));
        Self { tables: Tables::new(options.clone(), most, breaker()), units: Arc::new(units) }
    }
}

impl From<PostgresStore> for Db {
    fn from(store: PostgresStore) -> Self {
        let rows = Reached::new(store.clone());
        Self::new(AnyStore::new(store), Arc::new(rows))
    }
}

/// What tells the server the tenant until the transaction ends. The name is written in digits: nothing in it can be a part of
/// the statement.
fn told(tenant: &TenantId) -> String {
    let digits: String = tenant.as_str().bytes().map(|byte| format!("{byte:02x}")).collect();
    format!("set_config('app.tenant_id', convert_from(decode('{digits}', 'hex'), 'UTF8'), true)")
}

impl Reached {
    pub(super) fn new(store: PostgresStore) -> Self {
        let (tables, units) = (store.0.tables.under(Rule::default()), Arc::clone(&store.0.units));
        Self { store, tables, units, rule: Rule::default(), barred: false }
    }

    fn of(store: PostgresStore, whose: Whose<'_>) -> Self {
        match whose {
            Whose::One(tenant) => {
                let rule = Rule::new(&told(tenant));
                let free = Self::new(store);
                Self { tables: free.tables.under(rule.clone()), rule, ..free }
            }
            Whose::All => {
                let free = Self::new(store.clone());
                let Some(Callers { tables, units }) = &store.0.system else { return Self { barred: true, ..free } };
                Self { tables: tables.under(Rule::default()), units: Arc::clone(units), ..free }
            }
        }
    }

    /// The same, for one more who holds it.
    fn another(&self) -> Self {
        let (tables, units) = (self.tables.under(self.rule.clone()), Arc::clone(&self.units));
        Self { store: self.store.clone(), tables, units, rule: self.rule.clone(), barred: self.barred }
    }

    /// The connections for a statement, which may reach rows of tenants.
    fn on(&self, of_tenants: bool) -> Result<&Tables<Postgres>, Error> {
        if self.barred && of_tenants { Err(barred()) } else { Ok(&self.tables) }
    }
}

fn barred() -> Error {
    let message = "the server keeps tenants apart, and no user is named who reaches the rows of all of them: give \
                   `PostgresOptions::system_url` the URL of one with BYPASSRLS";
    Error::new(ErrorKind::Config, "db/config", message)
}

impl Statements for Reached {
    fn select(&self, plan: Select, sink: Box<dyn Sink>) -> Answer<'_, Box<dyn Sink>> {
        Box::pin(async move { self.on(of_tenants(&plan.reach))?.select(plan, sink).await })
    }

    fn count(&self, reach: Reach, most: u64) -> Answer<'_, u64> {
        Box::pin(async move { self.on(of_tenants(&reach))?.count(reach, most).await })
    }

    fn sum(&self, reach: Reach, place: usize) -> Answer<'_, Value<'static>> {
        Box::pin(async move { self.on(of_tenants(&reach))?.sum(reach, place).await })
    }

    fn snapshot(&self) -> Answer<'_, Option<Box<dyn Snapshot>>> {
        snapshot(self)
    }

    fn estimate(&self, reach: Reach) -> Answer<'_, Option<u64>> {
        Box::pin(async move { self.on(of_tenants(&reach))?.estimate(reach).await })
    }

    fn write(&self, plan: Write) -> Answer<'_, u64> {
        Box::pin(async move { self.on(writes_of_tenants(&plan))?.write(plan).await })
    }

    fn batch(&self, plan: Batch) -> Answer<'_, Vec<Result<u64, Error>>> {
        Box::pin(batch_alone::<Postgres>(self, plan, self.rule.copies::<Postgres>()))
    }

    fn upsert(&self, plan: Upsert, sink: fn() -> Box<dyn Sink>) -> Answer<'_, Box<dyn Sink>> {
        Box::pin(upsert_alone(self, plan, sink))
    }

    fn query(&self, plan: Raw, sink: Box<dyn Sink>) -> Answer<'_, Box<dyn Sink>> {
        Box::pin(async move { self.on(true)?.query(plan, sink).await })
    }

    fn execute(&self, plan: Raw) -> Answer<'_, u64> {
        Box::pin(async move { self.on(true)?.execute(plan).await })
    }

    fn slow(&self) -> Option<&SlowLog> {
        Some(&self.store.0.slow)
    }

    fn system(&self) -> &'static str {
        "postgresql"
    }
}

impl Rows for Reached {
    fn begin(&self, begin: Begin) -> Answer<'_, Box<dyn Held>> {
        Box::pin(async move {
            if self.barred {
                return Err(barred());
            }
            self.units.begin(&self.rule, begin).await
        })
    }

    fn within(&self, whose: Whose<'_>) -> Option<Arc<dyn Rows>> {
        self.store.0.options.keeps_tenants().then(|| Arc::new(Self::of(self.store.clone(), whose)) as Arc<dyn Rows>)
    }

    fn home(&self) -> usize {
        self.store.0.writer.home()
    }

    fn session(&self) -> Box<dyn Statements> {
        if self.barred {
            return Box::new(self.another());
        }
        Box::new(self.tables.seat(self.another()))
    }

    fn migrate(&self, steps: Vec<Step>) -> Answer<'_, ()> {
        Box::pin(async move {
            Store::migrate(&self.store).await?;
            self.tables.migrate(&steps).await
        })
    }

    fn check(&self, tables: Vec<&'static Table>) -> Answer<'_, Vec<SchemaFinding>> {
        Box::pin(async move { self.tables.check(&tables).await })
    }

    fn ddl(&self, table: &'static Table) -> String {
        entities::ddl(table, self.store.0.options.keeps_tenants())
    }

    fn close(&self) -> Answer<'_, ()> {
        Box::pin(Store::close(&self.store))
    }

    fn health(&self, asked: HealthOptions) -> Option<Checks<'_>> {
        Some(Box::pin(health::<Postgres>(&self.store.0.options, asked)))
    }

    fn pool(&self) -> Option<Pool> {
        Some(both(self.tables.pool(), self.units.pool()))
    }

    fn breaker(&self) -> Option<&Breaker> {
        self.store.0.options.breaker.as_ref()
    }
}
