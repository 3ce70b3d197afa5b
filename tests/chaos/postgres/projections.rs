//! Projections where locks and connections are scarce: one connection that reads, a long transaction, one hot row.

use std::time::Duration;

use bailiwick::{
    App, BoxError, Position, ReadModel, Recorded, Store as _, Transaction, projection,
    projection::Rebuild,
    sql::PostgresStore,
    store::{AnyStore, CheckpointMove, Commit, GenerationChange, ModelChange, ModelKey, ModelWrite, Swap, SwapGuard},
};
use sqlx::{Connection as _, Executor as _, PgConnection};
use tests::{
    bank::{Account, AccountEvent, deposit, open},
    servers::{self, Room},
};
use tokio::time::{sleep, timeout};

const ROWS: ReadModel<u64> = ReadModel::new("rows");
const PATIENCE: Duration = Duration::from_secs(60);

/// Looks at its row again and again for longer than a lease lasts.
struct Slow;

#[projection(name = "slow", version = 1)]
impl Slow {
    #[project]
    async fn any(&self, _event: &Recorded<AccountEvent>, tx: &mut Transaction) -> Result<(), BoxError> {
        for _ in 0..40 {
            let _seen = tx.get(ROWS, "all").await?;
            sleep(Duration::from_millis(1)).await;
        }
        Ok(tx.put(ROWS, "all", &1)?)
    }
}

/// Makes many rows for each event.
struct Wide;

#[projection(name = "wide", version = 1)]
impl Wide {
    #[project]
    async fn any(&self, event: &Recorded<AccountEvent>, tx: &mut Transaction) -> Result<(), BoxError> {
        let id = event.id();
        (0..20_000).try_for_each(|number| Ok(tx.put(ROWS, format!("{id}-{number}"), &number)?))
    }
}

/// Counts inline, in one row for all.
struct Hot;

#[projection(name = "hot", version = 1, inline)]
impl Hot {
    #[project]
    async fn any(&self, _event: &Recorded<AccountEvent>, tx: &mut Transaction) -> Result<(), BoxError> {
        let before = tx.get(ROWS, "all").await?.unwrap_or_default();
        Ok(tx.put(ROWS, "all", &(before + 1))?)
    }
}

async fn store(room: &Room, readers: usize) -> AnyStore {
    let store = PostgresStore::options(&room.url()).unwrap().schema(room.name()).unwrap().readers(readers);
    let store = store.relaxed().connect().unwrap();
    store.migrate().await.unwrap();
    AnyStore::new(store)
}

async fn filled(store: &AnyStore, deposits: u64) {
    let app = App::builder().any_store(store.clone()).aggregate::<Account>().build().await.unwrap();
    app.send(open("a")).await.unwrap();
    for _ in 1..deposits {
        app.send(deposit("a", 1)).await.unwrap();
    }
}

