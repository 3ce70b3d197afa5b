//! What is told of aggregates that cannot be adopted.

use bailiwick::{
    Position, TenantId,
    envelope::{Metadata, StreamId},
    id::{MessageId, Uuid},
    sql::SqliteStore,
    store::{AnyStore, Append, Commit},
    version::Expected,
};
use rusqlite::Connection;

use super::{
    Bed,
    model::{entity, events},
};

/// A cart of a tenant whose first event no program reads.
async fn unreadable(bed: &Bed) -> (Option<TenantId>, StreamId) {
    let app = bed.events().await;
    app.send(events::open("model")).await.unwrap();
    let like = bed.store.log(Position::START, 1).await.unwrap().remove(0).event.unwrap().event;
    let (tenant, stream) = (Some(TenantId::new("acme").unwrap()), StreamId::new("cart", "bad").unwrap());
    let metadata = Metadata { tenant: tenant.clone(), ..Metadata::default() };
    let mut envelope = like.envelope;
    (envelope.id, envelope.metadata) = (MessageId::from_uuid(Uuid::from_u128(7)), metadata);
    envelope.payload = b"[]".as_slice().into();
    let append = Append { stream: stream.clone(), expected: Expected::NoStream, events: vec![envelope] };
    bed.store.commit(Commit { tenant: tenant.clone(), appends: vec![append], ..Commit::default() }).await.unwrap();
    (tenant, stream)
}

pub(super) async fn who_cannot_be_adopted_is_told_and_the_others_are(bed: &Bed) {
    let bad = unreadable(bed).await;
    bed.events().await.send(events::open("later")).await.unwrap();
    let app = bed.entity().await;
    let all = app.adopt_all::<entity::Cart>().await.unwrap();
    assert_eq!(all.adopted, 2);
    let [failed] = &all.failed[..] else { panic!("{all:?}") };
    assert_eq!((failed.stream.as_ref(), failed.error.code()), (Some(&bad), "message/undecodable"));
    assert_eq!(app.load::<entity::Cart>("later").await.unwrap().owner, "later");
}

#[tokio::test]
async fn a_damaged_row_of_whatever_stream_stops_no_adoption() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.db");
    let bed = Bed::on(AnyStore::new(SqliteStore::open(&path).unwrap()), None, None).await;
    for cart in ["a", "b"] {
        bed.events().await.send(events::open(cart)).await.unwrap();
    }
    let database = Connection::open(path).unwrap();
    database
        .execute_batch("DROP TRIGGER bw_event_no_update; UPDATE bw_event SET name = 'x' WHERE stream = 'a'")
        .unwrap();
    let all = bed.entity().await.adopt_all::<entity::Cart>().await.unwrap();
    let [failed] = &all.failed[..] else { panic!("{all:?}") };
    assert_eq!((all.adopted, failed.stream.as_ref(), failed.error.code()), (1, None, "store/corrupt_event"));
}
