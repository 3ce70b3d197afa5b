//! Units of work of a process that is killed.

use std::{
    collections::{BTreeMap, BTreeSet},
    env,
    process::{Child, Command, Stdio},
};

use bailiwick::{
    Error, Event, Id, Uuid, Version,
    entity::Entity,
    repository::{Db, Migrations, StreamMode, Wait},
    specification::Spec,
    unit_of_work::{Begin, Retry},
};
use futures_util::{TryStreamExt as _, future::join_all};
use serde::{Deserialize, Serialize};
use tests::servers::everywhere;

use crate::{
    appender::TASKS,
    sqlite::child::{lines, say},
};

const URL: &str = "BAILIWICK_CHAOS_UNITS";

const ACCOUNTS: u32 = 5;
const CENTS: i64 = 1_000;

#[derive(Entity, Debug)]
#[entity(table = "account")]
struct Account {
    #[id]
    #[col(max = 20)]
    name: String,
    cents: i64,
    #[version]
    version: Version,
}

#[derive(Id)]
struct TransferId(Uuid);

#[derive(Entity, Debug)]
#[entity(table = "transfer")]
struct Transfer {
    #[id]
    id: TransferId,
    #[col(max = 20, references(Account, as = payer))]
    source: String,
    #[col(max = 20, references(Account, as = payee))]
    target: String,
}

#[derive(Event, Debug, Clone, PartialEq, Serialize, Deserialize)]
#[event(name = "cent.moved", kind = notification, topic = "cents")]
struct Moved {
    source: String,
}

/// Moves a cent, writes down that it did, and has a message sent.
async fn moved(db: &Db, source: &str, target: &str) -> Result<TransferId, Error> {
    db.in_tx(Retry::default(), async |unit| {
        let mut from = unit.get_for_update::<Account>(source.into(), Wait::Block).await?;
        let mut to = unit.get_for_update::<Account>(target.into(), Wait::Block).await?;
        (from.cents, to.cents) = (from.cents - 1, to.cents + 1);
        unit.repository::<Account>().save(&mut from).await?;
        unit.publish(Moved { source: source.into() });
        unit.repository::<Account>().save(&mut to).await?;
        let transfer = NewTransfer { id: None, source: source.into(), target: target.into() };
        Ok(unit.repository::<Transfer>().insert(transfer).await?.id)
    })
    .await
}

/// Moves cents with eight tasks until somebody kills the process, and says what is acknowledged.
async fn moves(db: Db) {
    let tasks = (0..TASKS as u32).map(|task| {
        let db = db.clone();
        tokio::spawn(async move {
            for number in task.. {
                let (source, target) = (number % ACCOUNTS, (number + 1 + number % 3) % ACCOUNTS);
                match moved(&db, &source.to_string(), &target.to_string()).await {
                    Ok(transfer) => say(&format!("moved {transfer}")),
                    Err(error) => assert!(error.is_transient(), "{error:?}"), // too many in each other's way
                }
            }
        })
    });
    for task in join_all(tasks).await {
        task.unwrap();
    }
}

fn told(line: &str) -> Option<String> {
    // The harness of the child may have begun a line of its own.
    line.find("moved ").map(|at| line[at + 6..].to_owned())
}

/// The transfers, after asserting that accounts and messages say the same.
async fn books(db: &Db) -> Result<BTreeSet<String>, Error> {
    loop {
        let before = db.store().counts().await?.outbox;
        let mut unit = db.begin(Begin::read_only()).await?;
        let accounts = unit.repository::<Account>().find(Spec::all()).list().await?;
        let mut rows = unit.repository::<Transfer>();
        let stream = rows.find(Spec::all()).stream(StreamMode::Chunked(1_000));
        let transfers: Vec<Transfer> = stream.try_collect().await?;
        unit.rollback().await?;
        let mut cents: BTreeMap<String, i64> = accounts.iter().map(|account| (account.name.clone(), CENTS)).collect();
        for transfer in &transfers {
            *cents.entry(transfer.source.clone()).or_default() -= 1;
            *cents.entry(transfer.target.clone()).or_default() += 1;
        }
        assert_eq!(cents, accounts.into_iter().map(|account| (account.name, account.cents)).collect());
        if db.store().counts().await?.outbox == before {
            assert_eq!(transfers.len() as u64, before, "a message for each");
            return Ok(transfers.iter().map(|transfer| transfer.id.to_string()).collect());
        }
    }
}

fn start(url: &str) -> Child {
    let mut process = Command::new(env::current_exe().unwrap());
    process.args(["--exact", "units::plays_its_role", "--ignored", "--nocapture"]).env(URL, url);
    process.stdin(Stdio::null()).stdout(Stdio::piped()).spawn().unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "another case starts this as a process of its own"]
async fn plays_its_role() {
    let Ok(url) = env::var(URL) else { return };
    moves(Db::connect(&url).unwrap()).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_unit_writes_is_there_as_a_whole_or_not_at_all_though_its_process_is_killed() {
    everywhere(async |url| {
        let db = Db::connect(url).unwrap();
        db.migrate(Migrations::new().ddl::<Account>("0001_account").ddl::<Transfer>("0002_transfer")).await.unwrap();
        for name in 0..ACCOUNTS {
            let account = NewAccount { name: name.to_string(), cents: CENTS };
            db.repository::<Account>().insert(account).await.unwrap();
        }
        let mut all = BTreeSet::new();
        for round in 0..6 {
            let mut child = start(url);
            let mut said = lines(&mut child);
            all.extend(said.by_ref().filter_map(|line| told(&line)).take(5 + round * 17));
            child.kill().unwrap();
            all.extend(said.filter_map(|line| told(&line)));
            child.wait().unwrap();
            let stored = books(&db).await.unwrap();
            let lost: Vec<_> = all.difference(&stored).collect();
            assert!(lost.is_empty(), "acknowledged and not there: {lost:?}");
            assert!(stored.len() <= all.len() + TASKS * (round + 1), "more than were under way");
        }
        assert!(all.len() > 100, "the processes did next to nothing: {}", all.len());
        db.close().await.unwrap();
    })
    .await;
}
