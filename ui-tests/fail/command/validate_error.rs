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
    fn check(&self) -> Result<(), std::fmt::Error> {
        if self.name.is_empty() { Err(std::fmt::Error) } else { Ok(()) }
    }

    #[execute]
    async fn execute(&self, _cx: &mut Context) -> Result<Renamed, OrderError> {
        Ok(Renamed)
    }
}

fn main() {}
