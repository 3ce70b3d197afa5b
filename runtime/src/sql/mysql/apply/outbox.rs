//! Outbox rows, and the columns of envelopes.

use sqlx::MySqlConnection;

use super::super::{
    super::words::{int, kind_number},
    classify::Failure,
    limits::weight,
    rows::id,
    shapes::{Filled, lists, padded, repeat, slices},
};
use crate::{envelope::Envelope, store::OutboxMessage};

/// Binds the eight columns of an envelope.
pub(super) fn bind<'q>(query: Filled<'q>, envelope: &Envelope, metadata: Option<Vec<u8>>) -> Filled<'q> {
    let query = query.bind(id(&envelope.id)).bind(envelope.name.as_bytes()).bind(i64::from(envelope.version));
    let query = query.bind(kind_number(envelope.kind)).bind(envelope.time.as_micros());
    let query = query.bind(envelope.key.as_deref().map(str::as_bytes));
    query.bind(metadata).bind(&*envelope.payload)
}

/// Adds rows, in order.
pub(super) async fn add(db: &mut MySqlConnection, packet: usize, messages: &[&OutboxMessage]) -> Result<(), Failure> {
    for messages in slices(messages, packet, |message| weight(&message.envelope)) {
        let head =
            "INSERT INTO bw_outbox (topic, message, name, `schema`, kind, time, `key`, metadata, payload) VALUES ";
        let mut query = repeat(head, "(?,?,?,?,?,?,?,?,?)", messages.len(), "");
        for message in messages {
            let metadata = message.envelope.metadata.stored()?;
            query = bind(query.bind(message.topic.as_bytes()), &message.envelope, metadata);
        }
        query.execute(&mut *db).await?;
    }
    Ok(())
}

/// Deletes rows.
pub(super) async fn forget(db: &mut MySqlConnection, published: &[u64]) -> Result<(), Failure> {
    for (places, numbers) in lists(published) {
        let query = repeat("DELETE FROM bw_outbox WHERE seq IN (", "?", places, ")");
        let query = padded(numbers, places).fold(query, |query, seq| query.bind(int(*seq)));
        query.execute(&mut *db).await?;
    }
    Ok(())
}
