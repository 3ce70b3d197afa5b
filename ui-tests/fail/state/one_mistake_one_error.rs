// errors: 1
use bailiwick::State;

#[derive(State, Debug, Clone, Copy, PartialEq, Eq)]
enum OrderStatus {
    #[state(terminal)]
    Delivered,
    Pending,
}

fn first<S: State>() -> S {
    S::INITIAL
}

fn main() -> Result<(), bailiwick::Error> {
    let _ = bailiwick::codec::encode(&first::<OrderStatus>());
    let (status, _): (OrderStatus, _) = ("pending".parse()?, OrderStatus::Pending.to_string());
    println!("{} {} {:?}", status.index(), status.name(), OrderStatus::FACTS);
    Ok(())
}
