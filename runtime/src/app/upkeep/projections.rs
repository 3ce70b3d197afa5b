//! The projections of an application, for those who look after them.

use std::time::Duration;

use super::super::App;
use crate::{
    error::{Error, ErrorKind},
    projection::{self, AnyProjection, Follower, Projection, Rebuild, Status},
    version::Position,
};

impl App {
    /// A rebuild of the read models of a projection, without downtime. It runs in this process, whether the workers do or
    /// not.
    ///
    /// ```
    /// # use bailiwick::{App, BoxError, Event, ReadModel, Recorded, Transaction, projection};
    /// # #[derive(Event, Clone, serde::Serialize, serde::Deserialize)]
    /// # #[event(name = "book.lent")]
    /// # struct Lent;
    /// # struct Lendings;
    /// # #[projection(name = "lendings", version = 1)]
    /// # impl Lendings {
    /// #     #[project]
    /// #     async fn lent(&self, _event: &Recorded<Lent>, _tx: &mut Transaction) -> Result<(), BoxError> { Ok(()) }
    /// # }
    /// # tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(async {
    /// let app = App::builder().memory().projection(Lendings).build().await?;
    /// let rebuild = app.rebuild::<Lendings>()?;
    /// let rebuilt = rebuild.on_progress(|progress| println!("{} of {}", progress.position, progress.head)).run().await?;
    /// println!("{} events", rebuilt.events);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// # })?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// `projection/not_found` if the application has no projection of this name.
    pub fn rebuild<P: Projection>(&self) -> Result<Rebuild, Error> {
        Ok(Rebuild::of(self.store().clone(), self.projection(P::NAME)?.clone()))
    }

    /// How each projection does, in the order of registration.
    ///
    /// # Errors
    /// What the store answers.
    pub async fn projections(&self) -> Result<Vec<Status>, Error> {
        let mut all = Vec::with_capacity(self.0.projections.len());
        for projection in &self.0.projections {
            let follower = self.0.followers.iter().find(|follower| follower.name() == projection.name());
            let standstill = follower.and_then(Follower::standstill);
            all.push(Status::of(self.store(), self.clock(), projection, standstill).await?);
        }
        Ok(all)
    }

    /// Waits until the read models of a projection have everything up to a position, such as that of a command:
    /// [`Executed::position`](crate::mediator::Executed::position). The follower may be in another process. For an inline
    /// projection, and for a command without events, there is nothing to wait for.
    ///
    /// ```
    /// # use std::time::Duration;
    /// # use bailiwick::{App, Error, Position, projection::Projection};
    /// # async fn example<P: Projection>(app: &App, position: Position) -> Result<(), Error> {
    /// // let position = app.run(command).await?.position();
    /// app.caught_up::<P>(position, Duration::from_secs(2)).await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// `projection/behind`, with the position where it `stands`, if it has not come there in this time;
    /// `projection/not_found` if the application has no projection of this name; what the store answers.
    ///
    /// # Cancel safety
    /// Dropping the future does nothing.
    pub async fn caught_up<P: Projection>(&self, position: Position, within: Duration) -> Result<(), Error> {
        projection::caught_up(self.store(), self.projection(P::NAME)?, (position, within)).await
    }

    fn projection(&self, name: &str) -> Result<&AnyProjection, Error> {
        let found = self.0.projections.iter().find(|projection| projection.name() == name);
        found.ok_or_else(|| {
            let message = "the application has no projection of this name; add it with `.projection(…)`";
            Error::new(ErrorKind::NotFound, "projection/not_found", message).with("projection", name)
        })
    }
}
