//! What is bound to parameters.

use bailiwick::{
    Timestamp,
    entity::{Date, Decimal},
    repository::{Db, Params, Sql},
    specification::Spec,
};

use super::{fill, numbers};
use crate::rows::shop::{Country, NewCountry, NewOrder, Order, new, shop};

const BY_LABEL: Sql<Order> = Sql::new("SELECT {columns} FROM {table} WHERE tenant = :tenant AND label = :label");
const MOVE: Sql<Order> = Sql::new("UPDATE {table} SET label = :new WHERE tenant = :tenant AND label = :old");

const HOSTILE: [&str; 20] = [
    "' OR 1=1 --",
    "' OR ''='",
    "'; DROP TABLE orders; --",
    "\\' OR 1=1 #",
    "\\",
    "\"; DELETE FROM orders; --",
    "` OR `1`=`1",
    ":tenant",
    ":label",
    "{columns}",
    "{table}",
    "?",
    "?1",
    "$1",
    "$$ OR 1=1 $$",
    "%",
    "_",
    "/* */ -- \n ;",
    "''''",
    "𝔗ëxt\u{200B}\u{10FFFF}\t\r\n",
];

pub async fn a_value_is_bound_and_never_a_part_of_the_text(db: &Db) {
    fill(db).await;
    let shop = shop(db, "acme");
    let mut orders = shop.repository::<Order>();
    for (number, hostile) in (10..).zip(HOSTILE) {
        orders.insert(NewOrder { label: Some("before".into()), ..new(number) }).await.unwrap();
        let params = Params::new().bind("old", "before").bind("new", hostile);
        assert_eq!(orders.execute(MOVE, params).await.unwrap(), 1, "{hostile:?}");
        let found = orders.select(BY_LABEL, Params::new().bind("label", hostile)).await.unwrap();
        assert_eq!(found.len(), 1, "{hostile:?}");
        assert_eq!(found[0].label.as_deref(), Some(hostile));
    }
    let mut all: Vec<_> = orders.find(Spec::all()).list().await.unwrap();
    assert_eq!(all.len(), 3 + HOSTILE.len());
    all.retain(|order| order.label.is_none());
    assert_eq!(all.len(), 3, "nothing else was touched");
}

const OF_ALL_KINDS: Sql<Order> = Sql::new(
    "SELECT {columns} FROM {table} WHERE tenant = :tenant AND id = :id AND total = :total AND total < :more AND pieces = :pieces
    AND weight = :weight AND due = :due AND gift = :gift AND created_at <= :at AND created_at >= :at AND picture = :picture
    AND status = :status AND (:label IS NULL OR label = :label)",
)
.postgres(
    "SELECT {columns} FROM {table} WHERE tenant = :tenant AND id = :id AND total = :total AND total < :more AND pieces = :pieces
    AND weight = :weight AND due = :due AND gift = :gift AND created_at <= :at AND created_at >= :at AND picture = :picture
    AND status = :status AND (:label::text IS NULL OR label = :label)",
);

pub async fn every_kind_of_value_is_bound(db: &Db) {
    let shop = shop(db, "acme");
    let due = Date::new(2026, 2, 28).unwrap();
    let picture = vec![0, 39, 255];
    let row = NewOrder { pieces: Some(-7), due: Some(due), gift: true, picture: Some(picture.clone()), ..new(1) };
    let order = shop.repository::<Order>().insert(row).await.unwrap();
    let params = Params::new().bind("id", order.id).bind_as("total", Order::total(), order.total);
    let params = params.bind_as("more", Order::total(), Decimal::new(1_000_001, 4)).bind("pieces", -7_i64);
    let params = params.bind("weight", 0.5).bind("due", due).bind("gift", true).bind("at", order.created_at);
    let params = params.bind("picture", picture).bind("status", order.status).bind("label", None::<String>);
    let found = shop.repository::<Order>().select(OF_ALL_KINDS, params).await.unwrap();
    assert_eq!(found, [order]);
}

pub async fn a_parameter_that_is_missing_surplus_or_misspelt_is_refused(db: &Db) {
    fill(db).await;
    let shop = shop(db, "acme");
    let mut orders = shop.repository::<Order>();
    let whole = || Params::new().bind("old", "a").bind("new", "b");
    let wrong = [
        (Params::new(), ":new"),
        (Params::new().bind("old", "a"), ":new"),
        (whole().bind("label", "x"), ":label"),
        (whole().bind("New", "x"), ":New"),
        (whole().bind("new", "c"), ":new"),
        (whole().bind("tenant", "other"), ":tenant"),
        (whole().bind("", "x"), ":"),
    ];
    for (params, name) in wrong {
        let error = orders.execute(MOVE, params).await.unwrap_err();
        assert_eq!((error.code(), error.field("parameter")), ("repository/params", Some(name)));
        assert_eq!(error.field("parameters"), Some(":new :old :tenant"));
    }
    assert_eq!(orders.execute(MOVE, whole()).await.unwrap(), 0);
    assert_eq!(numbers(db).await.len(), 3);
}

