//! What the WHERE of a statement says, as its text is parsed.

use sqlparser::{
    ast::{
        BinaryOperator, Expr, Function, FunctionArg, FunctionArgExpr, FunctionArguments, Query, Select, SelectItem,
        SetExpr, Statement, TableFactor,
    },
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
        SetExpr::Select(select) if asked.with.is_none() => of_select(select),
        SetExpr::Query(inner) => query(inner),
        other => Err(format!("an unexpected query: {other}")),
    }
}

/// Rows of a table are kept by the query itself, those of a query inside it by that one.
fn of_select(select: &Select) -> Result<(), String> {
    let factors = select.from.iter().flat_map(|from| {
        let joined = from.joins.iter().map(|join| &join.relation);
        std::iter::once(&from.relation).chain(joined)
    });
    let mut tables = false;
    for factor in factors {
        match factor {
            TableFactor::Derived { subquery, .. } => query(subquery)?,
            TableFactor::Table { .. } => tables = true,
            other => return Err(format!("an unexpected source of rows: {other}")),
        }
    }
    for item in &select.projection {
        match item {
            SelectItem::UnnamedExpr(own) | SelectItem::ExprWithAlias { expr: own, .. } => inside(own)?,
            other => return Err(format!("an unexpected column: {other}")),
        }
    }
    if tables { selection(select.selection.as_ref()) } else { select.selection.iter().try_for_each(inside) }
}

/// The tenant is one of the conditions that must all hold.
fn selection(own: Option<&Expr>) -> Result<(), String> {
    let own = own.ok_or("no condition at all")?;
    if !conjuncts(own).into_iter().any(is_tenant) {
        return Err("the tenant is no condition of its own".to_owned());
    }
    inside(own)
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

/// The queries inside an expression are kept to the tenant, too, wherever they stand.
fn inside(own: &Expr) -> Result<(), String> {
    match own {
        Expr::Exists { subquery, .. } | Expr::Subquery(subquery) => query(subquery),
        Expr::InSubquery { expr, subquery, .. } => inside(expr).and_then(|()| query(subquery)),
        Expr::BinaryOp { left, right, .. } | Expr::AnyOp { left, right, .. } | Expr::AllOp { left, right, .. } => {
            inside(left).and_then(|()| inside(right))
        }
        Expr::UnaryOp { expr, .. } | Expr::Nested(expr) => inside(expr),
        Expr::Function(function) => arguments(function),
        other if other.to_string().contains("SELECT") => Err(format!("an unexpected place of a query: {other}")),
        _ => Ok(()),
    }
}

fn arguments(function: &Function) -> Result<(), String> {
    match &function.args {
        FunctionArguments::None => Ok(()),
        FunctionArguments::Subquery(asked) => query(asked),
        FunctionArguments::List(list) => list.args.iter().try_for_each(|argument| match argument {
            FunctionArg::Unnamed(FunctionArgExpr::Expr(own)) => inside(own),
            FunctionArg::Unnamed(FunctionArgExpr::Wildcard) => Ok(()),
            other => Err(format!("an unexpected argument: {other}")),
        }),
    }
}
