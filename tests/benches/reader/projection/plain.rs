//! By hand, with tables that hold no more than this projection needs.

use std::collections::BTreeMap;

use bailiwick::Clock;
use sqlx::{Connection as _, PgConnection, Row as _};

use super::{
    super::{
        accounts::line,
        postgres::{
            by_hand::{fold, insert_many},
            database::Plain,
            select_page,
        },
        setting::alone,
        support::{Mode, Side},
    },
    ALL, PAGE, STREAMS, account,
};

const TABLES: &str =
    "CREATE TABLE sums (model text, key text, value bytea NOT NULL, PRIMARY KEY (model, key)) WITH (fillfactor = 90);
    CREATE TABLE checkpoint (name text PRIMARY KEY, position bigint NOT NULL);
    INSERT INTO checkpoint VALUES ('sums', 0);
    CREATE TABLE lease (resource text PRIMARY KEY, holder text, fence bigint NOT NULL);
    INSERT INTO lease VALUES ('sums', 'by hand', 1)";

const FENCE: &str = "SELECT FROM lease WHERE resource = 'sums' AND fence = 1 AND holder IS NOT NULL FOR SHARE";

const LOCK: &str = "SELECT s.no, m.value FROM unnest($1::text[]) WITH ORDINALITY AS s (key, no)
    JOIN sums m ON m.model = 'sums' AND m.key = s.key ORDER BY s.no FOR UPDATE OF m";

const PUT: &str = "INSERT INTO sums SELECT 'sums', * FROM unnest($1::text[], $2::bytea[])
    ON CONFLICT (model, key) DO UPDATE SET value = excluded.value";

const MOVE: &str = "UPDATE checkpoint SET position = $1 WHERE name = 'sums' AND position = $2";

/// A loop over pages: read, add up, one transaction.
pub fn side(mode: Mode) -> Side {
    let (runtime, clock, plain) = (alone(), Clock::system(), Plain::new(mode));
    plain.0.execute(TABLES);
    let mut held = runtime.block_on(plain.held());
    let (mut version, mut at) = (0, 0);
    Side::new("a plain loop by hand", move |timer, times| {
        let piece = |_| {
            for _ in 0..ALL / STREAMS {
                version += 1;
                runtime.block_on(append(&mut held, &clock, version));
            }
            timer.time(|| runtime.block_on(async { while page(&mut held, &mut at).await > 0 {} }));
            ALL
        };
        (0..times).map(piece).sum()
    })
    .proved(move || plain.0.count("SELECT sum(convert_from(value, 'UTF8')::int8)::int8 FROM sums"))
}

async fn append(held: &mut PgConnection, clock: &Clock, version: i64) {
    let lines: Vec<_> = (1..=STREAMS).map(|number| line(clock, &account(number), version)).collect();
    insert_many(held, &lines).await;
}

/// Takes the next page; says how many events it had.
async fn page(held: &mut PgConnection, at: &mut i64) -> usize {
    let rows = select_page(*at, PAGE).fetch_all(&mut *held).await.unwrap();
    let Some(last) = rows.last() else { return 0 };
    let mut added: BTreeMap<&str, u64> = BTreeMap::new();
    for row in &rows {
        *added.entry(row.get(11)).or_default() += fold(std::slice::from_ref(row));
    }
    let mut transaction = held.begin().await.unwrap();
    sqlx::query(FENCE).fetch_one(&mut *transaction).await.unwrap();
    let keys: Vec<&str> = added.keys().copied().collect();
    let mut sums: Vec<u64> = added.into_values().collect();
    for row in sqlx::query(LOCK).bind(&keys).fetch_all(&mut *transaction).await.unwrap() {
        let place = usize::try_from(row.get::<i64, _>(0)).unwrap() - 1;
        sums[place] += serde_json::from_slice::<u64>(row.get(1)).unwrap();
    }
    let values: Vec<Vec<u8>> = sums.iter().map(|sum| serde_json::to_vec(sum).unwrap()).collect();
    sqlx::query(PUT).bind(keys).bind(values).execute(&mut *transaction).await.unwrap();
    let to: i64 = last.get(0);
    let moved = sqlx::query(MOVE).bind(to).bind(*at).execute(&mut *transaction).await.unwrap();
    assert_eq!(moved.rows_affected(), 1);
    transaction.commit().await.unwrap();
    *at = to;
    rows.len()
}
