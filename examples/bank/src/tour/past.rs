//! The past: states at a version and at a time, what each event changed, and the log as text.

use std::io::Write;

use bailiwick::{App, Timestamp, Version};

use super::stream;
use crate::{Outcome, account::Account, money::Cents};

pub(crate) async fn past(app: &App, to: &mut impl Write) -> Outcome {
    writeln!(to, "4. The past is still there\n")?;
    for version in [1, 2, 3, 30, 53] {
        let ada = app.load_at::<Account>("ada", Version::new(version)).await?;
        writeln!(to, "   ada at version {version:>2}: {:>7}", Cents(ada.cents))?;
    }
    for noon in ["2026-03-01T12:00:00Z", "2026-03-02T12:00:00Z", "2026-03-03T12:00:00Z"] {
        let ada = app.load_at::<Account>("ada", noon.parse::<Timestamp>()?).await?;
        writeln!(to, "   ada on {}, at noon: {:>7}, version {}", &noon[..10], Cents(ada.cents), ada.version())?;
    }
    for error in [
        app.load_at::<Account>("ada", Version::new(99)).await.err(),
        app.load_at::<Account>("ada", "2026-02-28T12:00:00Z".parse::<Timestamp>()?).await.err(),
    ] {
        writeln!(to, "   {}", error.map_or_else(String::new, |error| error.to_string()))?;
    }

    writeln!(to, "\n   What the last events changed:")?;
    let mut history = app.history::<Account>("ada")?.after(Version::new(51)).await?;
    while let Some(entry) = history.next().await? {
        writeln!(to, "   {} {}", entry.version, entry.name)?;
        entry.diff.changes().iter().try_for_each(|change| writeln!(to, "      {change}"))?;
    }
    writeln!(to, "\n   The log of eve:")?;
    app.replay_log(&stream("eve")?).await?.lines().try_for_each(|line| writeln!(to, "   {line}"))?;
    Ok(writeln!(to)?)
}
