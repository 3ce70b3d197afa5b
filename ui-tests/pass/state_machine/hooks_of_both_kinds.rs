//! One method is told of states that are entered and of states that are left.

use bailiwick::{State, Transition, state_machine};

#[derive(State, Debug, Clone, Copy, PartialEq, Eq)]
enum Status {
    #[state(initial)]
    Pending,
    Paid,
    #[state(terminal)]
    Shipped,
}

struct Order {
    status: Status,
    told: Vec<(Status, Status)>,
}

#[state_machine(states = Status, field = status)]
impl Order {
    #[transition(Pending => Paid)]
    fn pay(&mut self) {}

    #[transition(Paid => Paid)]
    fn pay_again(&mut self) {}

    #[transition(Paid => Shipped)]
    fn ship(&mut self) {}

    #[on_exit(Pending)]
    #[on_enter(r#Paid)]
    #[on_enter(Shipped)]
    fn tell(&mut self, transition: &Transition<'_, Status>) {
        self.told.push((transition.from(), transition.to()));
    }
}

fn main() {
    let mut order = Order { status: Status::Pending, told: Vec::new() };
    order.pay().unwrap();
    assert_eq!(order.told, [(Status::Pending, Status::Paid); 2]);
    order.pay_again().unwrap();
    order.ship().unwrap();
    assert_eq!(order.told[2..], [(Status::Paid, Status::Paid), (Status::Paid, Status::Shipped)]);
}
