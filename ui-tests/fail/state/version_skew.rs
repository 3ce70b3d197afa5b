// errors: 1
use bailiwick::State;

mod older {
    pub(crate) mod __private_0_0_9 {}
}

#[derive(State, Debug, Clone, Copy, PartialEq, Eq)]
#[state(crate = crate::older)]
enum OrderStatus {
    #[state(initial)]
    Pending,
    #[state(terminal)]
    Delivered,
}

fn main() {}
