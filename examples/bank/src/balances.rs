//! The read model: what is in each account.

use bailiwick::{ReadModel, Recorded, Transaction, projection};

use crate::account::AccountEvent;

/// Cents by account.
pub(crate) const BALANCES: ReadModel<i64> = ReadModel::new("balances");

/// Keeps [`BALANCES`], in the transaction of each event.
pub(crate) struct Balances;

#[projection(name = "balances", version = 1, inline)]
impl Balances {
    #[project]
    fn book(&self, event: &Recorded<AccountEvent>, tx: &mut Transaction) -> Result<(), bailiwick::Error> {
        let Some(origin) = event.origin() else { return Ok(()) };
        let cents = match **event {
            AccountEvent::Opened { .. } => 0,
            AccountEvent::Deposited { cents } => cents,
            AccountEvent::Withdrawn { cents } => -cents,
        };
        tx.update(BALANCES, origin.stream.id(), move |balance| *balance += cents);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use bailiwick::testing;

    use super::{BALANCES, Balances};
    use crate::account::{Account, AccountEvent};

    #[tokio::test]
    async fn balances_are_the_sums_of_the_movements() {
        let opened = || AccountEvent::Opened { owner: "Ada".into(), limit_cents: 0 };
        testing::projection(Balances)
            .given::<Account>("ada", [opened(), AccountEvent::Deposited { cents: 500 }])
            .given::<Account>("eve", [opened()])
            .given::<Account>("ada", [AccountEvent::Withdrawn { cents: 120 }])
            .run()
            .await
            .then_rows(BALANCES, [("ada", 380), ("eve", 0)])
            .then_nothing_sent();
    }
}
