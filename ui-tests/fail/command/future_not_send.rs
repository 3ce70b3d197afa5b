// errors: 1
use bailiwick::{Command, command};
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
    #[execute]
    async fn execute(&self) -> Result<Renamed, OrderError> {
        let name = std::rc::Rc::new(self.name.clone());
        std::future::ready(()).await;
        drop(name);
        Ok(Renamed)
    }
}

fn main() {}
