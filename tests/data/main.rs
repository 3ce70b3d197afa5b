//! Entities and specifications.

/// Each sentence of a list once for each of these databases, with these tables.
macro_rules! sentences {
    ($home:ident, $tables:path, $list:tt of $($database:ident)*) => {
        $(sentences! { @of $database $home, $tables, $list })*
    };
    (@of $database:ident $home:ident, $tables:path, { $($area:ident: $($sentence:ident)*;)* }) => {
        mod $database {
            $(mod $area {
                $(#[tokio::test]
                async fn $sentence() {
                    let Some(fresh) = crate::rows::Fresh::$database().await else { return };
                    fresh.db.migrate($tables()).await.unwrap();
                    crate::$home::$area::$sentence(&fresh.db).await;
                    fresh.db.close().await.unwrap();
                })*
            })*
        }
    };
}

mod blocked;
mod by_hand;
mod chance;
mod entities;
mod faults;
mod filters;
mod hostile;
mod large;
mod machines;
mod mangled;
mod mutants;
mod order;
mod rooms;
mod rows;
mod schema;
mod secured;
mod suite;
mod units;
mod written;
