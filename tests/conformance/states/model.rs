//! A cart, as it is in two programs: one keeps its events, one its state.

use bailiwick::{BoxError, Command, Event, Json, ReadModel, Recorded, Transaction, projection};
use serde::{Deserialize, Serialize};

#[derive(Event, Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) enum CartEvent {
    #[event(name = "cart.opened")]
    Opened { owner: String },
    #[event(name = "cart.filled")]
    Filled { items: u32 },
}

#[derive(Debug, PartialEq, thiserror::Error)]
pub(crate) enum No {
    #[error("nothing to put in")]
    Nothing,
}

/// What is in a program with this cart.
macro_rules! program {
    ($module:ident, $($option:tt)*) => {
        pub(crate) mod $module {
            use bailiwick::{Command, aggregate};
            use serde::{Deserialize, Serialize};

            use super::{CartEvent, No};

            #[derive(Command, Debug, Clone, Serialize, Deserialize)]
            pub(crate) struct Open {
                #[target]
                pub(crate) cart: String,
            }

            #[derive(Command, Debug, Clone, Serialize, Deserialize)]
            pub(crate) struct Fill {
                #[target]
                pub(crate) cart: String,
                pub(crate) items: u32,
            }

            #[derive(Default, Debug, Clone, PartialEq, Serialize, Deserialize)]
            pub(crate) struct Cart {
                pub(crate) owner: String,
                pub(crate) items: u32,
            }

            #[aggregate(name = "cart", id = String, event = CartEvent, error = No $($option)*)]
            impl Cart {
                #[handle(create)]
                fn open(command: Open) -> Result<CartEvent, No> {
                    Ok(CartEvent::Opened { owner: command.cart })
                }

                #[handle]
                fn fill(&self, command: Fill) -> Result<CartEvent, No> {
                    if command.items == 0 { Err(No::Nothing) } else { Ok(CartEvent::Filled { items: command.items }) }
                }

                #[apply(Opened)]
                fn on_opened(&mut self, owner: &str) {
                    self.owner = owner.into();
                }

                #[apply(Filled)]
                fn on_filled(&mut self, items: u32) {
                    self.items += items;
                }
            }

            pub(crate) fn open(cart: &str) -> Open {
                Open { cart: cart.into() }
            }

            pub(crate) fn fill(cart: &str, items: u32) -> Fill {
                Fill { cart: cart.into(), items }
            }
        }
    };
}

program!(events,);
program!(entity, , persist = entity);

/// The same category, after a field was renamed.
#[derive(Default, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Renamed {
    pub(crate) owner: String,
    #[serde(default, alias = "items")]
    pub(crate) pieces: u32,
}

#[derive(Command, Debug, Clone)]
pub(crate) struct Nothing {
    #[target]
    pub(crate) cart: String,
}

#[bailiwick::aggregate(name = "cart", id = String, event = CartEvent, error = No, persist = entity)]
impl Renamed {
    #[handle]
    fn nothing(&self, _command: Nothing) -> Result<Option<CartEvent>, No> {
        Ok(None)
    }

    #[apply]
    fn taken(&mut self, _event: &CartEvent) {}
}

/// The same category in a later program, which counts pieces.
#[derive(Default, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Later {
    pub(crate) owner: String,
    pub(crate) pieces: u32,
}

#[derive(Command, Debug, Clone)]
pub(crate) struct Put {
    #[target]
    pub(crate) cart: String,
    pub(crate) pieces: u32,
}

#[bailiwick::aggregate(
    name = "cart", id = String, event = CartEvent, error = No, persist = entity, state(version = 2, from = older)
)]
impl Later {
    #[handle]
    fn put(&self, command: Put) -> Result<CartEvent, No> {
        Ok(CartEvent::Filled { items: command.pieces })
    }

    #[apply]
    fn on(&mut self, event: &CartEvent) {
        match event {
            CartEvent::Opened { owner } => self.owner.clone_from(owner),
            CartEvent::Filled { items } => self.pieces += items,
        }
    }
}

/// It says that it was asked: each state is carried over once.
fn older(version: u32, state: Json) -> Json {
    assert_eq!(version, 1);
    serde_json::json!({ "owner": format!("{} of old", state["owner"].as_str().unwrap()), "pieces": state["items"] })
}

/// How many items were put into all carts, by owner.
pub(crate) const ITEMS: ReadModel<u32> = ReadModel::new("items_by_cart");

macro_rules! counting {
    ($name:ident, $registered:literal $($option:tt)*) => {
        pub(crate) struct $name;

        #[projection(name = $registered, version = 1 $($option)*)]
        impl $name {
            #[project]
            async fn filled(&self, event: &Recorded<CartEvent>, tx: &mut Transaction) -> Result<(), BoxError> {
                if let CartEvent::Filled { items } = *event.event() {
                    tx.update(ITEMS, "all", move |all| *all += items);
                }
                Ok(())
            }
        }
    };
}

counting!(Inline, "items_inline", inline);
counting!(Following, "items_following");
