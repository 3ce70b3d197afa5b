// errors: 1
use bailiwick::{State, Transition, TransitionLog, state_machine};

#[derive(State, Debug, Clone, PartialEq, Eq)]
enum OrderStatus {
    #[state(initial)]
    Pending,
    Paid,
    #[state(terminal)]
    Delivered,
}

struct Order {
    status: OrderStatus,
    total: i64,
    log: TransitionLog,
}

#[state_machine(states = OrderStatus, field = status, log = log)]
impl Order {
    #[transition(Pending if is_priced => Paid)]
    fn pay(&mut self) -> Result<i64, std::fmt::Error> {
        Ok(self.total)
    }

    #[transition(Paid => Delivered)]
    async fn deliver(&mut self) {}

    #[transition(Pending => Paid)]
    #[transition(_ => _)]
    fn look(&mut self) -> i64 {
        self.total
    }

    fn is_priced(&self) -> bool {
        self.total > 0
    }

    #[on_enter(Paid)]
    fn tell(&mut self, transition: &Transition<'_, OrderStatus>) {
        self.total += i64::from(transition.is_internal());
    }
}

fn main() {
    assert_eq!(OrderStatus::Pending.to_string(), "pending");
}
