//! The states of aggregates that are stored as their states, for those who look after them.

use super::super::App;
use crate::{
    aggregate::StateStored,
    error::Error,
    tenant::TenantId,
    unit_of_work::{self, Answer, States},
};

impl App {
    /// The stored states of an aggregate with `persist = entity`: their ids, and how one is removed.
    #[must_use]
    pub fn states<A: StateStored>(&self) -> States<A> {
        self.states_of(None)
    }

    /// The stored states of an aggregate that belong to a tenant.
    #[must_use]
    pub fn states_of<A: StateStored>(&self, tenant: Option<TenantId>) -> States<A> {
        States::new(self.mediator().units().clone(), tenant)
    }

    /// Makes the state of an aggregate with `persist = entity` out of the events that an earlier program wrote; false if its
    /// stream says that this was done: the state is there, or it was removed since. One of a tenant: [`States::adopt`].
    ///
    /// # Errors
    /// As [`States::adopt`].
    ///
    /// # Cancel safety
    /// As [`States::adopt`].
    pub fn adopt<A: StateStored>(&self, id: impl Into<A::Id>) -> Answer<'static, bool> {
        let (states, id) = (self.states::<A>(), id.into());
        Box::pin(async move { states.adopt(id).await })
    }

    /// Adopts each aggregate of this type in the log, of all tenants; says how many. It reads the whole log.
    ///
    /// # Errors
    /// As [`adopt`](Self::adopt), at the first one that fails, and at a damaged event of whatever stream; those before it are
    /// adopted.
    ///
    /// # Cancel safety
    /// Dropping the future leaves each one adopted or not; begin again.
    pub async fn adopt_all<A: StateStored>(&self) -> Result<u64, Error> {
        unit_of_work::adopt_all::<A>(self.mediator().units()).await
    }
}
