//! Tills whose states are stored, and processes that ring them up until they are killed.

use std::{
    collections::{BTreeMap, HashMap},
    env,
    process::{Child, Command as Process, Stdio},
    time::Duration,
};

use bailiwick::{App, Command, Event, Position, aggregate, bus::MemoryBroker, projection::Follower, store::AnyStore};
use futures_util::future::join_all;
use serde::{Deserialize, Serialize};
use tests::servers::everywhere;
use tokio::time::{sleep, timeout};

use crate::{
    appender::TASKS,
    sqlite::child::{lines, say},
};

const URL: &str = "BAILIWICK_CHAOS_KEEPER";
/// So many commits has each till.
const COMMITS: u64 = 5;

#[derive(Event, Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum TillEvent {
    #[event(name = "till.opened", publish(topic = "tills", key = till))]
    Opened { till: String },
    #[event(name = "till.rung", publish(topic = "tills", key = till))]
    Rung { till: String },
}

#[derive(Command, Debug, Clone)]
pub struct Open {
    #[target]
    pub till: String,
}

#[derive(Command, Debug, Clone)]
pub struct Ring {
    #[target]
    pub till: String,
}

#[derive(Debug, thiserror::Error)]
#[error("never")]
pub struct Never;

#[derive(Default, Debug, Serialize, Deserialize)]
pub struct Till {
    pub rung: u64,
}

#[aggregate(name = "till", id = String, event = TillEvent, error = Never, persist = entity)]
impl Till {
    #[handle(create)]
    fn open(command: Open) -> Result<TillEvent, Never> {
        Ok(TillEvent::Opened { till: command.till })
    }

    #[handle]
    fn ring(&self, command: Ring) -> Result<TillEvent, Never> {
        Ok(TillEvent::Rung { till: command.till })
    }

    #[apply]
    fn on(&mut self, event: &TillEvent) {
        self.rung += u64::from(matches!(event, TillEvent::Rung { .. }));
    }
}

/// An application that keeps tills; nothing takes its messages out of the outbox.
pub async fn keeper(store: AnyStore) -> App {
    App::builder().any_store(store).broker(MemoryBroker::new()).aggregate::<Till>().build().await.unwrap()
}

async fn at(url: &str) -> App {
    App::builder().database(url).broker(MemoryBroker::new()).aggregate::<Till>().build().await.unwrap()
}

/// The version of each till, after asserting that its state, its note and its messages agree.
pub async fn tills(app: &App) -> BTreeMap<String, u64> {
    let quiet = async {
        loop {
            let before = app.counts().await.unwrap();
            let stored = Stored::read(app).await;
            // Each commit has a message. Without a new one nothing came in between: a server may still be ending what a
            // process that was killed had begun. For as long as it is, a reader of the log may stop before it.
            if app.counts().await.unwrap() == before && stored.notes.values().sum::<u64>() == before.events {
                return stored.agreed();
            }
        }
    };
    timeout(Duration::from_secs(60), quiet).await.expect("the server does not come to rest")
}

struct Stored {
    /// How many notes the stream of each till has.
    notes: BTreeMap<String, u64>,
    /// How many messages of each till lie in the outbox.
    messages: BTreeMap<String, u64>,
    /// The version of each state, and how often its till was rung.
    states: BTreeMap<String, (u64, u64)>,
}

impl Stored {
    async fn read(app: &App) -> Self {
        let (mut notes, mut messages, mut states) = (BTreeMap::new(), BTreeMap::new(), BTreeMap::new());
        for event in app.store().read(Position::START, 100_000).await.unwrap() {
            assert_eq!(event.envelope.name, "bailiwick.state_stored");
            *notes.entry(event.stream.id().to_owned()).or_default() += 1;
        }
        for row in app.store().outbox(0, 100_000).await.unwrap() {
            *messages.entry(row.message.envelope.key.unwrap()).or_default() += 1;
        }
        for till in app.states::<Till>().ids(None, 100_000).await.unwrap() {
            let state = app.load::<Till>(till.as_str()).await.unwrap();
            states.insert(till, (state.version().get(), state.rung));
        }
        Self { notes, messages, states }
    }

    fn agreed(self) -> BTreeMap<String, u64> {
        let Self { notes, messages, states } = self;
        assert_eq!(notes, states.keys().map(|till| (till.clone(), 1)).collect(), "a note for each state, and no other");
        for (till, (version, rung)) in &states {
            assert_eq!(*version, rung + 1, "the state of {till}");
        }
        assert_eq!(messages, states.into_iter().map(|(till, (version, _))| (till, version)).collect());
        messages
    }
}

/// Waits until the follower stands at the newest event.
pub async fn taken(app: &App, follower: &Follower) {
    let taken = async {
        loop {
            let head = app.store().head().await.ok();
            if head.is_some() && app.store().checkpoint(follower.checkpoint().into()).await.ok().flatten() == head {
                return;
            }
            sleep(Duration::from_millis(20)).await;
        }
    };
    timeout(Duration::from_secs(60), taken).await.expect("the follower sleeps");
}

/// Opens tills and rings them up, with eight tasks, until somebody kills the process; says what is acknowledged.
async fn keeps(app: App) {
    let process = std::process::id();
    let tasks = (0..TASKS).map(|task| {
        let app = app.clone();
        tokio::spawn(async move {
            for number in 0.. {
                let till = format!("{process}-{task}-{number}");
                app.send(Open { till: till.clone() }).await.unwrap();
                say(&format!("kept {till} 1"));
                for version in 2..=COMMITS {
                    app.send(Ring { till: till.clone() }).await.unwrap();
                    say(&format!("kept {till} {version}"));
                }
            }
        })
    });
    join_all(tasks).await;
}

fn kept(line: &str) -> Option<(String, u64)> {
    // The harness of the child may have begun a line of its own.
    let (till, version) = line.get(line.find("kept ")? + 5..)?.split_once(' ')?;
    Some((till.into(), version.parse().ok()?))
}

fn start(url: &str) -> Child {
    let mut process = Process::new(env::current_exe().unwrap());
    process.args(["--exact", "keeper::plays_its_role", "--ignored", "--nocapture"]).env(URL, url);
    process.stdin(Stdio::null()).stdout(Stdio::piped()).spawn().unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "another case starts this as a process of its own"]
async fn plays_its_role() {
    let Ok(url) = env::var(URL) else { return };
    keeps(at(&url).await).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_process_that_keeps_states_loses_none_of_them_when_it_is_killed() {
    everywhere(async |url| {
        let (app, mut all) = (at(url).await, HashMap::new());
        for round in 0..6 {
            let mut child = start(url);
            let mut said = lines(&mut child);
            all.extend(said.by_ref().filter_map(|line| kept(&line)).take(5 + round * 29));
            child.kill().unwrap();
            all.extend(said.filter_map(|line| kept(&line)));
            child.wait().unwrap();
            let stored = tills(&app).await;
            for (till, version) in &all {
                assert!(stored.get(till) >= Some(version), "{till} was acknowledged at {version}: {stored:?}");
            }
            let silent = stored.values().sum::<u64>() - all.values().sum::<u64>();
            assert!(silent <= (TASKS * (round + 1)) as u64, "{silent} commits were never acknowledged");
        }
        assert!(all.len() > 6 * TASKS, "tills were opened under each kill");
        app.close().await.unwrap();
    })
    .await;
}
