//! Questions about transitions.

use std::fmt;

use super::{
    Whose,
    row::{Row, TransitionAudit, place},
    stored_name,
};
use crate::{
    entity::{ColumnType, Entity, Value},
    error::{Error, ErrorKind},
    id::MessageId,
    repository::{Db, FindOptions, Page, PageRequest, Scope, SortKey},
    specification::{Node, Spec, Test},
    timestamp::Timestamp,
};

/// The transitions that were saved and left an audit row: those of machines with `audit`. Oldest first by the clocks of those who
/// saved, unless it is said; those [of one entity](Self::of_one) in the order in which they happened.
#[derive(Clone)]
#[must_use = "nothing is read until `list` or `page` is called"]
pub struct Transitions {
    db: Option<Db>,
    parts: Vec<Node>,
    of_one: bool,
    newest_first: bool,
}

impl Transitions {
    pub(super) fn new(db: Option<Db>, whose: &Whose) -> Self {
        let tenant = place::TENANT;
        let part = match whose {
            Whose::Everybody => None,
            Whose::Nobody => Some(Node::IsNull { place: tenant }),
            Whose::One(own) => Some(equal(tenant, own.to_value())),
        };
        Self { db, parts: part.into_iter().collect(), of_one: false, newest_first: false }
    }

    /// Of entities of this type.
    pub fn of<E: Entity>(self) -> Self {
        self.with(equal(place::ENTITY, Value::Text(stored_name::<E>().into())))
    }

    /// Of one entity, whose versions say what came first.
    pub fn of_one<E: Entity>(self, id: &E::Id) -> Self {
        let of_one = self.of::<E>().with(equal(place::ENTITY_ID, Value::Text(id.to_string().into())));
        Self { of_one: true, ..of_one }
    }

    /// Of the machine with this name; empty is the one without.
    pub fn machine(self, name: &str) -> Self {
        self.with(equal(place::MACHINE, Value::Text(name.into())))
    }

    /// With this name.
    pub fn named(self, transition: &str) -> Self {
        self.with(equal(place::TRANSITION, Value::Text(transition.into())))
    }

    /// By this actor.
    pub fn by(self, actor: &str) -> Self {
        self.with(equal(place::ACTOR, Value::Text(actor.into())))
    }

    /// In this conversation.
    pub fn correlated(self, correlation: MessageId) -> Self {
        self.with(equal(place::CORRELATION, Value::Uuid(*correlation.as_uuid())))
    }

    /// Saved at this time or later.
    pub fn since(self, time: Timestamp) -> Self {
        self.with(Node::Cmp { place: place::AT, test: Test::Ge, value: time.to_value().into_owned() })
    }

    /// Saved before this time.
    pub fn until(self, time: Timestamp) -> Self {
        self.with(Node::Cmp { place: place::AT, test: Test::Lt, value: time.to_value().into_owned() })
    }

    /// Newest first.
    pub fn newest_first(self) -> Self {
        Self { newest_first: true, ..self }
    }

    /// The first of them, at most `limit`.
    ///
    /// # Errors
    /// `page/size` above 1,000: read pages; `unit/no_entities` if the store keeps none; those of the database.
    pub async fn list(self, limit: u64) -> Result<Vec<TransitionAudit>, Error> {
        if limit == 0 {
            return Ok(Vec::new());
        }
        self.page(Page::first(limit)).await.map(|page| page.items)
    }

    /// The rows after or before a cursor.
    ///
    /// # Errors
    /// `page/size` if a page has no rows or more than 1,000; `page/cursor` if the cursor comes from another question;
    /// `unit/no_entities` if the store keeps none; those of the database.
    pub async fn page(self, request: PageRequest) -> Result<Page<TransitionAudit>, Error> {
        let db = self.db.ok_or_else(|| {
            Error::new(ErrorKind::Config, "unit/no_entities", "the store keeps no entities; take one that has a `Db`")
        })?;
        let [first, second] = if self.of_one { [place::VERSION, place::AT] } else { [place::AT, place::VERSION] };
        let keys = [first, second, place::SEQ].map(|place| SortKey::at(place, self.newest_first));
        let find = FindOptions::<Row>::new(Spec::of(Node::All(self.parts)));
        let find = keys.into_iter().fold(find, FindOptions::sort);
        let page = db.reading::<Row>(Scope::nobody()).find_with(find).page(request).await?;
        let Page { items, next, prev, total } = page;
        Ok(Page { items: items.into_iter().map(|Row(row)| row).collect(), next, prev, total })
    }

    fn with(mut self, part: Node) -> Self {
        self.parts.push(part);
        self
    }
}

fn equal(place: usize, value: Value<'_>) -> Node {
    Node::Cmp { place, test: Test::Eq, value: value.into_owned() }
}

impl fmt::Debug for Transitions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Transitions").field("parts", &self.parts).finish_non_exhaustive()
    }
}
