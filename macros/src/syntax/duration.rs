//! Durations in literals: `"2s"`, `"100ms"`.

use std::time::Duration;

/// Reads a number with a unit; the error says what is missing.
pub(crate) fn parse(text: &str) -> Result<Duration, String> {
    let digits = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let (number, unit) = text.split_at(digits);
    if number.is_empty() {
        return Err(format!("`{text}` is no duration; write a number and a unit, such as `\"2s\"`"));
    }
    let Ok(number) = number.parse::<u64>() else { return Err(format!("`{text}` is too long a time")) };
    let millis = match unit {
        "ms" => Some(number),
        "s" => number.checked_mul(1_000),
        "m" => number.checked_mul(60_000),
        "h" => number.checked_mul(3_600_000),
        "" => return Err(format!("`{text}` has no unit; write `\"{text}s\"`")),
        other => return Err(format!("`{other}` is no unit of time; the units are `ms`, `s`, `m` and `h`")),
    };
    match millis {
        None => Err(format!("`{text}` is too long a time")),
        Some(0) => Err(format!("`{text}` is no time at all")),
        Some(millis) => Ok(Duration::from_millis(millis)),
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::parse;

    #[test]
    fn a_number_needs_a_unit() {
        assert_eq!(parse("2s"), Ok(Duration::from_secs(2)));
        assert_eq!(parse("100ms"), Ok(Duration::from_millis(100)));
        assert_eq!(parse("60"), Err("`60` has no unit; write `\"60s\"`".into()));
        assert!(parse("2 s").is_err() && parse("s").is_err() && parse("0s").is_err() && parse("").is_err());
        assert!(parse("99999999999999999999s").is_err());
    }
}
