//! That the suite can fail: databases that read plans as code that was written by hand might, and the cases that say so.

use std::sync::Arc;

use super::{Parcel, parcel::place, repository_cases, tables};
use crate::{
    entity::{Entity as _, Table, Value},
    error::Error,
    plan::{Answer, Batch, Order, Reach, SchemaFinding, Select, Sink, Statements, Step, Upsert, Write},
    repository::Db,
    specification::{Node, Test},
    store::{
        AnyStore, MemoryStore,
        entities::{Begin, Held, Rows},
    },
};

/// A way to be wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Flaw {
    Nothing,
    /// What is unknown is false, and NOT makes it true.
    TwoValuedNot,
    /// `%` and `_` stand for others.
    UnescapedPatterns,
    /// `(a, b) > (?, ?)`, of which NULL makes nothing known.
    RowValuesOverNulls,
    /// Texts are equal that differ by case alone.
    Collation,
    /// `a AND b OR c`.
    NoParentheses,
    /// NULL stands where the database has it by itself.
    NullOrder,
    /// Nothing keeps to the tenant.
    NoTenant,
}

#[derive(Clone)]
struct Toy(MemoryStore, Flaw);

impl Toy {
    fn db(flaw: Flaw) -> Db {
        let store = MemoryStore::new();
        Db::new(AnyStore::new(store.clone()), Arc::new(Self(store, flaw)))
    }

    fn reach(&self, reach: Reach) -> Reach {
        let parts = reach.parts.into_iter().filter(|part| !(self.1 == Flaw::NoTenant && is_tenants(part)));
        Reach { parts: parts.map(|part| self.node(part)).collect(), ..reach }
    }

    fn node(&self, node: Node) -> Node {
        let each = |parts: Vec<Node>| parts.into_iter().map(|part| self.node(part)).collect::<Vec<_>>();
        match (self.1, node) {
            (Flaw::TwoValuedNot, Node::Not(inner)) => denied(*inner),
            (Flaw::NoParentheses, Node::All(parts)) => flat(each(parts)),
            (_, Node::All(parts)) => Node::All(each(parts)),
            (_, Node::Any(parts)) => Node::Any(each(parts)),
            (_, Node::Not(inner)) => Node::Not(Box::new(self.node(*inner))),
            (Flaw::UnescapedPatterns, Node::Cmp { place, test: Test::Contains, value: Value::Text(text) }) => {
                let value = Value::Text(text.replace(['%', '_'], "").into());
                Node::Cmp { place, test: Test::Contains, value }
            }
            (Flaw::Collation, Node::Cmp { place: place::LABEL, test: Test::Eq, value: Value::Text(text) }) => {
                let equal =
                    |text: String| Node::Cmp { place: place::LABEL, test: Test::Eq, value: Value::Text(text.into()) };
                Node::Any(vec![equal(text.to_lowercase()), equal(text.to_uppercase()), equal(text.into_owned())])
            }
            (_, leaf) => leaf,
        }
    }

    fn plan(&self, mut plan: Select) -> Select {
        plan.reach = self.reach(plan.reach);
        match (self.1, &plan.seek) {
            (Flaw::NullOrder, _) => plan.order.iter_mut().for_each(|key| key.nulls_first = !key.descending),
            (Flaw::RowValuesOverNulls, Some(seek)) => {
                let known = seek.iter().all(|value| !value.is_null());
                let present = |key: &Order| Node::Not(Box::new(Node::IsNull { place: key.place }));
                plan.reach.parts.extend(plan.order.iter().map(present));
                plan.reach.parts.extend((!known).then(|| Node::Any(Vec::new())));
            }
            _ => {}
        }
        plan
    }

    fn write(&self, plan: Write) -> Write {
        match plan {
            Write::Update { reach, set } => Write::Update { reach: self.reach(reach), set },
            Write::Delete { reach } => Write::Delete { reach: self.reach(reach) },
            insert @ Write::Insert { .. } => insert,
        }
    }
}

fn is_tenants(part: &Node) -> bool {
    matches!(part, Node::Cmp { place: place::TENANT, .. })
}

