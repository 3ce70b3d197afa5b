//! Transitions that wait, and callers that do not.

use bailiwick::{State, Transition, TransitionLog, state_machine, testing};

use super::{
    order::{Courier, Order, OrderStatus, Touch},
    random::drive::{Trace, Turn, poll},
};

#[test]
fn a_transition_that_is_dropped_at_any_await_has_not_happened() {
    for polls in 1..3 {
        for touch in [Touch::Nothing, Touch::Moves] {
            let mut order = Order::loaded(OrderStatus::Paid);
            order.touch = touch;
            let before = order.seen();
            assert!(poll(order.ship(&Courier), polls).is_none(), "{polls} polls are not enough");
            assert_eq!(order.seen(), before, "after {polls} polls");
            assert_eq!(order.notes.take(), ["ship"], "no hook ran");
        }
    }
    let mut order = Order::loaded(OrderStatus::Paid);
    assert_eq!(poll(order.ship(&Courier), 3), Some(Ok("label 1".into())));
    assert_eq!(order.status, OrderStatus::Shipped);
}

#[derive(State, Debug, Clone, Copy, PartialEq, Eq)]
#[state(cyclic)]
enum Parcel {
    #[state(initial)]
    Packed,
    Loaded,
    Unloaded,
}

struct Van {
    parcel: Parcel,
    log: TransitionLog,
    notes: Trace,
}

#[state_machine(states = Parcel, field = parcel, log = log)]
impl Van {
    #[transition(Packed => Loaded)]
    #[transition(Unloaded if may_load_again => Loaded)]
    async fn load(&mut self) -> u8 {
        Turn::default().await;
        self.notes.note("load");
        1
    }

    #[transition(Loaded => Unloaded)]
    async fn unload(&mut self) {
        self.notes.note("unload");
    }

    #[transition(Unloaded => Packed)]
    async fn pack(&mut self) {}

    fn may_load_again(&self) -> bool {
        true
    }

    #[on_exit(Packed | Unloaded)]
    async fn leave(&mut self, taken: &Transition<'_, Parcel>) {
        Turn::default().await;
        self.notes.note(format!("leave {:?}", taken.from()));
    }

    #[on_enter(Loaded)]
    async fn enter(&self, taken: &Transition<'_, Parcel>) {
        self.notes.note(format!("enter {:?}", taken.to()));
        Turn::default().await;
    }

    #[on_transition]
    async fn tell(&self, taken: &Transition<'_, Parcel>) {
        Turn::default().await;
        self.notes.note(taken.transition());
    }
}

#[test]
fn one_that_is_dropped_in_a_hook_has_not_happened() {
    let fresh = || Van { parcel: Parcel::Packed, log: TransitionLog::new(), notes: Trace::default() };
    let noted: [&[&str]; 4] =
        [&[], &["load"], &["load", "leave Packed", "enter Loaded"], &["load", "leave Packed", "enter Loaded"]];
    for (polls, noted) in (1..).zip(noted) {
        let mut van = fresh();
        assert!(poll(van.load(), polls).is_none(), "{polls} polls are not enough");
        assert_eq!((van.parcel, van.log.len()), (Parcel::Packed, 0), "after {polls} polls");
        assert_eq!(van.notes.take(), noted);
    }
    let mut van = fresh();
    assert_eq!(poll(van.load(), 5), Some(Ok(1)));
    assert_eq!((van.parcel, van.log.len()), (Parcel::Loaded, 1));
    assert_eq!(van.notes.take(), ["load", "leave Packed", "enter Loaded", "load"]);
}

#[test]
fn what_happened_before_a_dropped_one_stays() {
    let mut van = Van { parcel: Parcel::Packed, log: TransitionLog::new(), notes: Trace::default() };
    poll(van.load(), 5).unwrap().unwrap();
    poll(van.unload(), 5).unwrap().unwrap();
    assert!(poll(van.load(), 3).is_none());
    assert_eq!((van.parcel, van.log.len()), (Parcel::Unloaded, 2));
    poll(van.pack(), 5).unwrap().unwrap();
    assert_eq!(van.log.records()[2].to(), "packed");
}

#[test]
fn the_future_can_be_sent() {
    fn sent<T: Send>(it: T) -> T {
        it
    }
    let mut van = Van { parcel: Parcel::Packed, log: TransitionLog::new(), notes: Trace::default() };
    assert!(poll(sent(van.load()), 5).is_some());
    let mut order = Order::loaded(OrderStatus::Paid);
    assert!(poll(sent(order.ship(&Courier)), 5).is_some());
}

#[tokio::test]
async fn every_pair_of_the_van_does_what_the_graph_says() {
    let van = |parcel| Van { parcel, log: TransitionLog::new(), notes: Trace::default() };
    let pairs = testing::every_pair_async(van, async |van, transition: VanTransition| {
        match transition {
            VanTransition::Load => drop(van.load().await?),
            VanTransition::Unload => van.unload().await?,
            VanTransition::Pack => van.pack().await?,
        }
        Ok(())
    })
    .await;
    assert_eq!((pairs.taken(), pairs.illegal()), (4, 5));
}
