//! Events with personal data in units that hold the database for their rows.

use std::time::Duration;

use bailiwick::{
    App, Error,
    entity::Entity,
    repository::{Db, Migrations},
    specification::Spec,
    unit_of_work::Retry,
};
use serde_json::Value;

use super::{
    forged::{Note, NoteEvent, take},
    people::master,
};

#[derive(Entity, Debug)]
#[entity(table = "shelf")]
struct Shelf {
    #[id]
    #[col(max = 20)]
    name: String,
}

async fn put(db: &Db) -> Result<(), Error> {
    db.in_tx(Retry::none(), async |unit| {
        unit.repository::<Shelf>().insert(NewShelf { name: "a".into() }).await?;
        let mut note = unit.load::<Note>("n-1").await?;
        let secret = "secret".to_owned().into();
        note.raise(NoteEvent::Taken { note: "n-1".into(), any: Value::Null, secret, inside: None });
        unit.save(&mut note)
    })
    .await
}

/// On SQLite a key would wait for the unit that needs it.
#[tokio::test]
async fn a_subject_without_a_key_is_refused_at_once_where_the_unit_holds_the_file() {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite://{}", folder.path().join("shelf.db").display());
    let app = App::builder().database(&url).master_key(master()).aggregate::<Note>().build().await.unwrap();
    let db = app.db().unwrap();
    db.migrate(Migrations::new().ddl::<Shelf>("0001_shelf")).await.unwrap();
    let refused = tokio::time::timeout(Duration::from_secs(30), put(&db)).await.expect("it waits for itself");
    assert_eq!(refused.unwrap_err().code(), "sensitive/no_key");
    assert!(!db.repository::<Shelf>().find(Spec::all()).exists().await.unwrap(), "the row is gone with its event");
    app.send(take(Value::Null)).await.unwrap();
    put(&db).await.unwrap();
    assert!(db.repository::<Shelf>().find(Spec::all()).exists().await.unwrap());
    app.close().await.unwrap();
}
