//! The order of the other files: paid, shipped, delivered, or cancelled on the way.

use bailiwick::{State, Transition, TransitionLog, state_machine};

use super::random::drive::{Trace, Turn};

#[derive(State, Debug, Clone, Copy, PartialEq, Eq)]
pub enum OrderStatus {
    #[state(initial)]
    Pending,
    Paid,
    #[state(alias = "sent")]
    Shipped,
    #[state(terminal)]
    Delivered,
    #[state(terminal)]
    Cancelled,
}

/// How a body touches the state, which it must not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Touch {
    Nothing,
    Moves,
    MovesAndFails,
}

pub struct Order {
    pub status: OrderStatus,
    pub version: u64,
    pub log: TransitionLog,
    pub notes: Trace,
    pub total: i64,
    pub stock: u32,
    pub refundable: bool,
    pub disputed: bool,
    pub touch: Touch,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Payment {
    pub cents: i64,
    pub card: &'static str,
}

#[derive(Debug, PartialEq, Eq)]
pub struct Receipt(pub i64);

#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("the card was declined")]
pub struct Declined;

#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("out of stock")]
pub struct OutOfStock;

/// Whoever carries parcels.
pub trait Carrier: Sync {
    fn label(&self) -> Option<String>;
}

/// Carries always.
#[derive(Debug)]
pub struct Courier;

impl Carrier for Courier {
    fn label(&self) -> Option<String> {
        Some("label 1".into())
    }
}

/// Carries never.
#[derive(Debug)]
pub struct OnStrike;

impl Carrier for OnStrike {
    fn label(&self) -> Option<String> {
        None
    }
}

#[state_machine(states = OrderStatus, field = status, version = version, log = log)]
impl Order {
    /// The customer pays the order in full.
    #[transition(Pending if covers_total => Paid)]
    pub fn pay(&mut self, payment: &Payment) -> Result<Receipt, Declined> {
        self.notes.note("pay");
        if self.touch != Touch::Nothing {
            self.status = OrderStatus::Delivered;
        }
        if payment.card == "stolen" || self.touch == Touch::MovesAndFails {
            return Err(Declined);
        }
        Ok(Receipt(payment.cents))
    }

    #[transition(Paid if in_stock => Shipped)]
    pub async fn ship(&mut self, carrier: &impl Carrier) -> Result<String, Declined> {
        self.notes.note("ship");
        Turn::default().await;
        if self.touch == Touch::Moves {
            self.status = OrderStatus::Delivered;
        }
        Turn::default().await;
        carrier.label().ok_or(Declined)
    }

    #[transition(Pending | Paid => Cancelled)]
    #[transition(Shipped if refundable && !disputed => Cancelled)]
    pub fn cancel(&mut self, #[reason] reason: &str) {
        self.notes.note(format!("cancel: {reason}"));
    }

    #[transition(Shipped => Delivered)]
    pub fn deliver(&mut self) {}

    #[transition(_ => _)]
    pub fn annotate(&mut self, note: String) -> usize {
        note.len()
    }

    fn covers_total(&self, payment: &Payment) -> bool {
        self.notes.note("covers_total");
        payment.cents >= self.total
    }

    fn in_stock(&self) -> Result<(), OutOfStock> {
        if self.stock > 0 { Ok(()) } else { Err(OutOfStock) }
    }

    fn refundable(&self) -> bool {
        self.notes.note("refundable");
        self.refundable
    }

    fn disputed(&self) -> bool {
        self.notes.note("disputed");
        self.disputed
    }

    #[on_exit(Pending | Paid)]
    fn leave(&mut self, taken: &Transition<'_, OrderStatus>) {
        self.notes.note(format!("leave {:?}, still {:?}, {} in the log", taken.from(), self.status, self.log.len()));
    }

    #[on_enter(Paid)]
    fn reserve(&mut self, taken: &Transition<'_, OrderStatus>) {
        self.notes.note(format!("enter {:?}, now {:?}, {} in the log", taken.to(), self.status, self.log.len()));
    }

    #[on_transition]
    fn tell(&self, taken: &Transition<'_, OrderStatus>) {
        self.notes.note(format!("{} {:?}", taken.transition(), taken.reason()));
    }
}

impl Order {
    /// One in this state, as if it were loaded: in stock, to be paid with 100, refundable.
    pub fn loaded(status: OrderStatus) -> Self {
        Self {
            status,
            version: 4,
            log: TransitionLog::new(),
            notes: Trace::default(),
            total: 100,
            stock: 1,
            refundable: true,
            disputed: false,
            touch: Touch::Nothing,
        }
    }

    /// What a refusal must leave as it was.
    pub fn seen(&self) -> (OrderStatus, u64, String) {
        (self.status, self.version, format!("{:?}", self.log))
    }
}

/// A payment of so much.
pub fn cents(cents: i64) -> Payment {
    Payment { cents, card: "good" }
}
