//! How many rows there are, as a server believes.

use bailiwick::{
    repository::{Count, Total},
    specification::Spec,
};

use super::{Wide, fill, of, tables};
use crate::rows::served::{Kind, Other, db, rooms};

#[tokio::test]
async fn what_a_server_believes_is_told_once_it_has_looked_at_the_table() {
    for (kind, room) in rooms() {
        let db = db(kind, &room, 2);
        db.migrate(tables()).await.unwrap();
        let mut other = Other::new(kind, &room).await;
        if kind == Kind::Postgres {
            other.run("ALTER TABLE wide SET (autovacuum_enabled = false)").await;
        }
        let acme = of(&db, "acme");
        fill(&acme, 0..6_000).await;
        fill(&of(&db, "other"), 10_000..10_020).await;
        let ask = async |tenant: &str, spec, threshold| {
            let own = of(&db, tenant);
            own.repository::<Wide>().find(spec).count(Count::Estimate { threshold }).await.unwrap()
        };
        if kind == Kind::Postgres {
            assert_eq!(ask("acme", Spec::all(), 100).await, Total::AtLeast(101), "nobody has looked at the table");
        }
        other.run(if kind == Kind::Postgres { "ANALYZE wide" } else { "ANALYZE TABLE wide" }).await;
        let Total::Estimated(about) = ask("acme", Spec::all(), 100).await else { panic!("{kind:?}: no estimate") };
        assert!((2_000..20_000).contains(&about), "{kind:?}: {about}");
        assert_eq!(ask("acme", Spec::all(), 1_000_000).await, Total::Exact(6_000), "{kind:?}");
        assert_eq!(ask("other", Spec::all(), 1_000).await, Total::Exact(20), "{kind:?}: of one tenant alone");
        assert_eq!(ask("acme", Wide::place().lt(0), 10).await, Total::Exact(0), "{kind:?}");
        let mut session = acme.session();
        let in_session = session.repository::<Wide>().find(Spec::all()).count(Count::Estimate { threshold: 100 }).await;
        assert_eq!(in_session.unwrap(), Total::Estimated(about), "{kind:?}");
        db.close().await.unwrap();
    }
}
