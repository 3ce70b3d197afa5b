//! What the bank refuses: its own rules, and what the framework checks before them.

use std::io::Write;

use bailiwick::App;

use super::tell;
use crate::{
    Outcome,
    account::{Deposit, Open, Withdraw},
};

pub(crate) async fn rejections(app: &App, to: &mut impl Write) -> Outcome {
    writeln!(to, "1. A decision is events, or a no\n")?;
    let open = || Open { account: "ada".into(), owner: "Ada".into(), limit_cents: 5_000 };
    let withdraw = |cents| Withdraw { account: "ada".into(), cents };
    tell(app, to, "open ada, limit 50.00", open()).await?;
    tell(app, to, "deposit 100.00", Deposit { account: "ada".into(), cents: 10_000 }).await?;
    tell(app, to, "withdraw 120.00", withdraw(12_000)).await?;
    tell(app, to, "withdraw 30.01", withdraw(3_001)).await?;
    tell(app, to, "withdraw 0.00", withdraw(0)).await?;
    tell(app, to, "open ada once more", open()).await?;
    tell(app, to, "deposit to bob", Deposit { account: "bob".into(), cents: 1 }).await?;
    let events = app.load::<crate::account::Account>("ada").await?.version();
    Ok(writeln!(to, "\n   {events} events are stored: what was refused left none.\n")?)
}
