//! What a tail takes from the writers.

use std::sync::{Arc, atomic::Ordering};

use bailiwick::Clock;
use sqlx::PgConnection;
use tokio::sync::Mutex;

use super::{
    accounts::lines,
    callers::{Next, fresh, through_store, wave},
    postgres::{
        by_hand::insert,
        database::{Ours, Plain, Schema},
    },
    setting::together,
    support::{Area, Case, Gate, Mode, Side},
    tail::Tail,
};

/// Appends of a wave.
const WAVE: u64 = 800;

const FLOOR: &str = "held against a tail by hand, as a page must be read on the cores on which the writers and the server \
work: by hand that alone took 1.05 to 1.17 × the time without a tail, measured six times with 8 and with 32 clients on two cores.";

const NOTIFY: &str = "CREATE FUNCTION told() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN PERFORM pg_notify('bailiwick_bench', NEW.position::text); RETURN NULL; END $$;
    CREATE TRIGGER told AFTER INSERT ON event FOR EACH ROW EXECUTE FUNCTION told()";

/// Eight and thirty-two clients; what is shown is the time per event.
pub fn cases(area: &mut Area) {
    for clients in [8, 32] {
        area.case(&format!("price for writers, {clients} clients, per event, durable"), || {
            Case::database(6, ours("without a tail", clients, None))
                .median()
                .parts(WAVE)
                .side(ours("with a tail by hand", clients, Some(Tail::by_hand)))
                .side(ours(
                    "with tail and wake-up",
                    clients,
                    Some(|schema| Tail::reading(schema.store(|options| options))),
                ))
                .side(ours("with a projection that follows", clients, Some(follows)))
                .side(by_hand("by hand", clients, ""))
                .side(by_hand("by hand, NOTIFY in each append", clients, NOTIFY))
                .gate(Gate::must("with tail and wake-up", 1.05, "with a tail by hand").because(FLOOR))
                .gate(Gate::moonshot("with tail and wake-up", 1.02, "without a tail"))
        });
    }
}

fn follows(schema: &Schema) -> Tail {
    Tail::of(schema.store(|options| options), None)
}

/// Whoever has a tail tells other processes, and the tail is in one. It has come to the end before the next wave. A
/// projection also writes: its checkpoint and its rows are work of its own, which shares the cores with the writers.
fn ours(name: &'static str, clients: usize, tail: Option<fn(&Schema) -> Tail>) -> Side {
    let (runtime, next, share) = (together(), Next::default(), WAVE / clients as u64);
    let ours = Ours::with(Mode::Durable, |options| options.notices(tail.is_some()));
    let mut tail = tail.map(|tail| tail(&ours.schema));
    let store = ours.store.clone();
    Side::new(name, move |timer, times| {
        let mut rows = 0;
        for _ in 0..times {
            rows += timer.time(|| wave(&runtime, clients, |_| through_store(store.clone(), next.clone(), share)));
            if let Some(tail) = &mut tail {
                runtime.block_on(tail.has(next.load(Ordering::Relaxed)));
            }
        }
        rows
    })
    .proved(move || ours.count())
}

type Held = Arc<Mutex<PgConnection>>;

async fn through_connection(held: Held, next: Next, share: u64) -> u64 {
    let clock = Clock::system();
    let mut held = held.lock().await;
    let mut rows = 0;
    for _ in 0..share {
        let lines = lines(&clock, &fresh(&next), 1);
        rows += insert(&lines[0]).execute(&mut *held).await.unwrap().rows_affected();
    }
    rows
}

fn by_hand(name: &'static str, clients: usize, sql: &str) -> Side {
    let (runtime, plain, next) = (together(), Plain::new(Mode::Durable), Next::default());
    let share = WAVE / clients as u64;
    plain.0.execute(sql);
    let connections: Vec<Held> = runtime.block_on(async {
        let mut connections = Vec::new();
        for _ in 0..clients {
            connections.push(Arc::new(Mutex::new(plain.held().await)));
        }
        connections
    });
    Side::new(name, move |timer, times| {
        let append = |client: usize| through_connection(connections[client].clone(), next.clone(), share);
        timer.each(times, || wave(&runtime, clients, append))
    })
    .proved(move || plain.count())
}
