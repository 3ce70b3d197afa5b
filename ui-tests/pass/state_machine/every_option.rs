//! Every option of `#[state_machine]`, and every form of a transition, a guard and a hook.

#![deny(warnings, missing_docs)]

use bailiwick::{
    Json, State, StateMachine, Transition, state_machine,
    state_machine::{Refused, TransitionError, TransitionLog, TriggerError},
};

/// The states.
#[derive(State, Debug, Clone, Copy, PartialEq, Eq)]
pub enum OrderStatus {
    /// New.
    #[state(initial)]
    Pending,
    /// Paid.
    Paid,
    /// On its way.
    Shipped,
    /// There.
    #[state(terminal)]
    Delivered,
    /// Over.
    #[state(terminal)]
    Cancelled,
}

/// A second set.
#[derive(State, Debug, Clone, Copy, PartialEq, Eq)]
pub enum Check {
    /// Not looked at.
    #[state(initial)]
    Open,
    /// Looked at.
    #[state(terminal)]
    Done,
}

/// Not so.
#[derive(Debug, PartialEq)]
pub struct No;

impl std::fmt::Display for No {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("no")
    }
}

impl std::error::Error for No {}

type Answer = Result<i64, No>;

/// An order.
#[derive(Debug, Clone)]
pub struct Order {
    status: OrderStatus,
    check: Check,
    cents: i64,
    version: u64,
    log: TransitionLog,
    told: Vec<String>,
}

#[state_machine(
    states = OrderStatus,
    field = status,
    version = version,
    audit,
    emit,
    log = log,
    trigger,
    typestate,
    crate = ::bailiwick
)]
impl Order {
    /// The customer pays.
    #[must_use = "it says what is left"]
    #[transition(Pending if covers => Paid)]
    pub fn pay(&mut self, mut cents: i64) -> Result<i64, No> {
        if cents == 13 {
            self.status = OrderStatus::Delivered;
            return Err(No);
        }
        cents -= 10;
        self.cents = cents;
        Ok(cents)
    }

    /// It is sent.
    #[transition(Paid if in_stock && (!blocked || urgent) => Shipped, no_trigger)]
    pub fn ship<T: Fn() -> i64>(&mut self, by: &T) {
        self.cents -= by();
    }

    /// It is given up.
    #[transition(Pending | Paid => Cancelled)]
    #[transition(Shipped if !blocked => Cancelled)]
    #[transition(Shipped if urgent => Pending)]
    pub fn cancel(&mut self, #[reason] reason: Option<&str>) {}

    /// It arrives.
    #[transition(Shipped => Delivered, fallible)]
    pub fn deliver(&mut self) -> Answer {
        Ok(self.cents)
    }

    /// A note.
    #[bailiwick::roles::transition(_ | Delivered => _)]
    pub fn note(&mut self, #[reason] note: String, to: &mut Vec<String>) {
        to.push(note);
    }

    /// Partly internal.
    #[transition(Pending => _)]
    #[transition(Paid if urgent => Pending)]
    #[transition(Paid => Paid)]
    pub fn touch(&mut self) {}

    /// Breaks the rules.
    #[transition(Pending => Pending)]
    pub fn wrong(&mut self) {
        self.status = OrderStatus::Delivered;
    }

    fn covers(&self, cents: &i64) -> bool {
        *cents >= 10
    }

    fn in_stock(&self) -> Result<(), &'static str> {
        if self.cents == 7 { Err("out of stock") } else { Ok(()) }
    }

    fn blocked(&self) -> bool {
        self.cents > 100
    }

    fn urgent(&self) -> bool {
        self.cents > 1_000
    }

    #[on_exit(Pending)]
    fn left(&mut self, transition: &Transition<OrderStatus>) {
        self.told.push(format!("left {:?}", transition.from()));
    }

    #[on_enter(Paid | Cancelled)]
    #[on_enter(Shipped)]
    fn entered(&mut self, transition: &Transition<OrderStatus>) {
        self.told.push(format!("entered {:?}", transition.to()));
    }

    #[on_transition]
    fn always(&mut self, transition: &Transition<OrderStatus>) {
        self.told.push(format!("{} {:?}", transition.transition(), transition.reason()));
    }
}

/// The error of the second machine.
#[derive(Debug, PartialEq)]
pub enum CheckError {
    /// Refused.
    Refused(TransitionError),
    /// Failed.
    Failed(No),
    /// Its own.
    Own,
}

impl From<TransitionError> for CheckError {
    fn from(error: TransitionError) -> Self {
        Self::Refused(error)
    }
}