/// NOT, where nothing is unknown.
fn denied(node: Node) -> Node {
    match node {
        Node::All(parts) => Node::Any(parts.into_iter().map(denied).collect()),
        Node::Any(parts) => Node::All(parts.into_iter().map(denied).collect()),
        Node::Not(inner) => *inner,
        leaf @ Node::IsNull { .. } => Node::Not(Box::new(leaf)),
        Node::Cmp { place, test, value } => {
            let leaf = Node::Not(Box::new(Node::Cmp { place, test, value }));
            Node::Any(vec![leaf, Node::IsNull { place }])
        }
        Node::In { place, values } => {
            Node::Any(vec![Node::Not(Box::new(Node::In { place, values })), Node::IsNull { place }])
        }
    }
}

/// What `a AND b OR c` means where nothing keeps `b OR c` together.
fn flat(mut parts: Vec<Node>) -> Node {
    let Some(Node::Any(any)) = parts.pop_if(|last| matches!(last, Node::Any(any) if any.len() > 1)) else {
        return Node::All(parts);
    };
    let mut any = any.into_iter();
    parts.extend(any.next());
    Node::Any(std::iter::once(Node::All(parts)).chain(any).collect())
}

impl Statements for Toy {
    fn select(&self, plan: Select, sink: Box<dyn Sink>) -> Answer<'_, Box<dyn Sink>> {
        self.0.select(self.plan(plan), sink)
    }

    fn count(&self, reach: Reach, most: u64) -> Answer<'_, u64> {
        self.0.count(self.reach(reach), most)
    }

    fn sum(&self, reach: Reach, place: usize) -> Answer<'_, Value<'static>> {
        self.0.sum(self.reach(reach), place)
    }

    fn write(&self, plan: Write) -> Answer<'_, u64> {
        Statements::write(&self.0, Toy::write(self, plan))
    }

    fn batch(&self, plan: Batch) -> Answer<'_, Vec<Result<u64, Error>>> {
        self.0.batch(plan)
    }

    fn upsert(&self, plan: Upsert, sink: fn() -> Box<dyn Sink>) -> Answer<'_, Box<dyn Sink>> {
        self.0.upsert(plan, sink)
    }
}

impl Rows for Toy {
    fn begin(&self, begin: Begin) -> Answer<'_, Box<dyn Held>> {
        self.0.begin(begin)
    }

    fn home(&self) -> usize {
        self.0.home()
    }

    fn session(&self) -> Box<dyn Statements> {
        Box::new(self.clone())
    }

    fn migrate(&self, steps: Vec<Step>) -> Answer<'_, ()> {
        Rows::migrate(&self.0, steps)
    }

    fn check(&self, tables: Vec<&'static Table>) -> Answer<'_, Vec<SchemaFinding>> {
        self.0.check(tables)
    }

    fn ddl(&self, table: &'static Table) -> String {
        self.0.ddl(table)
    }

    fn close(&self) -> Answer<'_, ()> {
        Rows::close(&self.0)
    }
}

/// The cases that a toy does not pass.
async fn failing(flaw: Flaw) -> Vec<&'static str> {
    let mut failing = Vec::new();
    for case in repository_cases() {
        let db = Toy::db(flaw);
        db.migrate(tables()).await.expect("a table in memory");
        if case.run(db).await.is_err() {
            failing.push(case.name());
        }
    }
    failing
}

#[tokio::test]
async fn each_flaw_of_a_database_is_named_by_a_case() {
    assert_eq!(failing(Flaw::Nothing).await, Vec::<&str>::new());
    assert_eq!(Parcel::TABLE.entity(), "Parcel");
    let found = "found::conditions_by_chance_find_what_they_match";
    let flat = "found::flat_conditions_by_chance_find_what_they_match";
    let null = "pages::walks_by_keys_that_may_be_null_return_every_row_once";
    let flaws = [
        (Flaw::TwoValuedNot, found),
        (Flaw::UnescapedPatterns, flat),
        (Flaw::RowValuesOverNulls, null),
        (Flaw::Collation, found),
        (Flaw::NoParentheses, found),
        (Flaw::NullOrder, null),
        (Flaw::NoTenant, "writes::another_tenants_row_is_no_row"),
    ];
    for (flaw, case) in flaws {
        let failing = failing(flaw).await;
        assert!(failing.contains(&case), "{flaw:?} is named by {failing:?}");
    }
}
