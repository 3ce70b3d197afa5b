//! How many digits a column of a server keeps.

use crate::entity::ColumnDef;

/// Whether a decimal number of so many digits, as in `18,4)`, holds those of the column.
pub(in crate::sql) fn holds_digits(column: &ColumnDef, size: &str) -> bool {
    let (all, after) = size.trim_end_matches(')').split_once(',').unwrap_or((size.trim_end_matches(')'), "0"));
    let found = all.trim().parse::<u32>().ok().zip(after.trim().parse::<u32>().ok());
    found.zip(column.digits()).is_some_and(|((all, after), (own, own_after))| {
        after >= own_after && all.saturating_sub(after) >= own - own_after
    })
}
