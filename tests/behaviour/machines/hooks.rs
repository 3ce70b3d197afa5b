//! The order in which a transition runs its parts.

use bailiwick::{State, Transition, TransitionLog, state_machine, testing};

use super::{
    order::{Courier, Order, OrderStatus, cents},
    random::drive::{Trace, poll},
};

#[test]
fn a_transition_leaves_then_records_then_enters_then_tells() {
    let mut order = Order::loaded(OrderStatus::Pending);
    assert!(order.notes.take().is_empty(), "loading runs nothing");
    order.pay(&cents(100)).unwrap();
    let noted = [
        "covers_total",
        "pay",
        "leave Pending, still Pending, 0 in the log",
        "enter Paid, now Paid, 1 in the log",
        "pay None",
    ];
    assert_eq!(order.notes.take(), noted);
    poll(order.ship(&Courier), 100).unwrap().unwrap();
    assert_eq!(order.notes.take(), ["ship", "leave Paid, still Paid, 1 in the log", "ship None"]);
    assert_eq!(order.log.len(), 2);
}

#[test]
fn an_internal_transition_neither_leaves_nor_enters_and_is_recorded() {
    let mut order = Order::loaded(OrderStatus::Paid);
    assert_eq!(order.annotate("call back".into()), Ok(9));
    assert_eq!(order.notes.take(), ["annotate None"]);
    let [record] = order.log.records() else { panic!("{:?}", order.log) };
    assert_eq!((record.transition(), record.from(), record.to()), ("annotate", "paid", "paid"));
    assert!(record.is_internal());
    assert!(
        Order::loaded(OrderStatus::Delivered).annotate("late".into()).is_err(),
        "it does not stand for a terminal state"
    );
}

#[derive(State, Debug, Clone, Copy, PartialEq, Eq)]
#[state(cyclic)]
enum Light {
    #[state(initial)]
    Red,
    Amber,
    Green,
}

struct Lights {
    state: Light,
    log: TransitionLog,
    notes: Trace,
    hurry: bool,
}

#[state_machine(states = Light, field = state, log = log)]
impl Lights {
    #[transition(Red => Amber)]
    fn warn(&mut self) {}

    #[transition(Amber => Green)]
    fn go(&mut self) {}

    #[transition(Green => Red)]
    fn stop(&mut self) {}

    #[transition(Green => Green)]
    fn again(&mut self) {}

    #[on_enter(Amber | Green)]
    fn first(&mut self, taken: &Transition<'_, Light>) {
        self.notes.note(format!("first: {} to {:?}", taken.transition(), taken.to()));
        if self.hurry && taken.to() == Light::Amber {
            let went = self.go();
            self.notes.note(format!("went: {}", went.is_ok()));
        }
    }

    #[on_enter(Amber)]
    fn second(&self, taken: &Transition<'_, Light>) {
        self.notes.note(format!("second: {} to {:?}, now {:?}", taken.transition(), taken.to(), self.state));
    }

    #[on_exit(Green)]
    fn leave(&self, _taken: &Transition<'_, Light>) {
        self.notes.note("leave green");
    }

    #[on_transition]
    fn tell(&self, taken: &Transition<'_, Light>) {
        self.notes.note(format!("tell: {}", taken.transition()));
    }
}

fn lights(state: Light, hurry: bool) -> Lights {
    Lights { state, log: TransitionLog::new(), notes: Trace::default(), hurry }
}

#[test]
fn hooks_of_one_state_run_in_the_order_written() {
    let mut lights = lights(Light::Red, false);
    lights.warn().unwrap();
    let noted = ["first: warn to Amber", "second: warn to Amber, now Amber", "tell: warn"];
    assert_eq!(lights.notes.take(), noted);
}

#[test]
fn a_transition_to_the_same_state_leaves_and_enters_it() {
    let mut lights = lights(Light::Green, false);
    lights.again().unwrap();
    assert_eq!(lights.notes.take(), ["leave green", "first: again to Green", "tell: again"]);
    assert!(!lights.log.records()[0].is_internal());
}

#[test]
fn a_transition_that_follows_from_entering_is_told_before_the_outer_one() {
    let mut lights = lights(Light::Red, true);
    lights.warn().unwrap();
    let noted = [
        "first: warn to Amber",
        "first: go to Green",
        "tell: go",
        "went: true",
        "second: warn to Amber, now Green",
        "tell: warn",
    ];
    assert_eq!(lights.notes.take(), noted);
    assert_eq!(lights.state, Light::Green);
    let names: Vec<&str> = lights.log.records().iter().map(|record| record.transition()).collect();
    assert_eq!(names, ["warn", "go"]);
    lights.stop().unwrap();
    assert_eq!(lights.state, Light::Red);
}

#[test]
fn every_pair_of_the_lights_does_what_the_graph_says() {
    for hurry in [false, true] {
        let pairs = testing::every_pair(
            |state| lights(state, hurry),
            |lights, transition: LightsTransition| {
                match transition {
                    LightsTransition::Warn => lights.warn()?,
                    LightsTransition::Go => lights.go()?,
                    LightsTransition::Stop => lights.stop()?,
                    LightsTransition::Again => lights.again()?,
                }
                Ok(())
            },
        );
        assert_eq!((pairs.taken(), pairs.illegal()), (4, 8));
    }
}
