//! Rows as they come from a server.

use futures_util::{Stream, TryStreamExt as _};

use super::{Failure, ServerError};

/// Hands on each row when it is there, so that no answer is kept as the driver's rows beside the values made of them. After
/// a row that is refused, the driver passes over the others before it uses the connection again.
pub(in super::super) async fn each<R, E: ServerError>(
    mut rows: impl Stream<Item = Result<R, sqlx::Error>> + Unpin,
    mut take: impl FnMut(&R) -> Result<(), Failure<E>>,
) -> Result<(), Failure<E>> {
    while let Some(row) = rows.try_next().await? {
        take(&row)?;
    }
    Ok(())
}

/// Room that is made with the first row: from less, a list would move its rows again and again.
const FIRST: usize = 64;

/// The values of all rows.
pub(in super::super) async fn gather<R, T, E: ServerError>(
    rows: impl Stream<Item = Result<R, sqlx::Error>> + Unpin,
    mut read: impl FnMut(&R) -> Result<T, Failure<E>>,
) -> Result<Vec<T>, Failure<E>> {
    let mut all = Vec::new();
    each(rows, |row| {
        if all.is_empty() {
            all.reserve(FIRST);
        }
        all.push(read(row)?);
        Ok(())
    })
    .await?;
    Ok(all)
}
