// errors: 2
use bailiwick::State;

macro_rules! states {
    ($name:ident { $first:ident, $last:ident = $alias:literal }) => {
        #[derive(State, Debug, Clone, Copy, PartialEq, Eq)]
        enum $name {
            #[state(initial)]
            $first,
            #[state(terminal, alias = $alias)]
            $last,
        }
    };
}

states!(OrderStatus { Pending, Delivered = "pending" });

fn main() {}
