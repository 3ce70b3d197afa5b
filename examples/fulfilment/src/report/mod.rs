//! The report: what the shop holds now, on both sides of the broker, and how fast it got there.

mod figures;
mod memory;
mod text;

use std::io::{self, Write};

pub(crate) use figures::{Figures, Run};

/// Writes the report for people.
///
/// # Errors
/// What the writer answers.
pub(crate) fn write_text(figures: &Figures, to: &mut impl Write) -> io::Result<()> {
    text::write(figures, to)
}

/// Writes the report as one JSON object.
///
/// # Errors
/// What the writer answers.
pub(crate) fn write_json(figures: &Figures, to: &mut impl Write) -> io::Result<()> {
    serde_json::to_writer(&mut *to, figures)?;
    writeln!(to)
}
