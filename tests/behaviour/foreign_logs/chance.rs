//! Logs and machines by chance.

use std::collections::{BTreeMap, BTreeSet};

use bailiwick::{conformance::Breach, conformance::Conformance, state_machine::Graph};
use proptest::prelude::*;

use super::graph;

fn name(state: usize) -> String {
    format!("S{state}")
}

/// Cases as lists of states, each from the first one, and the order in which the log mixes them.
fn logs() -> impl Strategy<Value = (Vec<Vec<usize>>, Vec<usize>)> {
    let case = prop::collection::vec(0..6_usize, 0..12).prop_map(|mut states| {
        states.insert(0, 0);
        states
    });
    prop::collection::vec(case, 1..12).prop_flat_map(|cases| {
        let turns: Vec<usize> =
            cases.iter().enumerate().flat_map(|(case, states)| std::iter::repeat_n(case, states.len())).collect();
        (Just(cases), Just(turns).prop_shuffle())
    })
}

fn successions(cases: &[Vec<usize>]) -> Vec<((usize, usize), u64)> {
    let mut counts = BTreeMap::new();
    for pair in cases.iter().flat_map(|states| states.windows(2)) {
        *counts.entry((pair[0], pair[1])).or_default() += 1;
    }
    let mut counts: Vec<_> = counts.into_iter().collect();
    counts.sort_by_key(|(pair, count)| (u64::MAX - count, *pair));
    counts
}

fn of_successions(most: &[((usize, usize), u64)]) -> Graph {
    let states: Vec<String> = (0..6).map(|state| if state == 0 { "*S0".into() } else { name(state) }).collect();
    let arrows: Vec<String> = most.iter().map(|((from, to), _)| format!("{} => {}", name(*from), name(*to))).collect();
    let states: Vec<&str> = states.iter().map(String::as_str).collect();
    graph(&states, &arrows.iter().map(|arrow| ("step", arrow.as_str())).collect::<Vec<_>>())
}

proptest! {
    #[test]
    fn what_is_not_among_the_most_frequent_successions_is_a_violation_with_its_edge(
        (cases, turns) in logs(),
        k in 0..12_usize,
    ) {
        let all = successions(&cases);
        let (most, rest) = all.split_at(k.min(all.len()));
        let mut check = Conformance::new(&of_successions(most)).by_state().limit(usize::MAX);
        let mut next = vec![0; cases.len()];
        for case in &turns {
            check.feed(&format!("case {case}"), &name(cases[*case][next[*case]]).to_lowercase(), None);
            next[*case] += 1;
        }
        let report = check.finish();

        let (events, kept) = (turns.len() as u64, most.iter().map(|(_, count)| count).sum::<u64>());
        prop_assert_eq!((report.events, report.cases), (events, cases.len() as u64));
        prop_assert_eq!(report.violations.total(), events - report.cases - kept);
        prop_assert_eq!(report.violations.illegal, report.violations.total());
        prop_assert_eq!(report.unfinished, report.cases);

        let label = |state: usize| name(state).to_lowercase();
        let mut shown: BTreeMap<(String, String), u64> = BTreeMap::new();
        for violation in &report.first {
            let Breach::Illegal { from, activity } = &violation.breach else { panic!("{violation}") };
            *shown.entry((from.clone(), activity.clone())).or_default() += 1;
        }
        let expected: BTreeMap<_, _> = rest.iter().map(|((from, to), n)| ((label(*from), label(*to)), *n)).collect();
        prop_assert_eq!(&shown, &expected);
        let rows = report.breaches.iter().map(|row| ((row.from.clone(), row.activity.clone()), row.count));
        prop_assert_eq!(rows.collect::<BTreeMap<_, _>>(), expected);
        for ((from, to), count) in most {
            let taken = report.edges.iter().find(|edge| edge.from == label(*from) && edge.to == label(*to));
            prop_assert_eq!(taken.map(|edge| edge.count), Some(*count));
        }
    }

    #[test]
    fn whatever_a_machine_does_its_own_log_conforms(
        edges in prop::collection::vec((0..4_usize, 0..5_usize, 0..6_usize, any::<bool>()), 1..14),
        choices in prop::collection::vec(any::<prop::sample::Index>(), 0..40),
    ) {
        // Of one name there may be several edges, also from one state: a guard then chooses.
        let arrows: Vec<(String, String)> = edges.iter().map(|(transition, from, to, guard)| {
            let guard = if *guard { " if allowed" } else { "" };
            let target = if *to == 5 { "_".into() } else { name(*to) };
            (format!("t{transition}"), format!("{}{guard} => {target}", name(*from)))
        }).collect();
        let arrows: Vec<(&str, &str)> = arrows.iter().map(|(name, arrow)| (&**name, &**arrow)).collect();
        let machine = graph(&["*S0", "S1", "S2", "S3", "!S4"], &arrows);
        let (mut state, mut transitions, mut entered) = (0, Vec::new(), vec![0]);
        for choice in choices {
            let possible: BTreeSet<_> = edges.iter().filter(|edge| edge.1 == state && state != 4).collect();
            let possible: Vec<_> = possible.into_iter().collect();
            if possible.is_empty() { break }
            let (transition, _, to, _) = *choice.get(&possible);
            transitions.push(format!("t{transition}"));
            if *to != 5 {
                state = *to;
                entered.push(state);
            }
        }
        let mut by_transition = Conformance::new(&machine).by_transition();
        transitions.iter().for_each(|transition| by_transition.feed("c", transition, None));
        prop_assert!(by_transition.finish().conforms());
        let mut by_state = Conformance::new(&machine).by_state();
        entered.iter().for_each(|state| by_state.feed("c", &name(*state).to_lowercase(), None));
        prop_assert!(by_state.finish().conforms());
    }
}
