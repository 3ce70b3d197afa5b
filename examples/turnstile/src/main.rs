//! The smallest machine: a coin unlocks a turnstile, a push locks it. The program prints its picture.

use bailiwick::{State, TransitionError, state_machine};

#[derive(State, Debug, Clone, Copy, PartialEq, Eq)]
#[state(cyclic)]
enum Lock {
    #[state(initial)]
    Locked,
    Unlocked,
}

struct Turnstile {
    lock: Lock,
    coins: u32,
    visitors: u32,
}

#[state_machine(states = Lock, field = lock)]
impl Turnstile {
    /// A visitor pays.
    #[transition(Locked => Unlocked)]
    fn coin(&mut self) {
        self.coins += 1;
    }

    /// A visitor goes through.
    #[transition(Unlocked => Locked)]
    fn push(&mut self) {
        self.visitors += 1;
    }
}

fn main() -> Result<(), TransitionError> {
    let mut turnstile = Turnstile { lock: Lock::INITIAL, coins: 0, visitors: 0 };
    if let Err(refused) = turnstile.push() {
        println!("{refused}");
    }
    turnstile.coin()?;
    turnstile.push()?;
    println!("{}: {} coin, {} visitor", turnstile.lock, turnstile.coins, turnstile.visitors);
    print!("{}", Turnstile::GRAPH.to_mermaid());
    Ok(())
}

#[cfg(test)]
#[test]
fn each_transition_in_each_state_does_what_the_graph_says() {
    let turnstile = |lock| Turnstile { lock, coins: 0, visitors: 0 };
    let pairs = bailiwick::testing::every_pair(turnstile, |turnstile, transition| {
        match transition {
            TurnstileTransition::Coin => turnstile.coin()?,
            TurnstileTransition::Push => turnstile.push()?,
        }
        Ok(())
    });
    assert_eq!((pairs.taken(), pairs.illegal()), (2, 2));
}
