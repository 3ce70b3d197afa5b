// errors: 3
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

#[projection(name = "revenue", version = 1)]
impl Revenue {
    #[project]
    async fn paid(&mut self, _event: &Recorded<OrderPaid>, _tx: &Transaction) -> Result<u64, RevenueError> {
        Ok(0)
    }
}

fn main() {}
