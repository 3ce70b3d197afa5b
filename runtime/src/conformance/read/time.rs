//! The time of an event.

use super::LogErrorKind;
use crate::timestamp::Timestamp;

/// Reads RFC 3339; also with a blank for the `T`, as a date alone, without an offset, which then is UTC, and with an offset
/// without its colon.
pub(super) fn parse(text: &str) -> Result<Timestamp, LogErrorKind> {
    let text = text.trim();
    let (date, clock) = text.split_at_checked(10).unwrap_or((text, ""));
    let clock = clock.strip_prefix(['T', 't', ' ']).unwrap_or(if clock.is_empty() { "00:00:00" } else { clock });
    let (clock, offset) = clock.split_at(clock.find(['Z', 'z', '+', '-']).unwrap_or(clock.len()));
    let offset = match offset.as_bytes() {
        [] => "Z".to_owned(),
        [sign, a, b, c, d] if offset.is_ascii() => [*sign, *a, *b, b':', *c, *d].map(char::from).iter().collect(),
        _ => offset.to_owned(),
    };
    let whole = format!("{date}T{}{offset}", clock.trim_end());
    whole.parse().map_err(|_| LogErrorKind::BadTime(text.to_owned()))
}
