//! Given events of one or several streams, when a projection takes them, then these rows are there: a projection tested
//! without an application.

use std::{error::Error as _, fmt, iter::successors};

use futures_util::FutureExt as _;
use serde::de::DeserializeOwned;

use crate::{
    aggregate::Aggregate,
    clock::Clock,
    codec::writing,
    envelope::{Envelope, Metadata, StreamId},
    error::Error,
    event::Event,
    projection::{Follower, Projection},
    store::{AnyStore, Append, Commit, MemoryStore, ReadModel, Rows},
    tenant::TenantId,
    timestamp::Timestamp,
    version::Expected,
};

/// Begins the test of a projection: give it events, run it, and say what is there.
///
/// ```
/// use bailiwick::{aggregate, projection, testing, Event, ReadModel, Recorded, Transaction};
/// # use serde::{Deserialize, Serialize};
/// # #[derive(Event, Debug, Clone, PartialEq, Serialize, Deserialize)]
/// # enum LoanEvent { #[event(name = "loan.lent")] Lent { reader: String }, #[event(name = "loan.returned")] Returned { reader: String } }
/// # use LoanEvent::{Lent, Returned};
/// # #[derive(Debug, thiserror::Error)] #[error("no")] struct No;
/// # #[derive(Default)] struct Loan;
/// # #[aggregate(name = "loan", id = String, event = LoanEvent, error = No)]
/// # impl Loan { #[apply(Lent)] #[apply(Returned)] fn nothing(&mut self) {} }
/// const LENT: ReadModel<u32> = ReadModel::new("lent");
/// struct Shelf;
///
/// #[projection(name = "shelf", version = 1)]
/// impl Shelf {
///     #[project]
///     fn count(&self, event: &Recorded<LoanEvent>, tx: &mut Transaction) -> Result<(), No> {
///         match &**event {
///             Lent { reader } => tx.update(LENT, reader, |books| *books += 1),
///             Returned { reader } if reader == "nobody" => return Err(No),
///             Returned { reader } => tx.delete(LENT, reader),
///         }
///         Ok(())
///     }
/// }
///
/// # let (ada, eve, nobody) = (|| "ada".to_owned(), || "eve".to_owned(), || "nobody".to_owned());
/// # tokio::runtime::Builder::new_current_thread().build()?.block_on(async {
/// testing::projection(Shelf)
///     .given::<Loan>("l-1", [Lent { reader: ada() }, Lent { reader: eve() }])
///     .given::<Loan>("l-2", [Lent { reader: ada() }, Returned { reader: eve() }])
///     .run()
///     .await
///     .then_row(LENT, "ada", 2)
///     .then_no_row(LENT, "eve")
///     .then_rows(LENT, [("ada", 2)])
///     .then_nothing_sent();
///
/// testing::projection(Shelf).given::<Loan>("l-1", [Returned { reader: nobody() }]).run().await.refuses("no");
/// # });
/// # Ok::<(), std::io::Error>(())
/// ```
pub fn projection<P: Projection>(projection: P) -> GivenStreams<P> {
    let time = Timestamp::from_micros(super::app::START);
    GivenStreams { projection, clock: Clock::fixed(time), metadata: Metadata::default(), commits: Vec::new() }
}

/// A projection and the events that it will take.
#[must_use = "nothing happens before `.run().await`"]
pub struct GivenStreams<P> {
    projection: P,
    clock: Clock,
    metadata: Metadata,
    commits: Vec<Result<Commit, Error>>,
}

impl<P: Projection> GivenStreams<P> {
    /// Events of one stream, after what was given before, in the global order too.
    pub fn given<A: Aggregate>(self, id: impl Into<A::Id>, events: impl IntoIterator<Item = A::Event>) -> Self {
        let id: A::Id = id.into();
        let envelopes = events.into_iter().map(|event| self.envelope(&event)).collect::<Result<_, _>>();
        let commit = || {
            let append =
                Append { stream: StreamId::new(A::NAME, id.to_string())?, expected: Expected::Any, events: envelopes? };
            Ok(Commit { tenant: self.metadata.tenant.clone(), appends: vec![append], ..Commit::default() })
        };
        let commit = commit();
        Self { commits: self.commits.into_iter().chain([commit]).collect(), ..self }
    }

    /// What is given from now on happened at this time; before, it is 2026-01-01T00:00:00Z.
    pub fn at(mut self, time: Timestamp) -> Self {
        self.clock = Clock::fixed(time);
        self
    }

    /// What is given from now on has this tenant, actor, correlation and causation.
    pub fn with(mut self, metadata: Metadata) -> Self {
        self.metadata = metadata;
        self
    }

    /// Has the projection take the events.
    ///
    /// # Panics
    /// If an event or an id that was given cannot be stored.
    pub async fn run(self) -> Projected {
        let store = AnyStore::new(MemoryStore::new());
        for commit in self.commits {
            let stored = async { store.commit(commit?).await };
            if let Err(error) = stored.await {
                panic!("what was given cannot be stored: {error:?}");
            }
        }
        let follower = Follower::new(store.clone(), self.projection);
        let outcome = loop {
            match follower.step().await {
                Ok(followed) if followed.events == 0 => break Ok(()),
                Ok(_) => {}
                Err(error) => break Err(error),
            }
        };
        Projected { store, tenant: self.metadata.tenant, outcome }
    }

