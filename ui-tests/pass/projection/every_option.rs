//! Every option and role, type parameters, `cfg`, errors under another name.

#![deny(warnings, missing_docs, clippy::pedantic)]

use std::marker::PhantomData;

use bailiwick::{
    Event, Projection, Recorded, projection,
    projection::Mode,
    roles,
    store::Transaction,
};
use serde::{Deserialize, Serialize};

/// Paid.
#[derive(Event, Debug, Clone, Serialize, Deserialize)]
#[event(name = "order.paid")]
pub struct OrderPaid {
    /// How much.
    pub cents: u64,
}

/// Other facts.
#[derive(Event, Debug, Clone, Serialize, Deserialize)]
pub enum OrderEvent {
    /// Sent.
    #[event(name = "order.sent")]
    Sent,
    /// Lost.
    #[event(name = "order.lost")]
    Lost,
}

/// Revenue.
#[derive(Debug, Default)]
pub struct Revenue<T>(PhantomData<T>);

#[projection(name = "revenue_by_month", version = 3, inline, crate = ::bailiwick)]
impl<T> Revenue<T>
where
    T: Send + Sync + 'static,
{
    #[roles::project]
    async fn paid(&self, event: &Recorded<OrderPaid>, tx: &mut Transaction) -> Result<(), bailiwick::Error> {
        let _ = (event.cents, tx);
        std::future::ready(Ok(())).await
    }

    #[project]
    fn other(&self, event: &Recorded<OrderEvent>, tx: &mut Transaction) -> std::io::Result<()> {
        let _ = (self.helper(), event, tx);
        Ok(())
    }

    #[cfg(any())]
    #[project]
    fn gone(&self, event: &Recorded<Gone>, tx: &mut Transaction) -> std::io::Result<()> {
        Ok(())
    }

    fn helper(&self) -> &Self {
        self
    }
}

fn main() {
    assert_eq!(Revenue::<u8>::NAME, "revenue_by_month");
    assert_eq!((Revenue::<u8>::VERSION, Revenue::<u8>::MODE), (3, Mode::Inline));
    assert!(Revenue::<u8>::reads("order.lost") && !Revenue::<u8>::reads("order.made"));
}
