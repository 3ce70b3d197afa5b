// errors: 2
use bailiwick::{Event, Recorded, projection, store::Transaction};
use serde::{Deserialize, Serialize};

#[derive(Event, Debug, Clone, Serialize, Deserialize)]
#[event(name = "order.paid")]
struct OrderPaid {
    cents: u64,
}

#[derive(Debug, thiserror::Error)]
#[error("no")]
struct RevenueError;

struct Revenue;

#[projection(name = "revenue", version = 1, inline, park_after = 5)]
impl Revenue {
    #[project]
    async fn paid(&self, _event: &Recorded<OrderPaid>, _tx: &mut Transaction) -> Result<(), RevenueError> {
        Ok(())
    }
}

fn main() {}
