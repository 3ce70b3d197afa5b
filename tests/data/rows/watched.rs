//! What is told of a database: statements that were slow, and how it does.

use std::time::Duration;

use bailiwick::{
    repository::{Db, SlowQuery},
    resilience::{Health, HealthOptions},
    specification::Spec,
};

use super::shop::{Order, new, shop};

const CANARY: &str = "canary-7f3a";

fn named(queries: &[SlowQuery]) -> Vec<(&'static str, u64)> {
    queries.iter().map(|query| (query.operation, query.rows)).collect()
}

pub async fn a_statement_that_was_slow_is_kept_with_its_shape_and_without_its_values(db: &Db) {
    let shop = shop(db, "acme");
    shop.repository::<Order>().insert(new(1)).await.unwrap();
    assert_eq!(db.slow_queries(), [], "500 ms are the limit");
    db.slow_above(Duration::ZERO);
    for number in 2..=3 {
        let order = shop.repository::<Order>().insert(new(number)).await.unwrap();
        shop.repository::<Order>().get(order.id).await.unwrap();
        let labelled = Order::label().contains(&format!("{CANARY}{number}"));
        shop.repository::<Order>().find(labelled).list().await.unwrap();
    }
    let other = Order::label().contains(CANARY) & Order::number().eq(CANARY);
    shop.repository::<Order>().find(other).list().await.unwrap();
    shop.repository::<Order>().find(Spec::all()).list().await.unwrap();
    let found = db.clone().slow_queries();
    let each = [("insert", 1), ("get", 1), ("list", 0)];
    assert_eq!(named(&found), [&each[..], &each, &[("list", 0), ("list", 3)]].concat());
    assert!(found.iter().all(|query| query.entity == "Order" && query.duration > Duration::ZERO), "{found:?}");
    let shapes: Vec<u64> = found.iter().map(|query| query.shape).collect();
    assert_eq!(shapes[..3], shapes[3..6]);
    assert!(shapes[6] != shapes[2] && shapes[7] != shapes[2] && shapes[0] != shapes[1]);
    assert!(!format!("{found:?}").contains(CANARY));
    db.slow_above(Duration::from_secs(3_600));
    for _ in 0..300 {
        shop.repository::<Order>().find(Spec::all()).exists().await.unwrap();
    }
    assert_eq!(db.slow_queries().len(), found.len());
    db.slow_above(Duration::ZERO);
    for _ in 0..300 {
        shop.repository::<Order>().find(Spec::all()).exists().await.unwrap();
    }
    assert_eq!(named(&db.slow_queries()), [("count", 1)].repeat(128));
}

/// A machine that has much to do may keep it waiting.
pub async fn a_database_that_does_well_says_so(db: &Db) {
    let asked = HealthOptions::new().write().replica_lag(Duration::from_secs(10));
    let mut report = db.health_with(asked).await;
    for _ in 0..20 {
        if report.status == Health::Healthy {
            break;
        }
        report = db.health_with(asked).await;
    }
    assert_eq!(report.status, Health::Healthy, "{report:?}");
    let names: Vec<_> = report.checks.iter().map(|check| check.name).collect();
    assert_eq!(names[..3], ["connectivity", "write", "migrations"]);
    assert_eq!(report.check("slow_queries").unwrap().status, Health::Healthy);
    assert_eq!(db.health().await.check("write"), None, "it is asked for");
    assert_eq!(db.store().counts().await.unwrap().events, 0);
}

pub async fn a_database_that_was_slow_lately_is_degraded(db: &Db) {
    db.slow_above(Duration::ZERO);
    shop(db, "acme").repository::<Order>().insert(new(1)).await.unwrap();
    let report = db.health().await;
    assert_eq!(report.check("slow_queries").unwrap().status, Health::Degraded, "{report:?}");
    assert_ne!(report.status, Health::Healthy);
}
