//! How much a write sends.

use super::bytes;
use crate::plan::Write;

/// About how many bytes an insertion sends.
pub(in crate::sql) fn weight_of(write: &Write) -> usize {
    match write {
        Write::Insert { rows, .. } => rows.iter().flatten().map(bytes).sum(),
        Write::Update { .. } | Write::Delete { .. } => 0,
    }
}
