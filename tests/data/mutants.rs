//! Toy readings of conditions and of pages, each wrong as hand-written code is wrong: the cases by which databases are held
//! against memory tell each of them from ours, or they would not tell a database that is wrong like that.

use bailiwick::{repository::Db, specification::Spec};
use proptest::{
    strategy::{Strategy as _, ValueTree as _},
    test_runner::{Config, RngAlgorithm, TestRng, TestRunner},
};

use super::{
    chance::{Rule, decided, order, rule},
    order::Order,
    rows::{differ, shop},
};

/// A way to be wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Toy {
    /// What is unknown is false, and NOT makes it true.
    TwoValued,
    /// `%` and `_` in a text stand for others.
    Unescaped,
    /// As MySQL compares texts unless it is told otherwise.
    Collated,
    /// A condition is written down without parentheses.
    Flat,
}

impl Toy {
    fn holds(self, rule: &Rule, order: &Order) -> Option<bool> {
        if self == Self::Flat {
            let groups = flat(rule, false).into_iter();
            return decided(groups.map(|group| decided(group.iter().map(|part| part.holds(order)), false)), true);
        }
        match rule {
            Rule::All(parts) => decided(parts.iter().map(|part| self.holds(part, order)), false),
            Rule::Any(parts) => decided(parts.iter().map(|part| self.holds(part, order)), true),
            Rule::Not(inner) if self == Self::TwoValued => Some(self.holds(inner, order) != Some(true)),
            Rule::Not(inner) => self.holds(inner, order).map(|holds| !holds),
            Rule::Label(0, text) if self == Self::Collated => Some(folded(order.label.as_deref()?) == folded(text)),
            Rule::Label(test @ 1..=3, text) if self == Self::Unescaped => {
                let [before, after] = [*test != 1, *test != 3].map(|open| if open { "%" } else { "" });
                Some(like(&format!("{before}{text}{after}"), order.label.as_deref()?))
            }
            leaf => leaf.holds(order),
        }
    }
}

/// A leaf, as it is or denied.
enum Part<'r> {
    Leaf(&'r Rule),
    Denied(&'r Rule),
}

impl Part<'_> {
    fn holds(&self, order: &Order) -> Option<bool> {
        match self {
            Self::Leaf(rule) => rule.holds(order),
            Self::Denied(rule) => rule.holds(order).map(|holds| !holds),
        }
    }
}

/// What `a AND b OR c` means where nothing keeps `b OR c` together, and NOT belongs to the first that follows.
fn flat(rule: &Rule, denied: bool) -> Vec<Vec<Part<'_>>> {
    match rule {
        Rule::All(parts) if !parts.is_empty() => {
            let mut groups = Vec::new();
            for (at, part) in parts.iter().enumerate() {
                let mut next = flat(part, denied && at == 0).into_iter();
                let joined = groups.pop().into_iter().chain(next.next()).flatten().collect();
                groups.push(joined);
                groups.extend(next);
            }
            groups
        }
        Rule::Any(parts) if !parts.is_empty() => {
            parts.iter().enumerate().flat_map(|(at, part)| flat(part, denied && at == 0)).collect()
        }
        Rule::Not(inner) => flat(inner, !denied),
        leaf => vec![vec![if denied { Part::Denied(leaf) } else { Part::Leaf(leaf) }]],
    }
}

fn folded(text: &str) -> String {
    text.trim_end().to_lowercase().replace('é', "e")
}

/// `LIKE` without an escape character.
fn like(pattern: &str, text: &str) -> bool {
    let mut rest = text.chars();
    match pattern.chars().next() {
        None => text.is_empty(),
        Some('%') => {
            let pattern = &pattern[1..];
            like(pattern, text) || (rest.next().is_some() && like(&format!("%{pattern}"), rest.as_str()))
        }
        Some(sign) => rest
            .next()
            .is_some_and(|other| (sign == '_' || sign == other) && like(&pattern[sign.len_utf8()..], rest.as_str())),
    }
}

#[test]
fn conditions_by_chance_tell_every_toy_reading_from_ours() {
    let rng = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
    let (mut runner, case) = (TestRunner::new_with_rng(Config::default(), rng), (rule(), order()));
    for toy in [Toy::TwoValued, Toy::Unescaped, Toy::Collated, Toy::Flat] {
        let mut wrong = 0;
        for _ in 0..5_000 {
            let (rule, order) = case.new_tree(&mut runner).unwrap().current();
            wrong += u32::from((toy.holds(&rule, &order) == Some(true)) != rule.spec().matches(&order));
        }
        assert!(wrong >= 2, "{toy:?} is wrong {wrong} times in 5,000");
    }
}

/// The number of pieces and the place of each row, in order.
type Walk = Vec<(Option<i64>, usize)>;

async fn walked(db: &Db, nulls_first: bool) -> Walk {
    let key = shop::Order::pieces().asc();
    let key = if nulls_first { key.nulls_first() } else { key.nulls_last() };
    let shop = shop::shop(db, "acme");
    let rows = shop.repository::<shop::Order>().find(Spec::all()).sort(key).list().await.unwrap();
    rows.iter().enumerate().map(|(place, row)| (row.pieces, place)).collect()
}

/// Pages that go on after `(pieces, place) > (?, ?)`, of which NULL makes nothing known.
fn by_row_values(all: &Walk, size: usize) -> Walk {
    let mut seen: Walk = all.iter().take(size).copied().collect();
    while let Some((Some(pieces), place)) = seen.last().copied() {
        let after = |row: &&(Option<i64>, usize)| row.0.is_some_and(|other| (other, row.1) > (pieces, place));
        let before = seen.len();
        seen.extend(all.iter().filter(after).take(size));
        if seen.len() == before {
            break;
        }
    }
    seen
}

#[tokio::test]
async fn rows_by_chance_tell_every_toy_walk_from_ours() {
    let db = Db::memory();
    db.migrate(shop::tables()).await.unwrap();
    let own = differ::fill(&db, &mut differ::runner()).await;
    let all = walked(&db, false).await;
    assert_ne!(by_row_values(&all, 7), all, "rows with NULL are lost where values of rows are compared");
    let pieces = |walk: Walk| walk.into_iter().map(|(pieces, _)| pieces).collect::<Vec<_>>();
    assert_ne!(pieces(walked(&db, true).await), pieces(all), "NULL stands where a database has it by itself");
    let other = shop::shop(&db, "other").repository::<shop::Order>().find(Spec::all()).list().await.unwrap();
    assert!(!other.is_empty() && other.iter().all(|order| !own.contains(order)), "nothing tells tenants apart");
}
