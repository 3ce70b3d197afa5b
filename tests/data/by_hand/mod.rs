//! What statements written by hand promise, of every database with SQL; and what one connection for many statements promises.

mod bound;
mod sessions;
mod statements;
mod texts;

use bailiwick::{
    Uuid,
    repository::{Db, Params, Sql},
    unit_of_work::Begin,
};

use crate::rows::{
    Fresh,
    shop::{NewOrder, Order, OrderId, new, shop},
};

sentences! {
    by_hand, crate::rows::shop::tables, {
        statements:
            a_statement_reads_the_rows_of_its_tenant_alone
            a_statement_is_carried_out_by_whoever_has_rows
            what_stands_in_quotes_and_comments_stays_as_it_is
            rows_of_other_columns_are_refused
            a_table_in_a_schema_and_one_that_is_joined_are_named
            select_reads_and_execute_writes
            a_unit_that_only_reads_lets_the_database_refuse_what_writes
            without_one_tenant_nothing_is_sent;
        bound:
            a_value_is_bound_and_never_a_part_of_the_text
            every_kind_of_value_is_bound
            a_parameter_that_is_missing_surplus_or_misspelt_is_refused
            a_value_that_cannot_be_bound_is_refused
            a_list_finds_what_is_in_it_and_is_never_a_part_of_the_text
            a_list_that_is_empty_too_long_or_elsewhere_is_refused;
        sessions:
            a_session_has_everything_that_a_repository_has
            a_session_of_the_database_reaches_what_belongs_to_nobody;
    } of sqlite postgres secured mysql
}

#[tokio::test]
async fn a_row_of_another_tenant_is_not_handed_out() {
    for fresh in [Fresh::sqlite().await, Fresh::postgres().await, Fresh::mysql().await].into_iter().flatten() {
        statements::a_row_of_another_tenant_is_not_handed_out(&fresh.db).await;
        fresh.db.close().await.unwrap();
    }
}

const ALL: Sql<Order> = Sql::new("SELECT {columns} FROM {table} WHERE tenant = :tenant ORDER BY number");

#[tokio::test]
async fn a_database_in_memory_knows_no_sql() {
    let Some(Fresh { db, .. }) = Fresh::memory().await else { return };
    let shop = shop(&db, "acme");
    let mut orders = shop.repository::<Order>();
    assert_eq!(orders.select(ALL, Params::new()).await.unwrap_err().code(), "db/raw_unsupported");
    let wrong = orders.select(ALL, Params::new().bind("number", "A-1")).await.unwrap_err();
    assert_eq!(wrong.code(), "repository/params", "what is wrong on a database is wrong in memory");
    let mut unit = shop.begin(Begin::write()).await.unwrap();
    let refused = unit.repository::<Order>().execute(ALL, Params::new()).await.unwrap_err();
    assert_eq!(refused.code(), "db/raw_unsupported");
    unit.rollback().await.unwrap();
    sessions::a_session_has_everything_that_a_repository_has(&db).await;
}

/// Orders of two tenants, with the numbers 1 to 3.
async fn fill(db: &Db) {
    for (tenant, owner) in [("acme", 1_u128), ("other", 2)] {
        let shop = shop(db, tenant);
        for number in 1..=3 {
            let id = OrderId::from(Uuid::from_u128(u128::from(number) << 64 | owner << 32));
            shop.repository::<Order>().insert(NewOrder { id: Some(id), ..new(number) }).await.unwrap();
        }
    }
}

/// The numbers of the orders that `acme` has.
async fn numbers(db: &Db) -> Vec<String> {
    let found = shop(db, "acme").repository::<Order>().select(ALL, Params::new()).await.unwrap();
    found.into_iter().map(|order| order.number).collect()
}
