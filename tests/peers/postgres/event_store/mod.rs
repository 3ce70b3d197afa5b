//! The peers as further sides of the cases on PostgreSQL.

mod cqrs_es;
mod disintegrate;
mod esrs;
#[path = "../../evento.rs"]
mod evento;
mod pool;
#[path = "../../sides.rs"]
mod sides;

use sides::{saved, side};

use super::{
    postgres::database::Schema as Place,
    support::{Mode, Side},
    work::Work,
};

type Evento = evento::Store<::evento::Postgres>;

/// Analyzes every table of the schema.
const ANALYZE: &str = "DO $$ DECLARE found record; BEGIN
    FOR found IN SELECT tablename FROM pg_tables WHERE schemaname = current_schema LOOP
        EXECUTE format('ANALYZE %I', found.tablename);
    END LOOP;
END $$";

/// Counts what a peer has for the planner, as the server does by itself within a minute: without, evento's commands read by
/// another index and take five times as long.
fn filled(place: &Place) {
    place.execute(ANALYZE);
}

/// A side of each peer.
pub fn sides(work: Work, mode: Mode) -> Vec<Side> {
    if matches!(work, Work::Snapshot) {
        return vec![saved::<cqrs_es::Store>(mode), saved::<Evento>(mode), saved::<disintegrate::Store>(mode)];
    }
    vec![
        side::<cqrs_es::Store>(work, mode),
        side::<esrs::Store>(work, mode),
        side::<Evento>(work, mode),
        side::<disintegrate::Store>(work, mode),
    ]
}
