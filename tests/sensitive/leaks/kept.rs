//! What is kept beside events, and must not have what is sensitive: snapshots, and commands that can be undone.

use bailiwick::{
    App, Command, Context, Error, ReadModel, SendError, Sensitive, aggregate::Aggregate, command, envelope::StreamId,
    store::Load,
};
use serde::{Deserialize, Serialize};
use tests::{
    bank::{Account, deposit, open},
    servers::everywhere,
};

use crate::people::{Close, Person, app, master, register, relocate};

async fn has_snapshot<A: Aggregate>(app: &App, id: &str) -> bool {
    let schema = A::SNAPSHOT.map(|policy| (policy.schema)());
    let load = Load { snapshot: schema, ..Load::all(None, StreamId::new(A::NAME, id).unwrap()) };
    app.store().load(load).await.unwrap().snapshot.is_some()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_state_that_holds_a_sensitive_value_has_no_snapshot() {
    everywhere(async |url| {
        let people = app(url).await;
        people.send(register("p-1", "ada@example.org")).await.unwrap();
        for number in 0..4 {
            people.send(relocate("p-1", &format!("street {number}"))).await.unwrap();
        }
        assert!(!has_snapshot::<Person>(&people, "p-1").await);
        people.forget("p-1").await.unwrap();
        for _ in 0..2 {
            people.send(Close { person: "p-1".into() }).await.unwrap();
        }
        assert!(!has_snapshot::<Person>(&people, "p-1").await, "nor has one that was forgotten");

        let bank = App::builder().database(url).aggregate::<Account>().build().await.unwrap();
        bank.send(open("p-1")).await.unwrap();
        for _ in 0..9 {
            bank.send(deposit("p-1", 1)).await.unwrap();
        }
        assert!(has_snapshot::<Account>(&bank, "p-1").await, "others have one");
    })
    .await;
}

const NUMBERS: ReadModel<u32> = ReadModel::new("numbers");

/// It can be undone, so its input is kept as it is.
#[derive(Command, Debug, Clone, Serialize, Deserialize)]
struct Number {
    #[target]
    person: String,
    phone: Sensitive<String>,
}

#[command(name = "person.number", audit)]
impl Number {
    #[execute]
    async fn execute(&self, cx: &mut Context) -> Result<Option<u32>, Error> {
        cx.put(NUMBERS, &self.person, &1)?;
        Ok(None)
    }

    #[undo]
    async fn undo(&self, _before: &Option<u32>, cx: &mut Context) -> Result<(), Error> {
        cx.delete(NUMBERS, &self.person);
        Ok(())
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_command_that_can_be_undone_and_has_a_sensitive_value_is_refused() {
    everywhere(async |url| {
        let app = App::builder().database(url).master_key(master()).command::<Number>().build().await.unwrap();
        let number = Number { person: "p-1".into(), phone: "4111-1111".to_owned().into() };
        let Err(SendError::Runtime(error)) = app.send(number).await else { panic!("it was kept") };
        assert_eq!(error.code(), "sensitive/not_sealed");
        assert!(!format!("{error:?} {error}").contains("4111"), "{error:?}");
        assert_eq!(app.read(NUMBERS).get("p-1").await.unwrap(), None, "nothing was done");
        let audit = app.audit().commands().list(9).await.unwrap();
        assert!(audit.iter().all(|row| row.undo.is_none()), "{audit:?}");
        assert!(!format!("{audit:?}").contains("4111"), "{audit:?}");
    })
    .await;
}
