//! A command that carries itself out.

use std::{future::Future, time::Duration};

use bailiwick::{
    Actor, Command, Context, Error, codec, command,
    command::{Handled, Policy},
    mediator::{Operation, OperationRegistrar, Undoable},
    testing,
};
use serde::{Deserialize, Serialize};

use super::No;

#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct Renamed {
    before: String,
}

#[derive(Command, Clone, Serialize, Deserialize)]
struct Rename {
    name: String,
    #[audit(redact)]
    note: String,
}

#[command(name = "room.rename", audit, timeout = "2s", retry = 3)]
impl Rename {
    #[validate]
    fn check(&self) -> Result<(), No> {
        if self.name.is_empty() { Err(No) } else { Ok(()) }
    }

    #[authorize]
    fn allowed(&self, _actor: &Actor) -> bool {
        self.name != "forbidden"
    }

    #[execute]
    async fn execute(&self, _cx: &mut Context) -> Result<Renamed, No> {
        Ok(Renamed { before: format!("not {}", self.name) })
    }

    #[undo]
    fn undo(&self, done: &Renamed) -> Result<(), No> {
        if done.before == "not final" { Err(No) } else { Ok(()) }
    }
}

#[derive(Clone, Serialize, Deserialize)]
struct RenameByHand {
    name: String,
    note: String,
}

impl Command for RenameByHand {
    const NAME: &'static str = "Rename";
    const REDACTED: &'static [&'static str] = &["note"];
}

impl Handled for RenameByHand {
    type Output = Renamed;
    type Error = No;
    type Home = Self;

    const REGISTER: &'static str = ".command::<RenameByHand>()";

    fn policy() -> Policy {
        Policy::default().named("room.rename").audited().timeout(Duration::from_secs(2)).attempts(3)
    }

    fn validate(&self) -> Result<(), No> {
        if self.name.is_empty() { Err(No) } else { Ok(()) }
    }

    fn authorize(&self, _actor: &Actor) -> impl Future<Output = bool> + Send {
        std::future::ready(self.name != "forbidden")
    }

    fn audit_input(&self) -> Result<Option<String>, Error> {
        codec::redact(self, Self::REDACTED).map(Some)
    }
}

impl Operation for RenameByHand {
    fn register<R: OperationRegistrar<Self>>(registrar: &mut R) {
        registrar.undoable();
    }

    async fn execute(&self, _cx: &mut Context<'_>) -> Result<Renamed, No> {
        Ok(Renamed { before: format!("not {}", self.name) })
    }
}

impl Undoable for RenameByHand {
    async fn undo(&self, done: &Renamed, _cx: &mut Context<'_>) -> Result<(), No> {
        if done.before == "not final" { Err(No) } else { Ok(()) }
    }
}

async fn facts<C>(make: impl Fn(&str) -> C) -> Vec<String>
where
    C: Operation + Undoable + Handled<Output = Renamed, Error = No>,
{
    let app = testing::app().command::<C>().build().await;
    let mut seen = vec![format!("{} {:?}", C::NAME, C::policy())];
    for name in ["", "forbidden", "final", "blue"] {
        seen.push(format!("{:?}", make(name).audit_input()));
        match app.run(make(name)).await {
            Ok(run) => seen.push(format!("{:?} {:?}", run.output(), app.undo(run.id()).await.map_err(|e| e.code()))),
            Err(error) => seen.push(format!("{:?}", error.to_string())),
        }
    }
    seen
}

#[tokio::test]
async fn commands() {
    let written = facts(|name| Rename { name: name.into(), note: "secret".into() }).await;
    let by_hand = facts(|name| RenameByHand { name: name.into(), note: "secret".into() }).await;
    assert_eq!(written, by_hand);
}
