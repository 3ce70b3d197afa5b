//! Who is told of the events of a stored state: subscribers here, and those behind outbox and broker.

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use bailiwick::{
    App, BoxError, Command, Context, Event, ReadModel, Recorded, SendError, aggregate, bus::MemoryBroker,
    envelope::Metadata, service,
};
use serde::{Deserialize, Serialize};

use super::Bed;

#[derive(Event, Debug, Clone, PartialEq, Serialize, Deserialize)]
enum ParcelEvent {
    #[event(name = "parcel.weighed", publish(topic = "parcels", key = parcel))]
    Weighed { parcel: String, grams: u32 },
}

#[derive(Command, Debug, Clone)]
struct Weigh {
    #[target]
    parcel: String,
    grams: u32,
}

#[derive(Debug, thiserror::Error)]
#[error("a parcel weighs something")]
struct Nothing;

#[derive(Default, Debug, Serialize, Deserialize)]
struct Parcel {
    grams: u32,
}

#[aggregate(name = "parcel", id = String, event = ParcelEvent, error = Nothing, persist = entity)]
impl Parcel {
    #[handle(create_if_missing)]
    fn weigh(&self, command: Weigh) -> Result<Vec<ParcelEvent>, Nothing> {
        let Weigh { parcel, grams } = command;
        if grams == 0 { Err(Nothing) } else { Ok(vec![ParcelEvent::Weighed { parcel, grams }]) }
    }

    #[apply(Weighed)]
    fn on_weighed(&mut self, grams: u32) {
        self.grams = grams;
    }
}

fn weigh(parcel: &str, grams: u32) -> Weigh {
    Weigh { parcel: parcel.into(), grams }
}

/// What came back from the broker, by parcel.
const THERE: ReadModel<Vec<u32>> = ReadModel::new("parcels_there");

/// Notes what it hears here, and what comes back from the broker.
#[derive(Clone, Default)]
struct Clerk {
    here: Arc<Mutex<Vec<(String, u32)>>>,
}

#[service]
impl Clerk {
    #[subscribe]
    async fn here(&self, event: &Recorded<ParcelEvent>, _cx: &mut Context) -> Result<(), BoxError> {
        let ParcelEvent::Weighed { parcel, grams } = event.event();
        self.here.lock().unwrap().push((parcel.clone(), *grams));
        Ok(())
    }

    #[subscribe(remote)]
    async fn there(&self, event: &Recorded<ParcelEvent>, cx: &mut Context) -> Result<(), BoxError> {
        let ParcelEvent::Weighed { parcel, grams } = event.event().clone();
        cx.update(THERE, &parcel, move |there| there.push(grams));
        Ok(())
    }
}

async fn app(bed: &Bed, clerk: &Clerk) -> App {
    let app = App::builder().any_store(bed.store.clone()).broker(MemoryBroker::new()).service(clerk.clone());
    app.aggregate::<Parcel>().build().await.unwrap()
}

pub(super) async fn an_event_that_is_not_kept_is_heard_here_and_published(bed: &Bed) {
    let clerk = Clerk::default();
    let app = app(bed, &clerk).await;
    let all: Vec<_> = (1..=12).map(|grams| (["a", "b"][grams as usize % 2].to_owned(), grams)).collect();
    for (parcel, grams) in &all {
        app.send(weigh(parcel, *grams)).await.unwrap();
    }
    assert_eq!(*clerk.here.lock().unwrap(), all);
    assert_eq!(app.counts().await.unwrap().outbox, 12);
    let of = async |parcel: &str| app.read(THERE).get(parcel).await.unwrap().unwrap_or_default();
    let there = async || [of("a").await, of("b").await];
    let came = async {
        while there().await.concat().len() < 12 || app.counts().await.unwrap().outbox > 0 {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    app.run_workers(came).await.unwrap();
    assert_eq!(there().await, [[2, 4, 6, 8, 10, 12], [1, 3, 5, 7, 9, 11]], "each once, in its order");
}

pub(super) async fn a_commit_that_is_refused_tells_nobody(bed: &Bed) {
    let clerk = Clerk::default();
    let app = app(bed, &clerk).await;
    let mut late = app.mediator().units().begin(Metadata::default());
    let mut parcel = late.load::<Parcel>("a").await.unwrap();
    parcel.raise(ParcelEvent::Weighed { parcel: "a".into(), grams: 7 });
    late.save(&mut parcel).unwrap();
    app.send(weigh("a", 1)).await.unwrap();
    assert!(late.commit().await.unwrap_err().is_conflict());
    assert!(matches!(app.send(weigh("a", 0)).await, Err(SendError::Rejected(Nothing))));
    assert_eq!(*clerk.here.lock().unwrap(), [("a".to_owned(), 1)]);
    assert_eq!(app.counts().await.unwrap().outbox, 1);
    assert_eq!(app.load::<Parcel>("a").await.unwrap().grams, 1);
}
