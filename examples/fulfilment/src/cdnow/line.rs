//! One line of the file, read into an order.

use super::reason::{Reason, Shown};
use crate::day::Day;

/// The longest name of a customer, in bytes.
const LONGEST_CUSTOMER: usize = 64;

/// Whole dollars have at most so many digits: sums of many orders stay far from the end of a `u64`.
const DOLLAR_DIGITS: usize = 9;

/// An order, as the file has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Order {
    /// The number of its line, from 1.
    pub(crate) line: u64,
    /// Who ordered.
    pub(crate) customer: String,
    /// When.
    pub(crate) on: Day,
    /// How many pieces.
    pub(crate) items: u32,
    /// For how much, in cents.
    pub(crate) cents: u64,
}

impl Order {
    /// Reads the line with this number.
    ///
    /// # Errors
    /// The first thing that is wrong with it, from left to right.
    pub(crate) fn read(line: u64, bytes: &[u8]) -> Result<Self, Reason> {
        let text = str::from_utf8(bytes).map_err(|error| Reason::Utf8(error.valid_up_to() + 1))?;
        let mut columns = text.split_ascii_whitespace();
        let mut next = || columns.next();
        let (Some(customer), Some(date), Some(items), Some(amount), None) = (next(), next(), next(), next(), next())
        else {
            return Err(Reason::Columns(text.split_ascii_whitespace().count()));
        };
        Ok(Self {
            line,
            customer: read_customer(customer)?,
            on: date.parse().map_err(|_| Reason::Date(Shown::new(date)))?,
            items: read_items(items)?,
            cents: read_amount(amount)?,
        })
    }
}

/// Whether a line is the header.
pub(super) fn is_header(bytes: &[u8]) -> bool {
    bytes.trim_ascii_start().starts_with(b"customer_id")
}

fn read_customer(text: &str) -> Result<String, Reason> {
    if text.len() > LONGEST_CUSTOMER || text.chars().any(char::is_control) {
        return Err(Reason::Customer(Shown::new(text)));
    }
    Ok(text.to_owned())
}

fn read_items(text: &str) -> Result<u32, Reason> {
    let items = if digits(text) { text.parse().unwrap_or(0) } else { 0 };
    if items == 0 { Err(Reason::Items(Shown::new(text))) } else { Ok(items) }
}

/// Dollars as cents. No binary fraction is ever made of them: 0.1 has none.
fn read_amount(text: &str) -> Result<u64, Reason> {
    if let Some(cents) = cents(text) {
        return Ok(cents);
    }
    match text.strip_prefix('-') {
        Some(amount) if cents(amount).is_some() => Err(Reason::Negative(Shown::new(text))),
        _ => Err(Reason::Amount(Shown::new(text))),
    }
}

fn cents(text: &str) -> Option<u64> {
    let (dollars, cents) = text.split_once('.').unwrap_or((text, "00"));
    if !digits(dollars) || !digits(cents) || dollars.len() > DOLLAR_DIGITS || cents.len() > 2 {
        return None;
    }
    let scale = if cents.len() == 1 { 10 } else { 1 };
    Some(dollars.parse::<u64>().ok()? * 100 + cents.parse::<u64>().ok()? * scale)
}

fn digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reason(line: &[u8]) -> String {
        Order::read(7, line).unwrap_err().to_string()
    }

    #[test]
    fn a_line_becomes_an_order() {
        let order = Order::read(2, b" 00001 19970101  1   11.77\r\n").unwrap();
        let on = "19970101".parse().unwrap();
        assert_eq!(order, Order { line: 2, customer: "00001".into(), on, items: 1, cents: 1_177 });
    }

    #[test]
    fn amounts_are_exact() {
        let all = [("0.00", 0), ("0.1", 10), ("12", 1_200), ("1286.01", 128_601), ("999999999.99", 99_999_999_999)];
        for (text, expected) in all {
            assert_eq!(read_amount(text).unwrap(), expected, "{text}");
        }
        for text in ["", ".", "1.", ".5", "1.234", "1e5", "NaN", "inf", "+1", "1,50", "1000000000", "--1", "-"] {
            assert!(matches!(read_amount(text), Err(Reason::Amount(_))), "{text}");
        }
        assert!(matches!(read_amount("-0.01"), Err(Reason::Negative(_))));
    }

    #[test]
    fn a_bad_line_says_why() {
        assert_eq!(reason(b"00001 19970101 1"), "expected 4 columns, found 3");
        assert_eq!(reason(b"00001 19970101 1 1.00 extra"), "expected 4 columns, found 5");
        assert_eq!(reason(b"\r\n"), "expected 4 columns, found 0");
        assert_eq!(reason(b"00001 19970230 1 1.00"), "\"19970230\" is no date in the form YYYYMMDD");
        assert_eq!(reason(b"00001 19970101 0 1.00"), "\"0\" is no number of items from 1");
        assert_eq!(reason(b"00001 19970101 1 -1.00"), "the amount \"-1.00\" is negative");
        assert_eq!(reason(b"0000\xff 19970101 1 1.00"), "invalid UTF-8 at byte 5");
        assert!(reason(b"00001 19970101 1 \x1b[31m").starts_with("\"\\u{1b}[31m\" is no amount"));
        assert!(reason("00\u{7}01 19970101 1 1.00".as_bytes()).starts_with("the customer \"00\\u{7}01\" is longer"));
    }
}