const INSERT: Sql<Country> = Sql::new("INSERT INTO {table} ({columns}) VALUES (:code, :name)");

pub async fn a_value_that_cannot_be_bound_is_refused(db: &Db) {
    fill(db).await;
    let shop = shop(db, "acme");
    let mut orders = shop.repository::<Order>();
    let code = |error: bailiwick::Error| (error.code(), error.field("parameter").map(str::to_owned));
    let refused = orders.select(BY_LABEL, Params::new().bind("label", "a\0b")).await.unwrap_err();
    assert_eq!(code(refused), ("repository/value", Some(":label".into())));
    const SINCE: Sql<Order> = Sql::new("SELECT {columns} FROM {table} WHERE tenant = :tenant AND created_at > :at");
    let late = Timestamp::from_micros(i64::MAX);
    let refused = orders.select(SINCE, Params::new().bind("at", late)).await.unwrap_err();
    assert_eq!(code(refused), ("repository/value", Some(":at".into())));
    let mut countries = db.repository::<Country>();
    let long = Params::new().bind("code", "de").bind_as("name", Country::name(), "x".repeat(61));
    assert_eq!(countries.execute(INSERT, long).await.unwrap_err().code(), "repository/value");
    let country = Params::new().bind("code", "de").bind_as("name", Country::name(), "Germany");
    assert_eq!(countries.execute(INSERT, country.clone()).await.unwrap(), 1);
    assert_eq!(countries.execute(INSERT, country).await.unwrap_err().code(), "repository/duplicate");
    let france = NewCountry { code: "fr".into(), name: "France".into() };
    countries.insert(france).await.unwrap();
}

const LISTED: Sql<Order> = Sql::new(
    "SELECT {columns} FROM {table} WHERE tenant = :tenant AND (number IN (:numbers) OR label in ( :numbers )) ORDER BY number",
);
const NOT_LISTED: Sql<Order> =
    Sql::new("SELECT {columns} FROM {table} WHERE tenant = :tenant AND id NOT IN (:ids) ORDER BY number");
const ELSEWHERE: [Sql<Order>; 4] = [
    Sql::new("SELECT {columns} FROM {table} WHERE tenant = :tenant AND number = :numbers"),
    Sql::new("SELECT {columns} FROM {table} WHERE tenant = :tenant AND number IN (:numbers, 'A-1')"),
    Sql::new("SELECT {columns} FROM {table} WHERE tenant = :tenant AND number IN ('A-1', :numbers)"),
    Sql::new("SELECT {columns} FROM {table} WHERE tenant = :tenant AND upper(:numbers) = number"),
];

pub async fn a_list_finds_what_is_in_it_and_is_never_a_part_of_the_text(db: &Db) {
    fill(db).await;
    let shop = shop(db, "acme");
    let mut orders = shop.repository::<Order>();
    let numbers = |found: Vec<Order>| found.into_iter().map(|order| order.number).collect::<Vec<_>>();
    for (list, expected) in [
        (vec!["A-2"], vec!["A-2"]),
        (vec!["A-3", "A-1", "A-3"], vec!["A-1", "A-3"]),
        (vec!["none", "A-1", "A-2", "A-3", ") OR (1 = 1"], vec!["A-1", "A-2", "A-3"]),
    ] {
        let found = orders.select(LISTED, Params::new().bind_list("numbers", list)).await.unwrap();
        assert_eq!(numbers(found), expected);
    }
    let hostile = orders.select(LISTED, Params::new().bind_list("numbers", HOSTILE)).await.unwrap();
    assert!(hostile.is_empty(), "nobody is called so");
    let all = orders.find(Spec::all()).sort(Order::number().asc()).list().await.unwrap();
    let ids = all.iter().take(2).map(|order| order.id);
    assert_eq!(numbers(orders.select(NOT_LISTED, Params::new().bind_list("ids", ids)).await.unwrap()), ["A-3"]);
    let many = (0..16_384).map(|number| format!("A-{number}")).collect::<Vec<_>>();
    let by_number: Sql<Order> =
        const { Sql::new("SELECT {columns} FROM {table} WHERE tenant = :tenant AND number IN (:numbers)") };
    assert_eq!(orders.select(by_number, Params::new().bind_list("numbers", many)).await.unwrap().len(), 3);
}

pub async fn a_list_that_is_empty_too_long_or_elsewhere_is_refused(db: &Db) {
    fill(db).await;
    let shop = shop(db, "acme");
    let mut orders = shop.repository::<Order>();
    for list in [vec![], vec!["A-1"; 16_385]] {
        let refused = orders.select(LISTED, Params::new().bind_list("numbers", list)).await;
        assert_eq!(refused.unwrap_err().code(), "repository/params");
    }
    let unfit = orders.select(LISTED, Params::new().bind_list("numbers", ["A-1", "a\0b"])).await;
    assert_eq!(unfit.unwrap_err().code(), "repository/value");
    for elsewhere in ELSEWHERE {
        let refused = orders.select(elsewhere, Params::new().bind_list("numbers", ["A-1"])).await;
        assert_eq!(refused.unwrap_err().code(), "repository/params", "{elsewhere:?}");
    }
}
