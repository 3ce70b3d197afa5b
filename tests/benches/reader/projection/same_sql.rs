//! By hand, with the tables and the statements of the store.

use std::collections::BTreeMap;

use bailiwick::{Clock, Event as _, Uuid};
use sqlx::{
    ConnectOptions as _, Connection as _, PgConnection, Row as _,
    postgres::{PgConnectOptions, PgRow},
};

use super::{
    super::{
        accounts::AccountEvent,
        postgres::database::Ours,
        setting::alone,
        support::{Mode, Side},
    },
    ALL, PAGE, STREAMS, append, sums,
};

const NAME: &str = "projection/sums/1";

const PREPARE: &str = "INSERT INTO bw_checkpoint (name, position) VALUES ('projection/sums/1', 0);
    INSERT INTO bw_lease VALUES (1, 9000000000000000000, 'projection/sums/1', 'by hand');
    INSERT INTO bw_model (model, owner) VALUES ('sums', 'sums/1');
    INSERT INTO bw_read_model (tenant, model, generation, key, value)
        SELECT '', 'sums', 0, 'account-' || number, '0' FROM generate_series(1, 100) AS number";

const SELECT: &str =
    "SELECT position, version, checksum, tenant, category, stream, message, name, schema, kind, time, key, metadata,
    payload FROM bw_event WHERE position > $1 ORDER BY position LIMIT $2";

const FENCE: &str = "SELECT FROM bw_lease WHERE resource = $1 AND fence = $2 AND holder IS NOT NULL FOR SHARE";

const HOLD: &str = "SELECT FROM bw_checkpoint WHERE name = ANY($1) ORDER BY name FOR NO KEY UPDATE";

const LOCK: &str = "WITH s AS MATERIALIZED (
        SELECT s.no, s.model, s.key,
            coalesce(CASE WHEN g.owner = $5 THEN $4 ELSE g.live END, 0) AS generation
        FROM unnest($2::text[], $3::text[]) WITH ORDINALITY AS s (model, key, no)
        LEFT JOIN bw_model g ON g.model = s.model
    ), m AS (
        SELECT s.no, m.value FROM bw_read_model m JOIN s USING (model, generation, key)
        WHERE m.tenant = $1 ORDER BY s.no FOR UPDATE OF m
    )
    SELECT s.generation, m.value FROM s LEFT JOIN m USING (no) ORDER BY s.no";

const UPDATE: &str = "UPDATE bw_read_model m SET revision = nextval('bw_revision'), value = s.value
    FROM unnest($2::text[], $3::int8[], $4::text[], $5::bytea[]) AS s (model, generation, key, value)
    WHERE m.model = s.model AND m.generation = s.generation AND m.tenant = $1 AND m.key = s.key";

const MOVE: &str = "UPDATE bw_checkpoint SET position = $2 WHERE name = $1 AND position = $3";

/// A loop over pages, which keeps the checkpoint in mind: read, add up, one transaction.
pub fn side(mode: Mode) -> Side {
    let (runtime, clock, ours) = (alone(), Clock::system(), std::rc::Rc::new(Ours::new(mode)));
    ours.schema.execute(PREPARE);
    let options: PgConnectOptions = ours.schema.options().options([("plan_cache_mode", "force_generic_plan")]);
    let (mut held, mut at, proof) = (runtime.block_on(options.connect()).unwrap(), 0, ours.clone());
    Side::new("the same SQL by hand", move |timer, times| {
        let piece = |_| {
            runtime.block_on(append(&ours, &clock));
            timer.time(|| runtime.block_on(async { while page(&mut held, &mut at).await > 0 {} }));
            ALL
        };
        (0..times).map(piece).sum()
    })
    .proved(move || sums(&proof))
}

/// Takes the next page; says how many events it had.
async fn page(held: &mut PgConnection, at: &mut i64) -> usize {
    let rows = sqlx::query(SELECT).bind(*at).bind(PAGE).fetch_all(&mut *held).await.unwrap();
    let Some(last) = rows.last() else { return 0 };
    let mut added: BTreeMap<&str, u64> = BTreeMap::new();
    for row in &rows {
        *added.entry(row.get(5)).or_default() += cents(row);
    }
    let mut transaction = held.begin().await.unwrap();
    sqlx::query(FENCE).bind(NAME).bind(1_i64).fetch_one(&mut *transaction).await.unwrap();
    sqlx::query(HOLD).bind(vec![NAME]).fetch_one(&mut *transaction).await.unwrap();
    let (keys, models): (Vec<&str>, Vec<&str>) = added.keys().map(|key| (*key, "sums")).unzip();
    let query = sqlx::query(LOCK).bind("").bind(&models).bind(&keys).bind(None::<i64>).bind(None::<&str>);
    let stored = query.fetch_all(&mut *transaction).await.unwrap();
    let (mut generations, mut values) = (Vec::new(), Vec::new());
    for (row, cents) in stored.iter().zip(added.values()) {
        generations.push(row.get::<i64, _>(0));
        values.push(serde_json::to_vec(&(serde_json::from_slice::<u64>(row.get(1)).unwrap() + cents)).unwrap());
    }
    assert_eq!(values.len() as u64, STREAMS);
    let query = sqlx::query(UPDATE).bind("").bind(models).bind(generations).bind(keys).bind(values);
    query.execute(&mut *transaction).await.unwrap();
    let to: i64 = last.get(0);
    let moved = sqlx::query(MOVE).bind(NAME).bind(to).bind(*at).execute(&mut *transaction).await.unwrap();
    assert_eq!(moved.rows_affected(), 1);
    transaction.commit().await.unwrap();
    *at = to;
    rows.len()
}

fn cents(row: &PgRow) -> u64 {
    let _place: (i64, i64, &str, &str) = (row.get(1), row.get(2), row.get(3), row.get(4));
    let _rest: (Uuid, i16, i64, Option<&str>, Option<&str>) =
        (row.get(6), row.get(9), row.get(10), row.get(11), row.get(12));
    let schema = u32::try_from(row.get::<i64, _>(8)).unwrap();
    let AccountEvent::Deposited { cents, .. } = AccountEvent::decode(row.get(7), schema, row.get(13)).unwrap();
    cents
}
