//! The report for people.

use std::io::{self, Write};

use super::figures::{Best, Figures, MonthLine};

/// The longest bar, in characters.
const BAR: u64 = 40;

/// Writes it.
pub(super) fn write(figures: &Figures, to: &mut impl Write) -> io::Result<()> {
    totals(figures, to)?;
    months(&figures.months, to)?;
    best(&figures.best_customers, to)?;
    speed(figures, to)
}

fn totals(figures: &Figures, to: &mut impl Write) -> io::Result<()> {
    let row = |to: &mut dyn Write, name: &str, sales: String, loyalty: String| {
        writeln!(to, "{name:<12}{sales:>16}{loyalty:>16}")
    };
    row(to, "", "sales".into(), "loyalty".into())?;
    row(to, "orders", thousands(figures.orders), thousands(figures.projection_orders))?;
    row(to, "customers", thousands(figures.customers), thousands(figures.projection_customers))?;
    row(to, "revenue", money(figures.revenue_cents), money(figures.projection_revenue_cents))?;
    let (tiers, word) = (figures.tiers, if figures.both_sides_agree { "agree" } else { "DIFFER" });
    writeln!(to, "Both sides of the broker {word}, month by month.")?;
    let [gold, silver, bronze] = [tiers.gold, tiers.silver, tiers.bronze].map(thousands);
    writeln!(to, "Tiers: {gold} gold, {silver} silver, {bronze} bronze.")
}

fn months(months: &[MonthLine], to: &mut impl Write) -> io::Result<()> {
    writeln!(to, "\nRevenue by month")?;
    let most = months.iter().map(|month| month.cents).max().unwrap_or(0).max(1);
    for MonthLine { month, orders, cents } in months {
        let length = usize::try_from((u128::from(*cents) * u128::from(BAR)).div_ceil(u128::from(most))).unwrap_or(0);
        let (cents, orders) = (money(*cents), thousands(*orders));
        writeln!(to, "  {month}  {cents:>14}  {orders:>7} orders  {}", "█".repeat(length))?;
    }
    Ok(())
}

fn best(best: &[Best], to: &mut impl Write) -> io::Result<()> {
    writeln!(to, "\nBest customers")?;
    for (place, Best { customer, member }) in (1..).zip(best) {
        let (cents, orders) = (money(member.bought.cents), thousands(member.bought.orders));
        writeln!(to, "  {place:>2}.  {customer:<12}{cents:>12}  {orders:>5} orders  {}", member.tier.name())?;
    }
    Ok(())
}

fn speed(figures: &Figures, to: &mut impl Write) -> io::Result<()> {
    let Figures { new_events, messages_handled, seconds, events_per_second, orders_per_second, .. } = figures;
    writeln!(to, "\nThis run")?;
    let (read, bad) = (thousands(figures.lines_read), thousands(figures.bad_lines));
    writeln!(to, "  lines       {read} orders, {bad} that are none")?;
    let (new, handled) = (thousands(*new_events), thousands(*messages_handled));
    writeln!(to, "  events      {new} appended, {handled} handled on the other side, in {seconds:.2} s")?;
    let (events, orders) = (whole(*events_per_second), whole(*orders_per_second));
    writeln!(to, "  speed       {orders} orders/s from end to end, or {events} events/s:")?;
    writeln!(to, "              {}", Figures::RATE)?;
    writeln!(
        to,
        "  outbox      {} waiting, {} given up",
        thousands(figures.outbox_pending),
        thousands(figures.dead_letters)
    )?;
    if let Some(bytes) = figures.peak_rss_bytes {
        writeln!(to, "  memory      {} MiB at most", bytes >> 20)?;
    }
    writeln!(to, "  data        {}", figures.source)
}

/// `14,230`.
fn whole(rate: f64) -> String {
    thousands(rate.round() as u64)
}

/// `69,659`.
fn thousands(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// `$2,500,315.63`.
fn money(cents: u64) -> String {
    format!("${}.{:02}", thousands(cents / 100), cents % 100)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_grouped() {
        assert_eq!([0, 999, 1_000, 69_659, 1_234_567].map(thousands), ["0", "999", "1,000", "69,659", "1,234,567"]);
        assert_eq!([0, 5, 250_031_563].map(money), ["$0.00", "$0.05", "$2,500,315.63"]);
    }
}
