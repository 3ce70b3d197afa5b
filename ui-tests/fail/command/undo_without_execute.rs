// errors: 1
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

#[command(name = "order.rename", audit)]
impl Rename {
    #[validate]
    fn check(&self) -> Result<(), OrderError> {
        if self.name.is_empty() { Err(OrderError) } else { Ok(()) }
    }

    #[undo]
    async fn undo(&self, _done: &Renamed, _cx: &mut Context) -> Result<(), OrderError> {
        Ok(())
    }
}

fn main() {}
