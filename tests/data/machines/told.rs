//! Who hears of a transition, and that nobody hears of one that was not saved.

use std::sync::{Arc, Mutex};

use bailiwick::{
    App, Command, Context, Error, EventKind, Recorded, TenantId,
    entity::Transitioned,
    mediator::Request,
    repository::{Db, Scope},
    service,
    store::CommandOutcome,
    unit_of_work::Begin,
};

use super::depot::{Parcel, depot, new, tables};

pub async fn each_transition_of_a_machine_that_emits_is_a_message_in_the_outbox(db: &Db) {
    let depot = depot(db, "acme");
    let mut parcel = depot.repository::<Parcel>().insert(new("a")).await.unwrap();
    parcel.pay(10).unwrap();
    parcel.settle().unwrap();
    depot.repository::<Parcel>().save(&mut parcel).await.unwrap();
    let mut unit = depot.begin(Begin::write()).await.unwrap();
    parcel.cancel("no longer").unwrap();
    unit.repository::<Parcel>().save(&mut parcel).await.unwrap();
    assert_eq!(db.store().counts().await.unwrap().outbox, 1, "not before the commit");
    unit.commit().await.unwrap();
    let rows = db.store().outbox(0, 9).await.unwrap();
    let audit = depot.audit().transitions().machine("").list(9).await.unwrap();
    assert_eq!(rows.len(), 2, "the machine without `emit` tells nothing");
    for (row, audit) in rows.iter().zip(&audit) {
        let envelope = &row.message.envelope;
        assert_eq!((row.message.topic.as_str(), envelope.id, envelope.time), ("parcel", audit.id, audit.at));
        assert_eq!((&*envelope.name, envelope.version), (&*format!("parcel.{}", audit.transition), 1));
        assert_eq!((envelope.kind, envelope.key.as_ref()), (EventKind::Notification, Some(&audit.entity_id)));
        assert_eq!(envelope.metadata.tenant, Some(TenantId::new("acme").unwrap()));
        assert_eq!(envelope.metadata.actor.as_ref().map(|actor| actor.id()), Some("ada"));
    }
    let payload = |at: usize| String::from_utf8(rows[at].message.envelope.payload.to_vec()).unwrap();
    let id = parcel.id;
    let paid = r#""transition":"pay","from":"pending","to":"paid","version":2,"reason":null}"#;
    let cancelled = r#""transition":"cancel","from":"paid","to":"cancelled","version":3,"reason":"no longer"}"#;
    assert_eq!(payload(0), format!(r#"{{"entity":"parcel","id":"{id}",{paid}"#));
    assert_eq!(payload(1), format!(r#"{{"entity":"parcel","id":"{id}",{cancelled}"#));
}

pub async fn a_session_has_no_outbox_and_says_so(db: &Db) {
    let depot = depot(db, "acme");
    let mut parcel = depot.repository::<Parcel>().insert(new("a")).await.unwrap();
    parcel.pay(10).unwrap();
    let mut session = depot.session();
    let error = session.repository::<Parcel>().save(&mut parcel).await.unwrap_err();
    assert_eq!((error.code(), parcel.log.len()), ("repository/no_outbox", 1));
    drop(session);
    depot.repository::<Parcel>().save(&mut parcel).await.unwrap();
}

#[derive(Default, Clone)]
struct Desk {
    heard: Arc<Mutex<Vec<String>>>,
}

#[derive(Command, Debug, Clone, serde::Serialize, serde::Deserialize)]
struct Pay {
    label: String,
    fails: bool,
}

#[bailiwick::command(name = "parcel.pay_for", audit)]
impl Pay {
    #[execute]
    async fn execute(&self, cx: &mut Context<'_>) -> Result<(), Error> {
        let mut parcels = cx.repository::<Parcel>();
        let mut parcel = parcels.get(new(&self.label).id.unwrap()).await?;
        parcel.pay(10)?;
        parcels.save(&mut parcel).await?;
        if self.fails { parcels.get(new("none").id.unwrap()).await.map(drop) } else { Ok(()) }
    }
}

#[service]
impl Desk {
    #[subscribe]
    async fn moved(&self, event: &Recorded<Transitioned<Parcel>>, _cx: &mut Context) -> Result<(), Error> {
        let (name, moved) = (event.name(), event.event());
        let line = format!("{name} {} {}>{}", moved.transition(), moved.from(), moved.to());
        self.heard.lock().unwrap().push(line);
        Ok(())
    }
}

async fn hears_of_what_was_saved(app: &App, desk: &Desk) {
    let db = app.db().unwrap();
    db.migrate(tables()).await.unwrap();
    let depot = db.scoped(Scope::tenant("acme").unwrap());
    for label in ["a", "bb", "ccc"] {
        depot.repository::<Parcel>().insert(new(label)).await.unwrap();
    }
    let request = || Request::new().tenant(TenantId::new("acme").unwrap());
    let pay = async |label: &str, fails| app.dispatch(request()).send(Pay { label: label.into(), fails }).await;
    let heard = || std::mem::take(&mut *desk.heard.lock().unwrap());
    assert!(pay("a", true).await.is_err());
    assert_eq!((heard(), db.store().counts().await.unwrap().outbox), (vec![], 0));
    pay("a", false).await.unwrap();
    assert_eq!(heard(), ["parcel.pay pay pending>paid"]);
    let audit = depot.audit();
    let ran = audit.commands().outcome(CommandOutcome::Ok).list(9).await.unwrap();
    let row = audit.transitions().list(9).await.unwrap().remove(0);
    assert_eq!(row.correlation, Some(ran[0].id), "the command is the conversation");
    assert_eq!(audit.commands().list(9).await.unwrap().len(), 2, "the command that failed is audited, too");
    assert!(app.audit().tenant(None).commands().list(9).await.unwrap().is_empty());
    let mut parcel = depot.repository::<Parcel>().get(new("bb").id.unwrap()).await.unwrap();
    parcel.pay(10).unwrap();
    depot.repository::<Parcel>().save(&mut parcel).await.unwrap();
    assert_eq!(heard(), ["parcel.pay pay pending>paid"], "a save outside of a unit is heard as well");
    let mut unit = depot.begin(Begin::write()).await.unwrap();
    parcel.ship().unwrap();
    unit.repository::<Parcel>().save(&mut parcel).await.unwrap();
    assert!(heard().is_empty(), "not before the commit");
    unit.commit().await.unwrap();
    assert_eq!(heard(), ["parcel.ship ship paid>shipped"]);
}

#[tokio::test]
async fn subscribers_in_the_process_hear_of_what_was_committed() {
    let desk = Desk::default();
    let app = bailiwick::testing::app().service(desk.clone()).command::<Pay>().build().await;
    hears_of_what_was_saved(app.app(), &desk).await;
    let folder = tempfile::tempdir().unwrap();
    let desk = Desk::default();
    let app = App::builder()
        .sqlite(folder.path().join("depot.db"))
        .service(desk.clone())
        .command::<Pay>()
        .build()
        .await
        .unwrap();
    hears_of_what_was_saved(&app, &desk).await;
    app.close().await.unwrap();
}
