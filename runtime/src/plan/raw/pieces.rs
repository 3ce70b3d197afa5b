//! The pieces of a text that a user has written.
//!
//! Texts in quotes, names in quotes, comments and casts are passed over as they are. What databases read in different ways is
//! refused, so that no text is one statement here and another one there.

use super::Flavour;

/// A piece of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Piece {
    /// Nothing is left.
    End,
    /// To be sent as it is.
    Text,
    /// The same, and a word.
    Word,
    /// `:name`.
    Param,
    /// `{columns}`.
    Columns,
    /// `{name.columns}`.
    ColumnsOf,
    /// `{table}`.
    Table,
}

const UNCLOSED: &str = "a quote in the statement is not closed";
const UNENDED: &str = "a comment in the statement does not end";
const NESTED: &str = "a comment begins inside a comment: databases do not agree where it ends";
const BACKSLASH: &str = "a backslash stands before a quote: databases do not agree whether the quote then ends; \
                         bind the text as a parameter";
const BRACES: &str =
    "braces stand around `columns`, `table` or `alias.columns` alone: `{columns}`, `{table}`, `{o.columns}`";
const MARK: &str = "parameters have names and begin with a colon: write `:number`, not `?`";
const DOLLAR: &str = "a `$` stands for a parameter or begins a quote: write `:number`, and texts in single quotes";
const QUOTES: &str = "a name in double quotes is a text to MySQL, and one in backticks is not read by PostgreSQL: leave the quotes \
                      out, or write the statement for each database (`.mysql(..)`)";
const PIPES: &str = "`||` is OR to MySQL: write the statement for it on its own (`.mysql(..)`, with CONCAT)";
const HASH: &str =
    "`#` begins a comment for MySQL alone: write `-- `, or the statement for it on its own (`.mysql(..)`)";
const DASHES: &str =
    "`--` without a space after it begins a comment for some databases and not for MySQL: put a space there";
const CARRIED_OUT: &str = "MySQL carries out what stands in a comment that begins with `/*!`";
const SEVERAL: &str = "a statement is one statement: without a semicolon";

/// The piece that begins at this byte, and where it ends.
pub(crate) const fn next(text: &[u8], at: usize, flavour: Flavour) -> Result<(Piece, usize), &'static str> {
    if at >= text.len() {
        return Ok((Piece::End, at));
    }
    let after = if at + 1 < text.len() { text[at + 1] } else { 0 };
    if let Some(why) =
        read_differently((text[at], after), if at + 2 < text.len() { text[at + 2] } else { b' ' }, flavour)
    {
        return Err(why);
    }
    match (text[at], after) {
        (quote @ (b'\'' | b'"' | b'`'), _) => quoted(text, at, quote),
        (b'-', b'-') => Ok((Piece::Text, line(text, at))),
        (b'#', _) if matches!(flavour, Flavour::Mysql) => Ok((Piece::Text, line(text, at))),
        (b'/', b'*') => comment(text, at),
        (b'{' | b'}', _) => braces(text, at),
        (b':', b':') => Ok((Piece::Text, at + 2)),
        (b':', next) if begins_word(next) => Ok((Piece::Param, word(text, at + 1))),
        (b'?', _) if !matches!(flavour, Flavour::Postgres) => Err(MARK),
        (b'$', _) => Err(DOLLAR),
        (b';', _) => Err(SEVERAL),
        (b'0'..=b'9', _) => Ok((Piece::Text, word(text, at))),
        (byte, _) if begins_word(byte) => Ok((Piece::Word, word(text, at))),
        _ => Ok((Piece::Text, at + 1)),
    }
}

/// Why these bytes are not one thing to all for whom the text is written.
const fn read_differently(bytes: (u8, u8), then: u8, flavour: Flavour) -> Option<&'static str> {
    let any = matches!(flavour, Flavour::Any);
    match bytes {
        (b'"' | b'`', _) if any => Some(QUOTES),
        (b'|', b'|') if any => Some(PIPES),
        (b'#', _) if any => Some(HASH),
        (b'-', b'-') if (any || matches!(flavour, Flavour::Mysql)) && !then.is_ascii_whitespace() => Some(DASHES),
        (b'/', b'*') if (any || matches!(flavour, Flavour::Mysql)) && (then == b'!' || then == b'M') => {
            Some(CARRIED_OUT)
        }
        _ => None,
    }
}

const fn begins_word(byte: u8) -> bool {
    byte.is_ascii_alphabetic() || byte == b'_' || !byte.is_ascii()
}

/// Where the word ends.
const fn word(text: &[u8], mut at: usize) -> usize {
    while at < text.len() && (begins_word(text[at]) || text[at].is_ascii_digit()) {
        at += 1;
    }
    at
}

/// Where the line ends.
const fn line(text: &[u8], mut at: usize) -> usize {
    while at < text.len() && text[at] != b'\n' {
        at += 1;
    }
    at
}

/// A quote within quotes is written twice: there the piece ends and the next begins.
const fn quoted(text: &[u8], from: usize, quote: u8) -> Result<(Piece, usize), &'static str> {
    let mut at = from + 1;
    while at < text.len() {
        if text[at] == quote {
            let escaped = text[at - 1] == b'\\' && at - 1 > from;
            return if escaped { Err(BACKSLASH) } else { Ok((Piece::Text, at + 1)) };
        }
        at += 1;
    }
    Err(UNCLOSED)
}

const fn comment(text: &[u8], from: usize) -> Result<(Piece, usize), &'static str> {
    let mut at = from + 2;
    while at + 1 < text.len() {
        match (text[at], text[at + 1]) {
            (b'*', b'/') => return Ok((Piece::Text, at + 2)),
            (b'/', b'*') => return Err(NESTED),
            _ => at += 1,
        }
    }
    Err(UNENDED)
}

const fn braces(text: &[u8], at: usize) -> Result<(Piece, usize), &'static str> {
    let inner = at + 1;
    if text[at] == b'{' && inner < text.len() && begins_word(text[inner]) {
        let end = word(text, inner);
        let closed = end < text.len() && text[end] == b'}';
        if closed && stands(text, inner, b"columns}") {
            return Ok((Piece::Columns, end + 1));
        }
        if closed && stands(text, inner, b"table}") {
            return Ok((Piece::Table, end + 1));
        }
        if stands(text, end, b".columns}") {
            return Ok((Piece::ColumnsOf, end + b".columns}".len()));
        }
    }
    Err(BRACES)
}

/// Whether these bytes stand at this place.
pub(super) const fn stands(text: &[u8], at: usize, bytes: &[u8]) -> bool {
    let mut same = 0;
    while same < bytes.len() && at + same < text.len() && text[at + same] == bytes[same] {
        same += 1;
    }
    same == bytes.len()
}

/// Whether this word stands there, in letters of either case.
pub(super) const fn is_word(text: &[u8], (from, end): (usize, usize), word: &[u8]) -> bool {
    let mut same = 0;
    while same < word.len() && from + same < end && text[from + same].eq_ignore_ascii_case(&word[same]) {
        same += 1;
    }
    same == word.len() && from + same == end
}
