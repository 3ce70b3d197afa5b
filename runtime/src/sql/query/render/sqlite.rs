//! What SQLite says in its own way. Its `LIKE` takes A for a, so parts of texts are looked for by functions.

use sea_query::{Alias, BinOper, Expr, Func, Query, SelectStatement, SqliteQueryBuilder, TableRef};

use super::{Dialect, condition::binary};
use crate::{entity::Kind, plan::raw::Flavour};

impl Dialect for SqliteQueryBuilder {
    const FLAVOUR: Flavour = Flavour::Sqlite;

    fn contains(column: Expr, part: Expr) -> Expr {
        found(column, part)
    }

    fn contains_ci(column: Expr, part: Expr) -> Expr {
        found(Func::lower(column).into(), part) // of the letters A to Z alone
    }

    fn ends_with(column: Expr, part: Expr, length: Expr) -> Expr {
        let from = binary(Expr::Constant(0.into()), BinOper::Sub, length);
        binary(Func::cust("substr").args([column, from]).into(), BinOper::Equal, part)
    }

    /// The tables of a `CROSS JOIN` are read in their order. Of another join SQLite would rather read all rows of the tenant in the
    /// order that is wanted, and look for each among the keys.
    fn rest(keys: SelectStatement, table: TableRef, on: Expr) -> SelectStatement {
        let mut rows = Query::select();
        rows.from_subquery(keys, Alias::new("bw page")).cross_join(table).and_where(on);
        rows
    }

    fn same(column: Expr, other: Expr) -> Expr {
        binary(column, BinOper::Is, other)
    }

    /// Of whole numbers, and decimals are such here, the upper and the lower 32 bits apart: neither sum can run over.
    fn sum(column: Expr, kind: Kind) -> Vec<Expr> {
        if kind == Kind::Float {
            return vec![Func::sum(column).into()];
        }
        let upper = binary(column.clone(), BinOper::RShift, Expr::Constant(32.into()));
        let lower = binary(column, BinOper::BitAnd, Expr::Constant(0xFFFF_FFFF_i64.into()));
        vec![Func::sum(upper).into(), Func::sum(lower).into()]
    }
}

fn found(text: Expr, part: Expr) -> Expr {
    let place = Func::cust("instr").args([text, part]).into();
    binary(place, BinOper::GreaterThan, Expr::Constant(0.into()))
}
