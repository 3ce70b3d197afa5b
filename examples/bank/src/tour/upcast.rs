//! An event that an older program has stored.

use std::io::Write;

use bailiwick::{
    App, Envelope, EventKind, Expected,
    envelope::Metadata,
    store::{Append, Commit, Load},
};

use super::{send, stream};
use crate::{
    Outcome,
    account::{Account, Deposit},
    money::Cents,
};

/// As version 1 wrote it: the limit in whole euros.
const STORED: &str = r#"{"owner":"Eve","limit":20}"#;

pub(crate) async fn upcast(app: &App, to: &mut impl Write) -> Outcome {
    writeln!(to, "2. An event of an older program is lifted when it is read\n")?;
    let opened = Envelope {
        id: app.clock().message_id(),
        name: "account.opened".into(),
        version: 1,
        kind: EventKind::Domain,
        time: app.clock().now(),
        key: None,
        metadata: Metadata::default(),
        payload: STORED.as_bytes().into(),
    };
    let append = Append { stream: stream("eve")?, expected: Expected::NoStream, events: vec![opened] };
    app.store().commit(Commit { appends: vec![append], ..Commit::default() }).await?;
    send(app, Deposit { account: "eve".into(), cents: 700 }).await?;

    let eve = app.load::<Account>("eve").await?;
    let (balance, limit) = (Cents(eve.cents), Cents(eve.limit_cents));
    writeln!(to, "   {} has {balance} and a limit of {limit}.", eve.owner)?;
    for event in app.store().load(Load::all(None, stream("eve")?)).await?.events {
        let (name, version) = (&event.envelope.name, event.envelope.version);
        writeln!(to, "   stored: {name} v{version} {}", String::from_utf8_lossy(&event.envelope.payload))?;
    }
    Ok(writeln!(to)?)
}
