//! Entities in the unit of work of a dispatch.

use super::Context;
use crate::{
    entity::Entity,
    error::Error,
    repository::{Repository, Scope},
    store::nesting::Around,
    unit_of_work::{UnitOfWork, no_entities},
};

impl Context<'_> {
    /// The rows of an entity, in the transaction of this unit of work: what is written to them is committed with all else that
    /// the command stages, or not at all. The scope is the message's tenant and actor; without a tenant, rows that belong to one
    /// are out of reach.
    ///
    /// ```
    /// # use bailiwick::{App, Command, Context, Error, TenantId, entity::Entity, service};
    /// # #[derive(Entity, Debug)]
    /// # struct Room { #[id] #[col(max = 20)] name: String, #[tenant] tenant: TenantId, seats: i64 }
    /// #[derive(Command, Debug, Clone)]
    /// struct AddRoom {
    ///     name: String,
    /// }
    ///
    /// struct Rooms;
    ///
    /// #[service]
    /// impl Rooms {
    ///     #[handle]
    ///     async fn add(&self, command: AddRoom, cx: &mut Context) -> Result<(), Error> {
    ///         cx.repository::<Room>().insert(NewRoom { name: command.name, seats: 4 }).await?;
    ///         Ok(())
    ///     }
    /// }
    ///
    /// # async fn run() -> Result<(), Box<dyn std::error::Error>> {
    /// use bailiwick::{mediator::Request, repository::Scope};
    /// let app = App::builder().memory().service(Rooms).build().await?;
    /// let acme = Request::new().tenant(TenantId::new("acme")?);
    /// app.dispatch(acme).send(AddRoom { name: "Ada".into() }).await?;
    /// let db = app.db().expect("a store that keeps entities");
    /// let rooms = db.scoped(Scope::tenant("acme")?);
    /// assert_eq!(rooms.repository::<Room>().get("Ada".into()).await?.seats, 4);
    /// # Ok(()) }
    /// # tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime").block_on(run()).expect("it runs");
    /// ```
    ///
    /// The transaction begins with the first statement, and others who write wait for its end on SQLite and in memory. A unit
    /// without entities has none.
    pub fn repository<E: Entity>(&mut self) -> Repository<'_, E> {
        let scope = self.entity_scope();
        self.filled().repository_in(scope)
    }

    /// The committed rows of an entity, for queries: nothing can be written.
    ///
    /// # Errors
    /// `unit/no_entities` if the store keeps none.
    pub fn rows<E: Entity>(&self) -> Result<Repository<'_, E>, Error> {
        let units = self.mediator().units();
        let db = units.db().ok_or_else(no_entities)?;
        Ok(db.reading(self.entity_scope()))
    }

    fn entity_scope(&self) -> Scope {
        Scope::of_message(self.request_metadata(), self.mediator().units().clock().clone())
            .correlation(self.correlation_id())
            .caused_by(self.message_id())
    }

    /// What is open around the code that takes this message.
    pub(super) fn around(&self) -> Around {
        Around::of(self.unit.as_deref().and_then(UnitOfWork::home))
    }
}
