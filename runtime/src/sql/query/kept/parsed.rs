//! What the WHERE of a statement says, as its text is parsed.

use sqlparser::{
    ast::{BinaryOperator, Expr, Query, Select, SetExpr, Statement, TableFactor, UnaryOperator},
    dialect::Dialect,
    parser::Parser,
};

/// Whether all tables of the statement are kept to the tenant: an error says where they are not.
pub(super) fn kept(dialect: &dyn Dialect, sql: &str) -> Result<(), String> {
    let statements = Parser::parse_sql(dialect, sql).map_err(|error| format!("{error}: {sql}"))?;
    let [statement] = &statements[..] else { return Err(format!("{} statements: {sql}", statements.len())) };
    let done = match statement {
        Statement::Query(asked) => query(asked),
        Statement::Update(update) => selection(update.selection.as_ref()),
        Statement::Delete(delete) => selection(delete.selection.as_ref()),
        other => Err(format!("an unexpected statement: {other}")),
    };
    done.map_err(|why| format!("{why}: {sql}"))
}

fn query(asked: &Query) -> Result<(), String> {
    match &*asked.body {
        SetExpr::Select(select) => of_select(select),
        other => Err(format!("an unexpected query: {other}")),
    }
}

/// Rows that come from a query of our own are kept there.
fn of_select(select: &Select) -> Result<(), String> {
    let factors = select.from.iter().flat_map(|from| {
        let joined = from.joins.iter().map(|join| &join.relation);
        std::iter::once(&from.relation).chain(joined)
    });
    let mut derived = false;
    for factor in factors {
        if let TableFactor::Derived { subquery, .. } = factor {
            derived = true;
            query(subquery)?;
        }
    }
    match &select.selection {
        Some(_) | None if !derived => selection(select.selection.as_ref()),
        Some(own) => related(own),
        None => Ok(()),
    }
}

/// The tenant is one of the conditions that must all hold.
fn selection(own: Option<&Expr>) -> Result<(), String> {
    let own = own.ok_or("no condition at all")?;
    if !conjuncts(own).into_iter().any(is_tenant) {
        return Err("the tenant is no condition of its own".to_owned());
    }
    related(own)
}

fn conjuncts(own: &Expr) -> Vec<&Expr> {
    match own {
        Expr::BinaryOp { left, op: BinaryOperator::And, right } => [conjuncts(left), conjuncts(right)].concat(),
        Expr::Nested(inner) => conjuncts(inner),
        other => vec![other],
    }
}

/// `tenant = $1`, of the table itself or by its name.
fn is_tenant(own: &Expr) -> bool {
    let Expr::BinaryOp { left, op: BinaryOperator::Eq, right } = own else { return false };
    let column = match &**left {
        Expr::Identifier(name) => Some(name),
        Expr::CompoundIdentifier(names) => names.last(),
        _ => None,
    };
    column.is_some_and(|name| name.value == "tenant") && matches!(&**right, Expr::Value(value) if is_placeholder(value))
}

fn is_placeholder(value: &sqlparser::ast::ValueWithSpan) -> bool {
    matches!(value.value, sqlparser::ast::Value::Placeholder(_))
}

/// The related rows that a condition asks for are kept to the tenant, too.
fn related(own: &Expr) -> Result<(), String> {
    conjuncts(own).into_iter().try_for_each(|part| match part {
        Expr::Exists { subquery, .. } => query(subquery),
        Expr::UnaryOp { op: UnaryOperator::Not, expr } => related(expr),
        _ => Ok(()),
    })
}
