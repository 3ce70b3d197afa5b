//! Statements of many rows, in few shapes: each shape is prepared once for a connection, and their number is bounded.

use sqlx::{AssertSqlSafe, MySql, mysql::MySqlArguments, query::Query};

/// A query that is being filled.
pub(super) type Filled<'a> = Query<'a, MySql, MySqlArguments>;

/// As many rows a statement has at most.
pub(super) const MOST: usize = 128;

/// A statement made of `head`, `count` times `row` with commas between, and `tail`.
pub(super) fn repeat<'a>(head: &str, row: &str, count: usize, tail: &str) -> Filled<'a> {
    let mut sql = String::with_capacity(head.len() + tail.len() + count * (row.len() + 1));
    sql.push_str(head);
    for number in 0..count {
        if number > 0 {
            sql.push(',');
        }
        sql.push_str(row);
    }
    sql.push_str(tail);
    sqlx::query(AssertSqlSafe(sql)) // made of constants
}

/// Slices of rows for statements: up to 16, 32, 64 or 128 rows, of no more bytes together than a statement may have,
/// unless a single row has.
pub(super) fn slices<T>(rows: &[T], most: usize, weight: impl Fn(&T) -> usize) -> Vec<&[T]> {
    let (mut rest, mut slices) = (rows, Vec::new());
    while !rest.is_empty() {
        let mut bytes = 0_usize;
        let fits = |row: &&T| {
            bytes = bytes.saturating_add(weight(row));
            bytes <= most
        };
        let fitting = rest.iter().take(MOST).take_while(fits).count().max(1);
        let (slice, more) = rest.split_at(step(fitting));
        slices.push(slice);
        rest = more;
    }
    slices
}

const fn step(rows: usize) -> usize {
    match rows {
        0..=16 => rows,
        17..=31 => 16,
        32..=63 => 32,
        64..=127 => 64,
        _ => MOST,
    }
}

/// Lists for IN: slices of up to 128, each with the number of places it is padded to. Who binds repeats the last one.
pub(super) fn lists<T>(values: &[T]) -> impl Iterator<Item = (usize, &[T])> {
    values.chunks(MOST).map(|chunk| (chunk.len().next_power_of_two(), chunk))
}

/// The values of a list, the last repeated up to `places`.
pub(super) fn padded<T>(values: &[T], places: usize) -> impl Iterator<Item = &T> {
    let last = values.last().into_iter().cycle();
    values.iter().chain(last).take(if values.is_empty() { 0 } else { places })
}

#[cfg(test)]
mod tests {
    use super::{lists, padded, slices};

    #[test]
    fn every_row_is_in_one_statement_of_a_known_size() {
        for count in [0, 1, 7, 16, 17, 31, 40, 127, 128, 300] {
            let rows: Vec<usize> = (0..count).collect();
            let slices = slices(&rows, usize::MAX, |_| 1);
            assert!(slices.iter().all(|slice| slice.len() <= 16 || matches!(slice.len(), 32 | 64 | 128)), "{count}");
            assert_eq!(slices.concat(), rows);
        }
    }

    #[test]
    fn a_statement_has_no_more_bytes_than_fit_unless_one_row_has() {
        let rows = [5, 5, 5, 30, 1];
        let lengths: Vec<usize> = slices(&rows, 11, |row| *row).iter().map(|slice| slice.len()).collect();
        assert_eq!(lengths, [2, 1, 1, 1]);
    }

    #[test]
    fn a_list_repeats_its_last_value() {
        let shown: Vec<Vec<u32>> =
            lists(&[1, 2, 3]).map(|(places, values)| padded(values, places).copied().collect()).collect();
        assert_eq!(shown, [vec![1, 2, 3, 3]]);
        assert_eq!(lists::<u32>(&[]).count(), 0);
    }
}
