// errors: 3
use bailiwick::{Command, Context, command};
use serde::{Deserialize, Serialize};

#[derive(Command, Debug, Clone, Serialize, Deserialize)]
struct Rename {
    name: String,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
struct Renamed;

#[derive(Debug, thiserror::Error)]
#[error("no")]
struct OrderError;

#[command(nane = "order.rename")]
impl Rename {
    #[validate]
    async fn check(&self) -> Result<(), OrderError> {
        if self.name.is_empty() { Err(OrderError) } else { Ok(()) }
    }

    #[execute]
    async fn execute(&self, _cx: &mut Context) -> Result<Renamed, OrderError> {
        Ok(Renamed)
    }

    #[undo]
    async fn undo(&self, _done: &u64, _cx: &mut Context) -> Result<(), OrderError> {
        Ok(())
    }
}

fn main() {}
