//! What a shop sells, and the rules for finding it.

use std::fmt;

use bailiwick::{
    Error, Id, TenantId, Timestamp, Uuid, Version,
    actor::ActorId,
    entity::{Decimal, Entity},
    repository::{Migrations, Repository},
    specification::Spec,
};

use crate::delivery::Parcel;

#[derive(Id)]
pub(crate) struct ProductId(Uuid);

/// A product of one tenant. Two that are on the shelf have not one number.
#[derive(Entity, Debug, Clone, PartialEq)]
#[entity(table = "product", unique(number), index(price, id))]
pub(crate) struct Product {
    #[id]
    pub(crate) id: ProductId,
    #[tenant]
    pub(crate) tenant: TenantId,
    #[col(filter(contains), sort, max = 16)]
    pub(crate) number: String,
    #[col(filter(contains), sort, max = 80)]
    pub(crate) title: String,
    #[col(filter, sort, decimal(12, 2))]
    pub(crate) price: Decimal,
    #[col(filter, sort)]
    pub(crate) stock: i64,
    #[version]
    pub(crate) version: Version,
    #[updated_at]
    pub(crate) updated_at: Timestamp,
    #[updated_by]
    pub(crate) updated_by: Option<ActorId>,
    #[soft_delete]
    pub(crate) deleted_at: Option<Timestamp>,
    #[deleted_by]
    pub(crate) deleted_by: Option<ActorId>,
}

/// The tables, as a new database gets them.
pub(crate) fn tables() -> Migrations {
    Migrations::new().ddl::<Product>("0001_product").ddl::<Parcel>("0002_parcel")
}

/// A product with a price in cents.
pub(crate) fn product(number: &str, title: &str, cents: i64, stock: i64) -> NewProduct {
    NewProduct { id: None, number: number.into(), title: title.into(), price: Decimal::new(cents, 2), stock }
}

/// A rule that is used in more than one place is a function.
pub(crate) fn available() -> Spec<Product> {
    Product::stock().gt(0)
}

/// A finder of one's own is a function over a repository.
pub(crate) async fn by_number(products: &mut Repository<'_, Product>, number: &str) -> Result<Product, Error> {
    products.find(Product::number().eq(number)).one().await
}

impl fmt::Display for Product {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:<8} {:<20} {:>7.2} {:>3} in stock", self.number, self.title, self.price, self.stock)
    }
}
