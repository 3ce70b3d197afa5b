//! Rows, conditions and orders by chance; the same in each run.

use super::parcel::{New, Parcel};
use crate::{repository::SortKey, specification::Spec};

/// SplitMix64 (Steele, Lea, Flood: Fast splittable pseudorandom number generators, 2014).
pub(super) struct Chance(u64);

const PARTS: &[&str] = &["a", "A", "%", "_", "!", "\\", "é", "É", "\u{D7FF}", "\u{10FFFF}", "'", "\"", " ", "ß", "b"];

impl Chance {
    pub(super) const fn of(seed: u64) -> Self {
        Self(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let one = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let two = (one ^ (one >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        two ^ (two >> 31)
    }

    /// A number below this one.
    pub(super) fn below(&mut self, end: u64) -> u64 {
        self.next() % end
    }

    pub(super) fn once_in(&mut self, times: u64) -> bool {
        self.below(times) == 0
    }

    fn small(&mut self) -> i64 {
        self.below(5).cast_signed() - 2
    }

    fn weight(&mut self) -> f64 {
        [-1.5, -0.0, 0.0, 0.1, 1e300, f64::MIN_POSITIVE][usize::try_from(self.below(6)).unwrap_or(0)]
    }

    fn text(&mut self) -> String {
        (0..self.below(4)).map(|_| PARTS[usize::try_from(self.below(PARTS.len() as u64)).unwrap_or(0)]).collect()
    }

    pub(super) fn row(&mut self, number: u32) -> New {
        let label = (!self.once_in(4)).then(|| self.text());
        let pieces = (!self.once_in(4)).then(|| self.small());
        New { label, pieces, weight: self.weight(), gift: self.once_in(2), ..New::plain(number) }
    }

    /// A condition of at most so many levels above its comparisons.
    pub(super) fn spec(&mut self, levels: u32) -> Spec<Parcel> {
        if levels == 0 || self.once_in(4) {
            return self.leaf();
        }
        let kind = self.below(3);
        if kind == 0 {
            return !self.spec(levels - 1);
        }
        let parts: Vec<_> = (0..self.below(4)).map(|_| self.spec(levels - 1)).collect();
        if kind == 1 { Spec::all_of(parts) } else { Spec::any_of(parts) }
    }

    fn leaf(&mut self) -> Spec<Parcel> {
        match self.below(5) {
            0 | 1 => self.of_label(),
            2 | 3 => self.of_pieces(),
            _ if self.once_in(2) => Parcel::gift().eq(self.once_in(2)),
            _ if self.once_in(2) => Parcel::weight().le(self.weight()),
            _ => Parcel::weight().gt(self.weight()),
        }
    }

    fn of_label(&mut self) -> Spec<Parcel> {
        let (label, text) = (Parcel::label(), self.text());
        match self.below(9) {
            0 => label.eq(text.as_str()),
            1 => label.same(Some(text.as_str())),
            2 => label.starts_with(&text),
            3 => label.contains(&text),
            4 => label.ends_with(&text),
            5 => label.contains_ci(&text),
            6 => label.gt(text.as_str()),
            7 => label.is_in([text.as_str(), "a"]),
            _ => label.is_null(),
        }
    }

    fn of_pieces(&mut self) -> Spec<Parcel> {
        let (pieces, number) = (Parcel::pieces(), self.small());
        match self.below(8) {
            0 => pieces.eq(number),
            1 => pieces.ne(number),
            2 => pieces.lt(number),
            3 => pieces.ge(number),
            4 => pieces.same(Some(number)),
            5 => pieces.is_null(),
            6 => pieces.not_in([number, self.small()]),
            _ => pieces.is_in((0..self.below(4)).map(|_| self.small()).collect::<Vec<_>>()),
        }
    }

    /// Keys of these columns, in directions by chance if they may be mixed.
    pub(super) fn keys(&mut self, columns: &[Column], mixed: bool) -> Vec<SortKey<Parcel>> {
        let all_descending = self.once_in(2);
        (0..=self.below(2))
            .map(|_| {
                let column = columns[usize::try_from(self.below(columns.len() as u64)).unwrap_or(0)];
                let key = column(if mixed { self.once_in(2) } else { all_descending });
                match self.below(3) {
                    0 if mixed => key.nulls_first(),
                    1 if mixed => key.nulls_last(),
                    _ => key,
                }
            })
            .collect()
    }
}

/// A column to sort by, descending or not.
pub(super) type Column = fn(bool) -> SortKey<Parcel>;

/// Columns in which each row has a value.
pub(super) const PRESENT: &[Column] = &[
    |down| if down { Parcel::weight().desc() } else { Parcel::weight().asc() },
    |down| if down { Parcel::number().desc() } else { Parcel::number().asc() },
];
/// Columns in which a row may have none.
pub(super) const NULLABLE: &[Column] = &[
    |down| if down { Parcel::pieces().desc() } else { Parcel::pieces().asc() },
    |down| if down { Parcel::label().desc() } else { Parcel::label().asc() },
];
