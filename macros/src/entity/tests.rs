//! Expansions of `#[derive(Entity)]`, and what it does with faulty input.

use super::{Entity, args, column};
use crate::testing::{
    errors, expand, is_idempotent, is_the_same_in_another_process, page_has_options, survives_deletions,
};

const SMALLEST: &str = "struct Country { #[id] code: String }";

const WHOLE: &str = r#"
    #[entity(
        table = "orders", schema = "sales", unique(number), index(status, -created_at), has_many(lines: OrderLine::order_id),
        fields = OrderFields, tenant = owner, audit(updated_by), crate = ::bw
    )]
    pub struct Order {
        #[id] pub id: OrderId,
        pub owner: TenantId,
        #[col(filter, sort, max = 32, immutable)] pub number: String,
        #[col(filter)] status: OrderStatus,
        #[col(filter, decimal(18, 4))] pub(crate) total: Decimal,
        #[col(filter, references(Customer, as = customer))] pub customer_id: CustomerId,
        #[col(filter(contains), max = 200, rename = "caption")] pub label: Option<String>,
        #[col(json, sensitive)] pub contact: Contact,
        #[col(as = i64)] pub size: u64,
        #[col(skip)] pub cache: Vec<u8>,
        #[transitions(status)] log: TransitionLog,
        #[version] pub version: Version,
        #[created_at] pub created_at: Timestamp,
        pub updated_by: Option<ActorId>,
        #[soft_delete] pub deleted_at: Option<Timestamp>,
    }
"#;

const READ_ONLY: &str = "#[entity(read_only)] struct Total { #[id] id: i64, #[col(sort)] sum: i64 }";

const FAULTY: &str = r#"
    #[entity(tabel = "orders", unique(numbr), version = id, audit(made_by), table = "Orders")]
    struct Order {
        #[id] id: OrderId,
        #[id] #[tenant] other: OrderId,
        #[col(filter, rename = "id")] count: usize,
        #[col(sort, sensitive)] note: String,
        #[transitions] log: TransitionLog,
    }
"#;

#[test]
fn smallest() {
    insta::assert_snapshot!(expand::<Entity>("", SMALLEST));
}

#[test]
fn whole() {
    insta::assert_snapshot!(expand::<Entity>("", WHOLE));
}

#[test]
fn read_only() {
    insta::assert_snapshot!(expand::<Entity>("", READ_ONLY));
}

#[test]
fn faulty() {
    insta::assert_snapshot!(expand::<Entity>("", FAULTY));
}

#[test]
fn unparsable() {
    assert!(errors::<Entity>("", "struct A { b: }")[0].contains("expected"));
}

#[test]
fn nothing_panics_when_a_token_is_missing() {
    for item in [SMALLEST, WHOLE, READ_ONLY, FAULTY] {
        survives_deletions::<Entity>("", item);
    }
}

#[test]
fn the_same_input_gives_the_same_output() {
    is_idempotent::<Entity>("", WHOLE);
}

#[test]
fn the_page_has_every_option() {
    page_has_options(include_str!("../docs/entity.md"), &[&args::STRUCT, &column::COLUMN]);
}

#[test]
fn another_process_writes_the_same() {
    let (whole, faulty) = (expand::<Entity>("", WHOLE), expand::<Entity>("", FAULTY));
    is_the_same_in_another_process("entity::tests::another_process_writes_the_same", &(whole + &faulty));
}
