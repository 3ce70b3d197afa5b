// errors: 3
use bailiwick::{State, state_machine};

#[derive(State, Debug, Clone, Copy, PartialEq, Eq)]
enum OrderStatus {
    #[state(initial)]
    Pending,
    #[state(terminal)]
    Cancelled,
}

#[derive(State, Debug, Clone, Copy, PartialEq, Eq)]
enum Bill {
    #[state(initial)]
    Open,
    Due,
    #[state(terminal)]
    Done,
}

struct Order {
    status: OrderStatus,
    bill: Bill,
    disputed: bool,
}

#[state_machine(states = OrderStatus, field = status)]
impl Order {
    #[transition(Pending => Cancelled)]
    fn cancel(&mut self) {}
}

mod bill {
    use super::{Order, Bill};
    use bailiwick::{Transition, state_machine};

    #[state_machine(states = Bill, field = bill)]
    impl Order {
        #[transition(Open => Due)]
        pub fn send(&mut self) {}

        #[transition(Due if undisputed => Done)]
        pub async fn settle(&mut self, cents: u32) -> Result<u32, String> {
            Ok(cents)
        }

        fn undisputed(&self) -> bool {
            !self.disputed
        }

        #[on_enter(Done)]
        fn settled(&mut self, _: &Transition<'_, Bill>) {
            self.disputed = false;
        }
    }
}

fn main() {
    let mut order = Order { status: OrderStatus::INITIAL, bill: Bill::INITIAL, disputed: false };
    let _ = order.cancel();
    let _ = order.check_settle(&1);
}
