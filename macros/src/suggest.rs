//! Did you mean: the nearest of some names.

/// The most candidates that a message lists.
const LISTED: usize = 8;

/// The candidate nearest to `word`, if one is near enough: at most a third of its letters differ, and one may always.
pub(crate) fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let limit = (word.chars().count() / 3).max(1);
    let near = candidates.into_iter().filter(|candidate| may_be_within(limit, word, candidate));
    let near = near.map(|candidate| (distance(word, candidate), candidate));
    near.filter(|(distance, _)| *distance <= limit)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

/// The candidate that differs by one letter.
pub(crate) fn slip<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let mut near = candidates.into_iter().filter(|candidate| *candidate != word && may_be_within(1, word, candidate));
    near.find(|candidate| distance(word, candidate) == 1)
}

/// ``; did you mean `x`?``, or nothing.
pub(crate) fn did_you_mean<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> String {
    nearest(word, candidates).map(|near| format!("; did you mean `{near}`?")).unwrap_or_default()
}

/// The candidates in backticks, the first eight of them.
pub(crate) fn list<'a>(candidates: impl IntoIterator<Item = &'a str>) -> String {
    let all: Vec<String> = candidates.into_iter().map(|name| format!("`{name}`")).collect();
    let rest = all.len().saturating_sub(LISTED);
    let shown = all[..all.len() - rest].join(", ");
    if rest == 0 { shown } else { format!("{shown} and {rest} more") }
}

/// Whether the lengths are near enough: that spares the count of the letters.
fn may_be_within(limit: usize, word: &str, candidate: &str) -> bool {
    word.chars().count().abs_diff(candidate.chars().count()) <= limit
}

/// Optimal string alignment: insert, delete, replace, and swap two neighbours, each at a cost of 1.
fn distance(left: &str, right: &str) -> usize {
    let (left, right): (Vec<char>, Vec<char>) = (left.chars().collect(), right.chars().collect());
    let width = right.len() + 1;
    let mut rows = vec![(0..width).collect::<Vec<usize>>()];
    for i in 1..=left.len() {
        let mut row = vec![i; width];
        for j in 1..width {
            let same = left[i - 1] == right[j - 1];
            let replaced = rows[i - 1][j - 1] + usize::from(!same);
            row[j] = replaced.min(rows[i - 1][j] + 1).min(row[j - 1] + 1);
            if i > 1 && j > 1 && left[i - 1] == right[j - 2] && left[i - 2] == right[j - 1] {
                row[j] = row[j].min(rows[i - 2][j - 2] + 1);
            }
        }
        rows.push(row);
    }
    rows[left.len()][width - 1]
}

#[cfg(test)]
mod tests {
    use super::{distance, list, nearest};

    #[test]
    fn a_swap_costs_one() {
        assert_eq!(distance("gaurd", "guard"), 1);
        assert_eq!(distance("", "ab"), 2);
        assert_eq!(distance("stats", "states"), 1);
    }

    #[test]
    fn only_near_words_are_offered() {
        assert_eq!(nearest("nam", ["name", "alias"]), Some("name"));
        assert_eq!(nearest("colour", ["name", "alias"]), None);
    }

    #[test]
    fn at_most_eight_are_listed() {
        let names = ["a", "b", "c", "d", "e", "f", "g", "h", "i", "j"];
        assert!(list(names).ends_with("`h` and 2 more"));
        assert_eq!(list(["a", "b"]), "`a`, `b`");
    }
}
