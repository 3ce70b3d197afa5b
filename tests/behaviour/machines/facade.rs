//! The typestate facade: a type for each state, and the same wrappers behind it.

use bailiwick::{ErrorKind, State, Transition, TransitionError, TransitionLog, state_machine};

#[derive(State, Debug, Clone, Copy, PartialEq, Eq)]
enum Status {
    #[state(initial)]
    Pending,
    Paid,
    Shipped,
    #[state(terminal)]
    Delivered,
    #[state(terminal)]
    Cancelled,
}

#[derive(Debug)]
struct Order {
    status: Status,
    total: u64,
    express: bool,
    log: TransitionLog,
}

#[state_machine(states = Status, field = status, log = log, typestate)]
impl Order {
    #[transition(Pending if covers => Paid)]
    fn pay(&mut self, cents: u64) -> u64 {
        cents - self.total
    }

    #[transition(Paid if express => Delivered)]
    #[transition(Paid => Shipped)]
    fn ship(&mut self) {}

    #[transition(Shipped => Delivered)]
    async fn deliver(&mut self) {}

    #[transition(Pending | Paid => Cancelled)]
    fn cancel(&mut self) {}

    fn covers(&self, cents: &u64) -> bool {
        *cents >= self.total
    }

    fn express(&self) -> bool {
        self.express
    }
}

fn order(status: Status, express: bool) -> Order {
    Order { status, total: 100, express, log: TransitionLog::new() }
}

fn pending() -> OrderIn<order_state::Pending> {
    match order(Status::Pending, false).typed() {
        OrderTyped::Pending(pending) => pending,
        _ => panic!("it is pending"),
    }
}

#[tokio::test]
async fn the_way_through_the_states_is_a_way_through_types() {
    let (paid, change) = pending().pay_returning(120).unwrap();
    assert_eq!((change, paid.get().status), (20, Status::Paid));
    let OrderTyped::Shipped(shipped) = paid.ship() else { panic!("it is not express") };
    let delivered: OrderIn<order_state::Delivered> = shipped.deliver().await;
    let order = delivered.into_inner();
    assert_eq!((order.status, order.log.len()), (Status::Delivered, 3));
}

#[test]
fn a_refusal_gives_the_machine_back() {
    let refused = pending().pay(99).unwrap_err();
    assert!(matches!(refused.error, TransitionError::Guard(_)));
    let again: OrderIn<order_state::Pending> = refused.machine;
    let paid = again.pay(100).unwrap();
    assert_eq!(paid.as_ref().status, Status::Paid);
}

#[test]
fn what_cannot_be_refused_answers_the_next_state() {
    let cancelled: OrderIn<order_state::Cancelled> = pending().cancel();
    assert_eq!(cancelled.into_inner().log.records()[0].transition(), "cancel");
}

#[test]
fn guards_that_choose_between_targets_answer_any_of_them() {
    let OrderTyped::Paid(paid) = order(Status::Paid, true).typed() else { panic!("it is paid") };
    assert!(matches!(paid.ship(), OrderTyped::Delivered(_)));
}

/// It cannot be shown.
struct Door {
    state: DoorState,
    locked: bool,
}

#[derive(State, Debug, Clone, Copy, PartialEq, Eq)]
#[state(cyclic)]
enum DoorState {
    #[state(initial)]
    Shut,
    Open,
}

#[state_machine(states = DoorState, field = state, typestate)]
impl Door {
    #[transition(Shut if unlocked => Open)]
    fn open(&mut self) {}

    #[transition(Open => Shut)]
    fn shut(&mut self) {}

    fn unlocked(&self) -> bool {
        !self.locked
    }
}

fn shut() -> DoorIn<door_state::Shut> {
    let DoorTyped::Shut(door) = (Door { state: DoorState::Shut, locked: true }).typed() else { panic!("it is shut") };
    door
}

#[test]
fn a_refusal_is_an_error_whatever_the_machine_is() {
    fn boxed() -> Result<(), Box<dyn std::error::Error>> {
        let _ = shut().open()?;
        Ok(())
    }
    fn ours() -> Result<(), bailiwick::Error> {
        let _ = shut().open()?;
        Ok(())
    }
    assert_eq!(boxed().unwrap_err().to_string(), "guard `unlocked` refused `open` from `shut`");
    let error = ours().unwrap_err();
    assert_eq!((error.kind(), error.code()), (ErrorKind::Invalid, "door/guard_failed"));
    let refused = shut().open().unwrap_err();
    assert!(format!("{refused:?}").starts_with("Refused { error: Guard("), "{refused:?}");
    let shown = format!("{:?}", refused.machine);
    assert!(shown.ends_with("Door { .. }"), "{shown}");
    assert!(format!("{:?}", pending()).starts_with("Order { status: Pending"));
}

/// It is shelved on the way, labelled at once, and lost where nobody reads the label.
#[derive(Debug)]
struct Parcel {
    state: ParcelState,
    readable: bool,
}

#[derive(State, Debug, Clone, Copy, PartialEq, Eq)]
enum ParcelState {
    #[state(initial)]
    Packed,
    Weighed,
    Labelled,
    Shelved,
    #[state(terminal)]
    Lost,
}

#[state_machine(states = ParcelState, field = state, trigger, typestate)]
impl Parcel {
    #[transition(Packed => Weighed)]
    fn weigh(&mut self) -> u32 {
        7
    }

    #[transition(Weighed => Labelled)]
    fn label(&mut self) {}

    #[transition(Labelled => Shelved)]
    fn shelve(&mut self) {}

    #[transition(Shelved => Packed)]
    fn unpack(&mut self) {}

    #[transition(_ => Lost)]
    fn lose(&mut self) {}

    /// Moves on, directly.
    #[on_enter(Weighed)]
    fn at_once(&mut self, _: &Transition<'_, ParcelState>) {
        if self.readable {
            Self::label(self).unwrap();
        }
    }

    /// Moves on, by name, in a method of the block.
    #[on_enter(Shelved)]
    fn follow(&mut self, _: &Transition<'_, ParcelState>) {
        self.look();
    }

    fn look(&mut self) {
        if !self.readable {
            self.trigger("lose", serde_json::Value::Null).unwrap();
        }
    }

    /// Asks, and moves nothing.
    #[on_enter(Labelled | Packed)]
    fn asked(&mut self, _: &Transition<'_, ParcelState>) {
        let _ = self.can_shelve();
    }
}

fn packed(readable: bool) -> ParcelIn<parcel_state::Packed> {
    let ParcelTyped::Packed(parcel) = (Parcel { state: ParcelState::Packed, readable }).typed() else {
        panic!("it is packed")
    };
    parcel
}

#[test]
fn a_hook_that_moves_on_makes_the_answer_any_state() {
    let ParcelTyped::Weighed(weighed) = packed(false).weigh() else { panic!("the hook stays") };
    let labelled: ParcelIn<parcel_state::Labelled> = weighed.label();
    let ParcelTyped::Lost(lost) = labelled.shelve() else { panic!("the hook lost it") };
    assert_eq!(lost.get().state, ParcelState::Lost);

    let (ParcelTyped::Labelled(labelled), 7) = packed(true).weigh_returning() else { panic!("the hook labels it") };
    let ParcelTyped::Shelved(shelved) = labelled.shelve() else { panic!("the hook stays") };
    let packed: ParcelIn<parcel_state::Packed> = shelved.unpack();
    let lost: ParcelIn<parcel_state::Lost> = packed.lose();
    assert_eq!(lost.into_inner().state, ParcelState::Lost);
}