impl From<No> for CheckError {
    fn from(no: No) -> Self {
        Self::Failed(no)
    }
}

#[state_machine(states = Check, field = check, name = check, error = CheckError)]
impl Order {
    /// It is looked at.
    #[transition(Open => Done)]
    pub fn look(&mut self, well: bool) -> Result<(), No> {
        if well { Ok(()) } else { Err(No) }
    }

    /// It is looked at twice.
    #[transition(Open => Done)]
    pub fn look_twice(&mut self) -> Result<(), CheckError> {
        Err(CheckError::Own)
    }

    /// Nothing.
    #[transition(_ => _)]
    pub async fn wait(&mut self) {
        std::future::ready(()).await;
    }
}

fn order(status: OrderStatus) -> Order {
    Order { status, check: Check::Open, cents: 0, version: 3, log: TransitionLog::new(), told: Vec::new() }
}

fn main() {
    let mut one = order(OrderStatus::Pending);
    assert!(!one.can_pay(&9) && one.can_pay(&10));
    assert_eq!(one.pay(13), Err(TransitionError::Action(No)));
    assert_eq!((StateMachine::<OrderStatus>::state(&one), one.log.len(), one.told.len()), (OrderStatus::Pending, 0, 0));
    assert_eq!(one.pay(17), Ok(7));
    let refused = one.ship(&|| 1).unwrap_err();
    assert_eq!(refused.to_string(), "guard `in_stock` refused `ship` from `paid`: out of stock");
    assert_eq!(one.available().map(OrderTransition::as_str).collect::<Vec<_>>(), ["ship", "cancel", "note", "touch"]);
    one.touch().unwrap();
    let mut notes = Vec::new();
    one.note("x".repeat(4_001), &mut notes).unwrap();
    assert_eq!(notes[0].len(), 4_001);
    let kept = one.log.records()[2].reason().unwrap();
    assert_eq!((kept.chars().count(), kept.ends_with("x…")), (4_000, true));
    assert_eq!(one.log.records()[0].version(), Some(3));
    one.cancel(Some("enough")).unwrap();
    assert_eq!(one.told[..2], ["left Pending", "entered Paid"]);
    assert_eq!(one.told.last().unwrap(), "cancel Some(\"enough\")");

    let mut two = order(OrderStatus::Pending);
    assert_eq!(two.wrong().unwrap_err().code(), "order/state_moved");
    two.touch().unwrap();
    assert!(two.log.records()[0].is_internal() && two.told.len() == 1);
    assert!(matches!(two.trigger("pays", Json::Null), Err(TriggerError::Unknown(unknown)) if unknown.nearest() == Some("pay")));
    assert!(matches!(two.trigger("ship", Json::Null), Err(TriggerError::Unknown(_))));
    let given = |text: &str| text.parse::<Json>().unwrap();
    assert_eq!(two.trigger("pay", given("{}")).unwrap_err().to_string(), "argument `cents`: it is missing");
    assert_eq!(two.trigger("pay", given(r#"{"cents": 3}"#)).unwrap_err().code(), "order/guard_failed");
    two.trigger("pay", given(r#"{"cents": 30}"#)).unwrap();
    two.trigger("note", given(r#"{"note": "a", "to": []}"#)).unwrap();
    two.trigger("cancel", given("{}")).unwrap();

    let OrderTyped::Pending(pending) = order(OrderStatus::Pending).typed() else { panic!("it is pending") };
    let Err(Refused { machine, error, .. }) = pending.pay(1) else { panic!("it is refused") };
    assert_eq!(error.code(), "order/guard_failed");
    let (paid, left): (OrderIn<order_state::Paid>, i64) = machine.pay_returning(30).unwrap();
    assert_eq!((left, paid.get().cents), (20, 20));
    let cancelled: OrderIn<order_state::Cancelled> = paid.cancel(None);
    assert_eq!(cancelled.into_inner().log.len(), 2);

    assert_eq!(one.look(false), Err(CheckError::Failed(No)));
    assert_eq!(one.look_twice(), Err(CheckError::Own));
    assert_eq!(one.look(true), Ok(()));
    assert!(matches!(one.look(true), Err(CheckError::Refused(TransitionError::Illegal(_)))));
    assert_eq!(one.check_available().count(), 0);
    assert_eq!((Order::CHECK_GRAPH.machine.as_ref(), Order::GRAPH.machine.as_ref()), ("Order.check", "Order"));
    assert_eq!("look".parse(), Ok(OrderCheckTransition::Look));
}