    fn envelope<E: Event>(&self, event: &E) -> Result<Envelope, Error> {
        let spec = event.spec();
        Ok(Envelope {
            // Ids of its own: a clock that `at` has set back gives the former ones again.
            id: Clock::system().message_id(),
            name: spec.name.into(),
            version: spec.version,
            kind: spec.kind,
            time: self.clock.now(),
            key: event.key(),
            metadata: self.metadata.clone(),
            payload: writing(0, || event.encode()).0?.into(),
        })
    }
}

/// What a projection has made of the events.
#[must_use = "say what is expected with `.then_row(…)`, `.then_rows(…)` or `.refuses(…)`"]
pub struct Projected {
    store: AnyStore,
    tenant: Option<TenantId>,
    outcome: Result<(), Error>,
}

impl Projected {
    /// From here on the rows of this tenant are meant; otherwise those of the tenant of the events that were given last.
    pub fn of_tenant(self, tenant: Option<TenantId>) -> Self {
        Self { tenant, ..self }
    }

    /// Expects this row.
    ///
    /// # Panics
    /// If there is none or another, or the projection refused an event.
    #[track_caller]
    pub fn then_row<T: DeserializeOwned + PartialEq + fmt::Debug>(
        &self,
        model: ReadModel<T>,
        key: &str,
        row: T,
    ) -> &Self {
        let rows = self.rows(model);
        match rows.iter().find(|(found, _)| found == key) {
            Some((_, found)) => assert_eq!(*found, row, "left: the row {key:?}, right: expected"),
            None => panic!("expected the row {key:?} with {row:?}, but there is {rows:?}"),
        }
        self
    }

    /// Expects that a row is not there.
    ///
    /// # Panics
    /// If it is, or the projection refused an event.
    #[track_caller]
    pub fn then_no_row<T: DeserializeOwned + fmt::Debug>(&self, model: ReadModel<T>, key: &str) -> &Self {
        let rows = self.rows(model);
        let row = rows.iter().find(|(found, _)| found == key);
        assert!(row.is_none(), "expected no row {key:?}, but there is {row:?}");
        self
    }

    /// Expects exactly these rows, in the byte order of their keys.
    ///
    /// # Panics
    /// If there are others, or the projection refused an event.
    #[track_caller]
    pub fn then_rows<'a, T: DeserializeOwned + PartialEq + fmt::Debug>(
        &self,
        model: ReadModel<T>,
        rows: impl IntoIterator<Item = (&'a str, T)>,
    ) -> &Self {
        let expected: Vec<(String, T)> = rows.into_iter().map(|(key, row)| (key.to_owned(), row)).collect();
        assert_eq!(self.rows(model), expected, "left: the rows, right: expected");
        self
    }

    /// Expects that these messages of a type, and no others of it, were put into the outbox, in this order.
    ///
    /// # Panics
    /// If there are others, or the projection refused an event.
    #[track_caller]
    pub fn then_sent<E: Event + PartialEq + fmt::Debug>(&self, messages: impl IntoIterator<Item = E>) -> &Self {
        let expected: Vec<E> = messages.into_iter().collect();
        let read = |envelope: &Envelope| match E::decode(&envelope.name, envelope.version, &envelope.payload) {
            Ok(message) => message,
            Err(error) => panic!("`{}` cannot be read: {error:?}", envelope.name),
        };
        let sent: Vec<E> = self.outbox().iter().filter(|envelope| E::knows(&envelope.name)).map(read).collect();
        assert_eq!(sent, expected, "left: sent, right: expected");
        self
    }

    /// Expects that nothing was put into the outbox.
    ///
    /// # Panics
    /// If something was, or the projection refused an event.
    #[track_caller]
    pub fn then_nothing_sent(&self) -> &Self {
        let sent: Vec<_> = self.outbox().into_iter().map(|envelope| envelope.name).collect();
        assert!(sent.is_empty(), "expected that nothing was sent, but there was: {}", sent.join(", "));
        self
    }

    /// Expects that the projection refused an event; `why` is a code, or a part of the text of its error.
    ///
    /// # Panics
    /// If it took all events, or refused one with another error.
    #[track_caller]
    pub fn refuses(&self, why: &str) {
        match &self.outcome {
            Ok(()) => panic!("expected that an event is refused with {why:?}, but all were taken"),
            Err(error) => {
                let causes: Vec<String> =
                    successors(error.source(), |cause| (**cause).source()).map(ToString::to_string).collect();
                let named = error.code() == why || causes.iter().any(|cause| cause.contains(why));
                assert!(named, "expected that an event is refused with {why:?}, but it was with {error:?}");
            }
        }
    }

    #[track_caller]
    fn rows<T: DeserializeOwned>(&self, model: ReadModel<T>) -> Vec<(String, T)> {
        self.taken();
        match Rows::new(self.store.clone(), self.tenant.clone(), model).all().now_or_never() {
            Some(Ok(rows)) => rows,
            answer => panic!("the rows cannot be read: {:?}", answer.and_then(Result::err)),
        }
    }

    #[track_caller]
    fn outbox(&self) -> Vec<Envelope> {
        self.taken();
        match self.store.outbox(0, usize::MAX).now_or_never() {
            Some(Ok(rows)) => rows.into_iter().map(|row| row.message.envelope).collect(),
            answer => panic!("the outbox cannot be read: {:?}", answer.and_then(Result::err)),
        }
    }

    #[track_caller]
    fn taken(&self) {
        if let Err(error) = &self.outcome {
            panic!("the projection refused an event: {error:?}");
        }
    }
}

impl<P> fmt::Debug for GivenStreams<P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "GivenStreams({} streams)", self.commits.len())
    }
}

impl fmt::Debug for Projected {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Projected({:?})", self.outcome.as_ref().map_err(ToString::to_string))
    }
}
