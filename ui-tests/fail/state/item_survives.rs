// errors: 1
use bailiwick::State;

#[derive(State, Debug, Clone, Copy, PartialEq, Eq)]
#[state(skip(Displai))]
enum OrderStatus {
    #[state(initial)]
    Pending,
    #[state(terminal)]
    Delivered,
}

impl std::fmt::Display for OrderStatus {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.done().then_some("done").unwrap_or("open"))
    }
}

impl OrderStatus {
    fn done(self) -> bool {
        matches!(self, Self::Delivered)
    }
}

fn main() {
    assert!(!OrderStatus::INITIAL.done());
    assert_eq!("pending".parse(), Ok(OrderStatus::Pending));
}
