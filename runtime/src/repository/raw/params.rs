//! What is bound to the parameters of a statement that was written by hand.

use std::borrow::Cow;

use crate::{
    entity::{ColumnDef, ColumnType, Entity, Field, Kind, Operand, Value},
    error::{Error, ErrorKind},
    plan::raw::{Bound, Texts, is_listed, params},
    repository::{failure::invalid, reads::LIST},
    tenant::TenantId,
};

/// The values of the parameters of a statement, by their names.
///
/// ```
/// # use bailiwick::{entity::{Decimal, Entity}, repository::Params, Timestamp};
/// # #[derive(Entity)]
/// # struct Order { #[id] id: i64, #[col(filter, decimal(18, 4))] total: Decimal }
/// # fn f(since: Timestamp) {
/// let params = Params::new().bind("number", "A-17").bind("since", since);
/// let params = params.bind_as("least", Order::total(), Decimal::new(100, 0));
/// # }
/// ```
#[derive(Debug, Clone, Default)]
#[must_use = "they are given to `select` or `execute`"]
pub struct Params {
    bound: Vec<Bound>,
}

/// What can be bound to a parameter: a value of any type that a column can have, and `&str`.
#[diagnostic::on_unimplemented(message = "`{Self}` cannot be bound to a parameter", label = "no column can hold it")]
pub trait Bind {
    /// The value, and a column that holds such values.
    fn bound(self) -> (Value<'static>, &'static ColumnDef);
}

impl<T: ColumnType> Bind for T {
    fn bound(self) -> (Value<'static>, &'static ColumnDef) {
        const {
            assert!(
                !matches!(T::KIND, Kind::Decimal),
                "how a decimal number is stored depends on its column: `bind_as(name, Order::total(), number)`"
            );
        }
        (self.to_value().into_owned(), const { &ColumnDef::of::<T>("parameter") })
    }
}

impl Bind for &str {
    fn bound(self) -> (Value<'static>, &'static ColumnDef) {
        (Value::Text(Cow::Owned(self.to_owned())), const { &ColumnDef::of::<String>("parameter") })
    }
}

impl Params {
    /// No parameters, or `:tenant` alone, which is the scope's.
    pub fn new() -> Self {
        Self::default()
    }

    /// Binds a value to `:name`.
    pub fn bind(self, name: &'static str, value: impl Bind) -> Self {
        let (value, column) = value.bound();
        self.with(Bound { name, column, values: vec![value], list: false })
    }

    /// Binds values to `:name`, which stands alone in the parentheses of an `IN` or a `NOT IN`. A list has 1 to 16,384 values; what an empty
    /// one means, who has it can answer without a database.
    ///
    /// ```
    /// # use bailiwick::{Error, TenantId, entity::Entity, repository::{Params, Scoped, Sql}};
    /// # #[derive(Entity)]
    /// # #[entity(table = "orders")]
    /// # struct Order { #[id] id: i64, #[tenant] tenant: TenantId, #[col(filter, max = 32)] number: String }
    /// const NUMBERED: Sql<Order> = Sql::new("SELECT {columns} FROM {table} WHERE tenant = :tenant AND number IN (:numbers)");
    ///
    /// # async fn f(shop: Scoped) -> Result<(), Error> {
    /// let found = shop.repository::<Order>().select(NUMBERED, Params::new().bind_list("numbers", ["A-1", "A-2"])).await?;
    /// # Ok(()) }
    /// ```
    pub fn bind_list<V: Bind>(self, name: &'static str, values: impl IntoIterator<Item = V>) -> Self {
        let (values, columns): (Vec<_>, Vec<_>) = values.into_iter().map(Bind::bound).unzip();
        let column = columns.first().copied().unwrap_or(const { &ColumnDef::of::<String>("parameter") });
        self.with(Bound { name, column, values, list: true })
    }

    /// Binds a value to `:name` as this column holds it: decimal numbers, and whatever is written to it.
    pub fn bind_as<E: Entity, T: ColumnType, F, S>(
        self,
        name: &'static str,
        field: Field<E, T, F, S>,
        value: impl Operand<T::Plain>,
    ) -> Self {
        self.with(Bound { name, column: field.column(), values: vec![value.operand()], list: false })
    }

    fn with(mut self, bound: Bound) -> Self {
        self.bound.push(bound);
        self
    }

    /// A value for each parameter of these texts, and none besides.
    pub(super) fn of(self, texts: &Texts, tenant: Option<TenantId>) -> Result<Vec<Bound>, Error> {
        let Self { mut bound } = self;
        let known: Vec<&'static str> = texts.all().flat_map(params).collect();
        for (place, Bound { name, column, values, list }) in bound.iter().enumerate() {
            let fault = match *name {
                TENANT => Some("`:tenant` is the scope's; it cannot be bound"),
                name if !known.contains(&name) => Some("the statement has no such parameter"),
                name if bound[..place].iter().any(|other| other.name == name) => Some("the parameter is bound twice"),
                _ if *list => unlistable(values.len(), texts, name),
                _ => None,
            };
            if let Some(fault) = fault {
                return Err(wrong(fault, name, &known));
            }
            let misfit = values.iter().find_map(|value| column.misfit(value));
            misfit.map_or(Ok(()), |why| Err(unbindable(name, &why)))?;
        }
        let missing = |name: &&&str| **name != TENANT && !bound.iter().any(|other| other.name == **name);
        if let Some(name) = known.iter().find(missing) {
            return Err(wrong("the parameter has no value: bind one", name, &known));
        }
        if known.contains(&TENANT) {
            bound.push(own(tenant.ok_or_else(nobody)?));
        }
        Ok(bound)
    }
}

const TENANT: &str = "tenant";

fn own(tenant: TenantId) -> Bound {
    let (value, column) = tenant.bound();
    Bound { name: TENANT, column, values: vec![value], list: false }
}

/// Why a list of so many values cannot be bound to this parameter.
fn unlistable(values: usize, texts: &Texts, name: &str) -> Option<&'static str> {
    if !texts.all().all(|text| is_listed(text, name)) {
        return Some("a list stands alone in the parentheses of an IN: `IN (:name)`");
    }
    match values {
        0 => Some("the list is empty: no row is in it, so there is nothing to ask"),
        1..=LIST => None,
        _ => Some("a list has at most 16,384 values"),
    }
}

fn nobody() -> Error {
    let message = "the statement is of one tenant: name it in the scope";
    invalid("repository/tenant_required", message)
}

fn wrong(fault: &'static str, name: &str, known: &[&str]) -> Error {
    let mut known: Vec<String> = known.iter().map(|name| format!(":{name}")).collect();
    known.sort();
    known.dedup();
    invalid("repository/params", fault).with("parameter", format!(":{name}")).with("parameters", known.join(" "))
}

fn unbindable(name: &str, why: &str) -> Error {
    let message = "a value cannot be bound; nothing was sent";
    let error = Error::new(ErrorKind::Invalid, "repository/value", message);
    error.with("parameter", format!(":{name}")).with("reason", why)
}
