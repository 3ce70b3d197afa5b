// errors: 1
use bailiwick::{State, state_machine};

#[derive(State, Debug, Clone, Copy, PartialEq, Eq)]
enum OrderStatus {
    #[state(initial)]
    Pending,
    Paid,
    #[state(terminal)]
    Cancelled,
}

struct Order {
    status: OrderStatus,
    total: i64,
}

macro_rules! machine {
    ($field:ident, $guard:ident) => {
        #[state_machine(states = OrderStatus, field = $field)]
        impl Order {
            #[transition(Pending if $guard => Paid)]
            fn pay(&mut self) {}

            #[transition(Pending | Paid => Cancelled)]
            fn cancel(&mut self) {}

            fn covers(&self) -> bool {
                self.total > 0
            }
        }
    };
}

machine!(status, cover);

fn main() {}
