//! What is stored stays readable: `events.lock` says what it looks like, `tests/events` has one of each.

use bailiwick::testing::{Corpus, EventsLock};

use super::{OrderNumber, OrderPlaced};

#[test]
fn what_was_stored_is_still_read() -> Result<(), Box<dyn std::error::Error>> {
    EventsLock::new("events.lock").with::<OrderPlaced>().check()?;
    let corpus = Corpus::new("tests/events").with::<OrderPlaced>();
    corpus.keep(&OrderPlaced {
        customer: "00042".parse()?,
        number: OrderNumber { source: "CDNOW_master.txt".into(), line: 7 },
        nth: 1,
        on: "19970112".parse()?,
        items: 2,
        cents: 3_577,
    })?;
    Ok(corpus.check()?)
}
