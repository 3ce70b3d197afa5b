//! What MySQL and MariaDB say in their own way. Columns of texts have a binary collation that does not pad, so functions
//! compare them by their bytes, too.

use sea_query::{BinOper, Expr, Func, MysqlQueryBuilder};

use super::{Dialect, condition::binary};
use crate::{entity::Kind, plan::raw::Flavour};

impl Dialect for MysqlQueryBuilder {
    const FLAVOUR: Flavour = Flavour::Mysql;
    const ROWS: bool = false; // an index is used for the first column at best
    const NULLS: bool = true;

    fn contains(column: Expr, part: Expr) -> Expr {
        let place = Func::cust("INSTR").args([column, part]).into();
        binary(place, BinOper::GreaterThan, Expr::Constant(0.into()))
    }

    /// `LOWER` would make é of É. So it is given the bytes as if they were Hebrew, a character for each byte, of which
    /// only A to Z have a small letter; and the bytes of a text in UTF-8 are found nowhere but where the text is.
    fn contains_ci(column: Expr, part: Expr) -> Expr {
        let hebrew = Expr::CustomWithExpr("? USING hebrew".into(), vec![bytes(column)]);
        let lower = Func::lower(Func::cust("CONVERT").arg(hebrew)).into();
        Self::contains(bytes(lower), bytes(part))
    }

    fn ends_with(column: Expr, part: Expr, length: Expr) -> Expr {
        binary(Func::cust("RIGHT").args([column, length]).into(), BinOper::Equal, part)
    }

    fn same(column: Expr, other: Expr) -> Expr {
        binary(column, BinOper::Custom("<=>"), other)
    }

    /// Of whole numbers and decimals a `DECIMAL` with 22 digits more; its text is read.
    fn sum(column: Expr, kind: Kind) -> Vec<Expr> {
        let sum = Func::sum(column);
        vec![if kind == Kind::Float { sum.into() } else { Func::cast_as(sum, "CHAR").into() }]
    }
}

fn bytes(text: Expr) -> Expr {
    Func::cast_as(text, "BINARY").into()
}
