// errors: 1
use bailiwick::{Actor, Command, Context, command};
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
    fn check(&self) -> Result<(), OrderError> {
        if self.name.is_empty() { Err(OrderError) } else { Ok(()) }
    }

    #[authorize]
    fn allowed(&self, _actor: &Actor) -> bool {
        true
    }

    #[execute]
    async fn execute(&self, _cx: &mut Context) -> Result<Renamed, OrderError> {
        Ok(Renamed)
    }

    #[undo]
    async fn undo(&self, _done: &Renamed, _cx: &mut Context) -> Result<(), OrderError> {
        Ok(())
    }
}

fn main() {
    let rename = Rename { name: "new".into() };
    let _: Result<(), OrderError> = rename.check();
    fn handled<M: bailiwick::command::Handled<Output = Renamed, Error = OrderError>>() {}
    handled::<Rename>();
}
