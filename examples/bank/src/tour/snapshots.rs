//! What a load reads.

use std::io::Write;

use bailiwick::{
    Aggregate, App,
    store::{Load, Loaded},
};

use super::{send, stream};
use crate::{
    Outcome,
    account::{Account, Deposit, EVERY, Withdraw},
};

pub(crate) async fn snapshots(app: &App, to: &mut impl Write) -> Outcome {
    writeln!(to, "3. A snapshot every {EVERY} events shortens a load\n")?;
    for day in 1..=25 {
        send(app, Deposit { account: "ada".into(), cents: 100 * day }).await?;
        send(app, Withdraw { account: "ada".into(), cents: 90 * day }).await?;
    }
    let schema = Account::SNAPSHOT.map(|policy| (policy.schema)());
    for (what, snapshot) in [("with", schema), ("without", None)] {
        let load = Load { snapshot, ..Load::all(None, stream("ada")?) };
        let Loaded { snapshot, events } = app.store().load(load).await?;
        let begins = snapshot.map_or("nothing".into(), |snapshot| format!("the state at version {}", snapshot.version));
        writeln!(to, "   {what:<7} a snapshot, a load of ada reads {begins} and {} events", events.len())?;
    }
    let ada = app.load::<Account>("ada").await?;
    let mut folded = Account::default();
    let mut history = app.history::<Account>("ada")?;
    while history.next().await?.is_some() {
        folded.clone_from(history.root());
    }
    let same = if *ada == folded { "the same state" } else { "another state" };
    Ok(writeln!(to, "   both lead to {same}, at version {}.\n", ada.version())?)
}
