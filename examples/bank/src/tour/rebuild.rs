//! A read model that is wrong is made anew from the events.

use std::io::Write;

use bailiwick::{App, Transaction};
use indicatif::{ProgressBar, ProgressStyle};

use crate::{
    Outcome,
    balances::{BALANCES, Balances},
    money::Cents,
};

pub(crate) async fn rebuild(app: &App, to: &mut impl Write) -> Outcome {
    writeln!(to, "5. A read model is made anew from the events\n")?;
    let mut tx = Transaction::new(app.store().clone(), None);
    tx.put(BALANCES, "ada", &100_000_000)?;
    app.store().commit(tx.into_commit()).await?;
    balances(app, to, "after an accident").await?;

    let bar = ProgressBar::new(app.counts().await?.events);
    bar.set_style(ProgressStyle::with_template("   rebuilding {bar:40} {pos} of {len} events")?);
    let shown = bar.clone();
    let rebuild = app.rebuild::<Balances>()?.batches_of(10);
    let rebuilt = rebuild.on_progress(move |progress| shown.set_position(progress.events)).run().await?;
    bar.finish();
    writeln!(to, "   rebuilt from {} events", rebuilt.events)?;
    balances(app, to, "after the rebuild").await
}

async fn balances(app: &App, to: &mut impl Write, when: &str) -> Outcome {
    for (account, cents) in app.read(BALANCES).all().await? {
        writeln!(to, "   {when}: {account} {:>13}", Cents(cents))?;
    }
    Ok(())
}