/// Lets a follower have come to a position.
async fn stands(store: &AnyStore, checkpoint: &str, position: u64) {
    let moved = CheckpointMove { name: checkpoint.into(), from: None, to: Position::new(position) };
    store.commit(Commit { checkpoints: vec![moved], ..Commit::default() }).await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_lease_is_renewed_while_the_only_connection_that_reads_is_in_use() {
    let Some(server) = servers::postgres() else { return };
    let room = server.room();
    let store = store(&room, 1).await;
    filled(&store, 5).await;
    stands(&store, "projection/slow/1", 5).await;
    let rebuild = Rebuild::new(store, Slow).lease(Duration::from_millis(45));
    assert_eq!(timeout(PATIENCE, rebuild.run()).await.unwrap().unwrap().events, 5);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_rebuild_makes_more_rows_at_once_than_the_server_has_locks() {
    let Some(server) = servers::postgres() else { return };
    let room = server.room();
    let store = store(&room, 4).await;
    filled(&store, 2).await;
    stands(&store, "projection/wide/1", 2).await;
    let rebuilt = Rebuild::new(store.clone(), Wide).lease(Duration::from_secs(30)).run().await.unwrap();
    assert_eq!(rebuilt.events, 2);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn commands_that_count_in_one_row_do_not_wait_for_each_other_in_a_circle() {
    let Some(server) = servers::postgres() else { return };
    let room = server.room();
    let store = store(&room, 8).await;
    let app = App::builder().any_store(store.clone()).aggregate::<Account>().projection(Hot).build().await.unwrap();
    let mut watch = PgConnection::connect(&room.url()).await.unwrap();
    let deadlocks = "SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()";
    let before: i64 = sqlx::query_scalar(deadlocks).fetch_one(&mut watch).await.unwrap();
    let commands = (0..40).map(|number| {
        let app = app.clone();
        tokio::spawn(async move { app.send(open(&format!("a-{number}"))).await.is_ok() })
    });
    let mut counted = 0;
    for command in commands.collect::<Vec<_>>() {
        counted += u64::from(command.await.unwrap()); // one that lost the row too often is refused
    }
    let key = ModelKey { tenant: None, model: ROWS.name(), key: "all".into(), generation: None };
    assert_eq!(store.model(key).await.unwrap().unwrap().value, counted.to_string().into_bytes());
    store.close().await.unwrap(); // the server tells its figures when a session ends
    sleep(Duration::from_secs(1)).await;
    watch.execute("SELECT pg_stat_clear_snapshot()").await.unwrap();
    let after: i64 = sqlx::query_scalar(deadlocks).fetch_one(&mut watch).await.unwrap();
    assert_eq!(after, before, "the server had to end a circle");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_inline_rebuild_behind_a_long_transaction_stops_no_appends() {
    let Some(server) = servers::postgres() else { return };
    let room = server.room();
    let store = store(&room, 4).await;
    filled(&store, 3).await;
    let mut foreign = PgConnection::connect(&room.url()).await.unwrap();
    let held = format!("BEGIN; LOCK TABLE {}.bw_event IN ROW EXCLUSIVE MODE", room.name());
    foreign.execute(sqlx::raw_sql(sqlx::AssertSqlSafe(held))).await.unwrap();
    let rebuild = tokio::spawn(Rebuild::new(store.clone(), Hot).run());
    sleep(Duration::from_millis(300)).await; // it has come to the swap
    let app = App::builder().any_store(store.clone()).aggregate::<Account>().build().await.unwrap();
    for _ in 0..20 {
        timeout(PATIENCE / 2, app.send(deposit("a", 1))).await.expect("appends stand still").unwrap();
    }
    assert!(!rebuild.is_finished());
    foreign.execute("ROLLBACK").await.unwrap();
    timeout(PATIENCE, rebuild).await.unwrap().unwrap().unwrap();
}

/// The processes of the server that wait for one.
async fn waiting(watch: &mut PgConnection, behind: i32) -> Vec<i32> {
    let sql = "SELECT pid FROM pg_stat_activity WHERE $1 = ANY (pg_blocking_pids(pid))";
    sqlx::query_scalar(sql).bind(behind).fetch_all(watch).await.unwrap()
}

/// A commit that writes a row, and nothing else.
fn puts(value: &str) -> Commit {
    let change = ModelChange::Put(value.into());
    Commit { models: vec![ModelWrite { model: ROWS.name(), key: "all".into(), change }], ..Commit::default() }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn no_swap_comes_between_the_look_and_the_write_of_a_commit_without_events_and_checkpoints() {
    let Some(server) = servers::postgres() else { return };
    let room = server.room();
    let (here, there) = (store(&room, 2).await, store(&room, 2).await);
    let owned = GenerationChange::Own { model: ROWS.name(), owner: "rows/1".into() };
    here.commit(Commit { generations: vec![owned], ..puts("1") }).await.unwrap();
    let [mut foreign, mut watch] =
        [PgConnection::connect(&room.url()).await.unwrap(), PgConnection::connect(&room.url()).await.unwrap()];
    let pid: i32 = sqlx::query_scalar("SELECT pg_backend_pid()").fetch_one(&mut foreign).await.unwrap();
    let held = format!("BEGIN; SELECT FROM {}.bw_read_model FOR UPDATE", room.name());
    foreign.execute(sqlx::raw_sql(sqlx::AssertSqlSafe(held))).await.unwrap();

    let writes = tokio::spawn(async move { here.commit(puts("2")).await });
    let writer = loop {
        assert!(!writes.is_finished(), "it did not wait for its row");
        if let [writer] = waiting(&mut watch, pid).await[..] {
            break writer; // it has looked which generation is live
        }
    };
    let guard = SwapGuard::Checkpoint("rows".into());
    let swap = Swap { owner: "rows/1".into(), generation: 7, position: Position::START, guard };
    let swap = Commit { generations: vec![GenerationChange::Swap(swap)], ..Commit::default() };
    let swapping = there.clone();
    let swaps = tokio::spawn(async move { swapping.commit(swap).await });
    while waiting(&mut watch, writer).await.is_empty() {
        assert!(!swaps.is_finished(), "the writer's generation is not the live one any more");
    }
    foreign.execute("ROLLBACK").await.unwrap();
    writes.await.unwrap().unwrap();
    swaps.await.unwrap().unwrap();
    there.commit(puts("3")).await.unwrap();
    let key = ModelKey { tenant: None, model: ROWS.name(), key: "all".into(), generation: None };
    assert_eq!(there.model(key).await.unwrap().unwrap().value, b"3");
}
