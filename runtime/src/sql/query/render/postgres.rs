//! What PostgreSQL says in its own way. Columns of texts have the collation `C`: they are compared by their bytes, and
//! `lower` is of the letters A to Z alone.

use sea_query::{BinOper, Expr, Func, PostgresQueryBuilder};

use super::{Dialect, condition::binary};
use crate::{entity::Kind, plan::raw::Flavour};

impl Dialect for PostgresQueryBuilder {
    const FLAVOUR: Flavour = Flavour::Postgres;
    const SCHEMAS: bool = true;
    const LISTS: bool = true;

    fn contains(column: Expr, part: Expr) -> Expr {
        let place = Func::cust("strpos").args([column, part]).into();
        binary(place, BinOper::GreaterThan, Expr::Constant(0.into()))
    }

    fn contains_ci(column: Expr, part: Expr) -> Expr {
        Self::contains(Func::lower(column).into(), part)
    }

    fn ends_with(column: Expr, part: Expr, length: Expr) -> Expr {
        let length = Func::cast_as(length, "integer").into();
        binary(Func::cust("right").args([column, length]).into(), BinOper::Equal, part)
    }

    fn same(column: Expr, other: Expr) -> Expr {
        binary(column, BinOper::Custom("IS NOT DISTINCT FROM"), other)
    }

    /// Of whole numbers and decimals a `numeric`, which has no end; its text is read.
    fn sum(column: Expr, kind: Kind) -> Vec<Expr> {
        let sum = Func::sum(column);
        vec![if kind == Kind::Float { sum.into() } else { Func::cast_as(sum, "text").into() }]
    }
}
