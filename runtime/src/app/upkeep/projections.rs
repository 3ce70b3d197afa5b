//! The projections of an application, for those who look after them.

use super::super::App;
use crate::{
    error::{Error, ErrorKind},
    projection::{AnyProjection, Projection, Rebuild},
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

    fn projection(&self, name: &str) -> Result<&AnyProjection, Error> {
        let found = self.0.projections.iter().find(|projection| projection.name() == name);
        found.ok_or_else(|| {
            let message = "the application has no projection of this name; add it with `.projection(…)`";
            Error::new(ErrorKind::NotFound, "projection/not_found", message).with("projection", name)
        })
    }
}
