//! A projection tested without an application, and what a test that fails prints.

use bailiwick::{
    Event, ReadModel, Recorded, TenantId, Transaction,
    envelope::{Envelope, EventKind, Metadata},
    projection, testing,
};
use serde::{Deserialize, Serialize};
use tests::bank::{Account, AccountEvent};

#[derive(Event, Debug, Clone, PartialEq, Serialize, Deserialize)]
#[event(name = "bank.rich", kind = notification, topic = "bank", key = owner)]
struct Rich {
    owner: String,
}

const CENTS: ReadModel<u64> = ReadModel::new("cents");

struct Cents;

#[projection(name = "cents", version = 1)]
impl Cents {
    #[project]
    async fn count(&self, event: &Recorded<AccountEvent>, tx: &mut Transaction) -> Result<(), bailiwick::Error> {
        let account = event.origin().map(|origin| origin.stream.id().to_owned()).unwrap_or_default();
        let AccountEvent::Deposited { cents } = **event else { return Ok(()) };
        if cents == 13 {
            return Err(bailiwick::Error::new(bailiwick::ErrorKind::Invalid, "cents/unlucky", "13 brings no luck"));
        }
        let before = tx.get(CENTS, &account).await?.unwrap_or_default();
        tx.put(CENTS, &account, &(before + cents))?;
        if before + cents >= 1_000 {
            let rich = Rich { owner: account };
            let envelope = Envelope {
                name: "bank.rich".into(),
                kind: EventKind::Notification,
                payload: rich.encode()?.into(),
                ..event.envelope().clone()
            };
            tx.send("bank", envelope);
        }
        Ok(())
    }
}

fn deposits(cents: &[u64]) -> Vec<AccountEvent> {
    cents.iter().map(|cents| AccountEvent::Deposited { cents: *cents }).collect()
}

#[tokio::test]
async fn rows_and_messages_follow_from_the_events_of_several_streams() {
    testing::projection(Cents)
        .given::<Account>("a", deposits(&[500]))
        .given::<Account>("b", deposits(&[1]))
        .given::<Account>("a", deposits(&[600]))
        .run()
        .await
        .then_row(CENTS, "a", 1_100)
        .then_rows(CENTS, [("a", 1_100), ("b", 1)])
        .then_no_row(CENTS, "c")
        .then_sent([Rich { owner: "a".into() }]);
}

#[tokio::test]
async fn rows_lie_with_the_tenant_of_the_events() {
    let of = |name| Metadata { tenant: Some(TenantId::new(name).unwrap()), ..Metadata::default() };
    let given = testing::projection(Cents).with(of("acme")).given::<Account>("a", deposits(&[5]));
    let projected = given.with(of("other")).given::<Account>("b", deposits(&[7])).run().await;
    projected.then_rows(CENTS, [("b", 7)]).then_nothing_sent();
    projected.of_tenant(of("acme").tenant).then_rows(CENTS, [("a", 5)]);
}

#[tokio::test]
async fn an_event_that_is_refused_is_told_by_code_or_text() {
    let projected = testing::projection(Cents).given::<Account>("a", deposits(&[13])).run().await;
    projected.refuses("projection/failed");
    projected.refuses("brings no luck");
}

/// What the failing part of a test prints.
fn printed(check: impl FnOnce() + std::panic::UnwindSafe) -> String {
    let panic = std::panic::catch_unwind(check).unwrap_err();
    let text = panic.downcast_ref::<String>().cloned();
    text.unwrap_or_else(|| (*panic.downcast_ref::<&str>().unwrap()).to_owned())
}

macro_rules! prints {
    ($projected:expr, $($piece:literal),+ => $check:expr) => {{
        let projected = std::panic::AssertUnwindSafe(&$projected);
        let check: fn(&testing::Projected) = $check;
        let text = printed(move || check(&projected));
        $(assert!(text.contains($piece), "{} in {text}", $piece);)+
    }};
}

#[tokio::test]
async fn a_line_that_fails_prints_what_is_there() {
    let one = testing::projection(Cents).given::<Account>("a", deposits(&[5])).run().await;
    prints!(one, "left: 5", "right: 6" => |one| { one.then_row(CENTS, "a", 6); });
    prints!(one, "expected the row \"b\" with 1", "[(\"a\", 5)]" => |one| { one.then_row(CENTS, "b", 1); });
    prints!(one, "expected no row \"a\"", "5" => |one| { one.then_no_row(CENTS, "a"); });
    prints!(one, "(\"a\", 5)" => |one| { one.then_rows(CENTS, []); });
    prints!(one, "Rich { owner: \"a\" }" => |one| { one.then_sent([Rich { owner: "a".into() }]); });
    prints!(one, "all were taken" => |one| one.refuses("no"));
    let sent = testing::projection(Cents).given::<Account>("a", deposits(&[1_000])).run().await;
    prints!(sent, "bank.rich" => |sent| { sent.then_nothing_sent(); });
    let refused = testing::projection(Cents).given::<Account>("a", deposits(&[13])).run().await;
    prints!(refused, "the projection refused an event", "13 brings no luck" => |it| { it.then_rows(CENTS, []); });
    prints!(refused, "with \"other\"", "projection/failed" => |refused| refused.refuses("other"));
}
