//! What is a violation, and where the case goes on.

use bailiwick::{
    Timestamp,
    conformance::{Breach, Conformance, Report},
    state_machine::{Graph, StateNode},
};

use super::{graph, order};

fn run(check: Conformance, events: &[(&str, &str)]) -> Report {
    let mut check = check;
    for (case, activity) in events {
        check.feed(case, activity, None);
    }
    check.finish()
}

fn by_state(graph: &Graph, states: &str) -> Report {
    let events: Vec<_> = states.split(' ').map(|state| ("c", state)).collect();
    run(Conformance::new(graph).by_state(), &events)
}

fn by_transition(graph: &Graph, transitions: &str) -> Report {
    let events: Vec<_> = transitions.split(' ').map(|transition| ("c", transition)).collect();
    run(Conformance::new(graph).by_transition(), &events)
}

/// Position and violation of each.
fn breaches(report: &Report) -> Vec<(u32, Breach)> {
    report.first.iter().map(|violation| (violation.position, violation.breach.clone())).collect()
}

fn unknown(activity: &str) -> Breach {
    Breach::UnknownActivity { activity: activity.into() }
}

fn not_initial(activity: &str) -> Breach {
    Breach::NotInitial { activity: activity.into() }
}

fn illegal(from: &str, activity: &str) -> Breach {
    Breach::Illegal { from: from.into(), activity: activity.into() }
}

fn after_terminal(from: &str, activity: &str) -> Breach {
    Breach::AfterTerminal { from: from.into(), activity: activity.into() }
}

#[test]
fn a_log_that_follows_the_machine_has_no_violation() {
    assert!(by_state(&order(), "pending paid shipped delivered").conforms());
    assert!(by_transition(&order(), "annotate pay annotate ship deliver").conforms());
}

#[test]
fn a_step_that_the_machine_never_takes_is_none() {
    let edges = [("go", "A => B"), ("go", "_ => C"), ("end", "B | C => D")];
    let machine = graph(&["*A", "B", "C", "!D"], &edges);
    machine.check().unwrap();
    assert_eq!(breaches(&by_state(&machine, "a c d")), [(2, illegal("a", "c"))]);
    assert!(by_state(&machine, "a b c d").conforms());
    let report = by_transition(&machine, "go go end");
    assert!(report.conforms());
    let edges: Vec<_> = report.edges.iter().map(|edge| (&*edge.from, &*edge.to, edge.count)).collect();
    assert_eq!(edges[..2], [("a", "b", 1), ("b", "c", 1)], "the first of the two is told by the state alone");
}

#[test]
fn an_unknown_activity_leaves_the_case_where_it_was() {
    let report = by_state(&order(), "pending mislaid paid");
    assert_eq!(breaches(&report), [(2, unknown("mislaid"))]);
    let report = by_transition(&order(), "pay mislay ship");
    assert_eq!(breaches(&report), [(2, unknown("mislay"))]);
}

#[test]
fn after_an_unknown_first_activity_the_case_has_yet_to_start() {
    assert_eq!(breaches(&by_state(&order(), "mislaid pending paid")), [(1, unknown("mislaid"))]);
    let report = by_state(&order(), "mislaid paid shipped");
    assert_eq!(breaches(&report), [(1, unknown("mislaid")), (2, not_initial("paid"))]);
}

#[test]
fn a_wrong_first_state_counts_once_and_the_case_goes_on_from_it() {
    assert_eq!(breaches(&by_state(&order(), "paid shipped delivered")), [(1, not_initial("paid"))]);
}

#[test]
fn a_wrong_first_transition_counts_once_and_the_case_goes_on_from_its_target() {
    assert_eq!(breaches(&by_transition(&order(), "ship deliver")), [(1, not_initial("ship"))]);
}

#[test]
fn a_wrong_first_transition_with_two_targets_leaves_the_case_at_the_start() {
    let machine = graph(&["*A", "B", "C"], &[("go", "A => B"), ("turn", "B => A"), ("turn", "B => C")]);
    let report = by_transition(&machine, "turn turn go");
    assert_eq!(breaches(&report), [(1, not_initial("turn")), (2, illegal("a", "turn"))]);
}

#[test]
fn an_illegal_step_by_state_goes_on_from_the_state_that_was_seen() {
    assert_eq!(breaches(&by_state(&order(), "pending shipped delivered")), [(2, illegal("pending", "shipped"))]);
}

#[test]
fn an_illegal_transition_goes_on_from_its_only_target() {
    let report = by_transition(&order(), "annotate deliver annotate");
    let expected = [(2, illegal("pending", "deliver")), (3, after_terminal("delivered", "annotate"))];
    assert_eq!(breaches(&report), expected);
}

#[test]
fn an_illegal_transition_with_two_targets_or_none_leaves_the_case_where_it_was() {
    let machine = graph(
        &["*A", "B", "C"],
        &[("go", "A => B"), ("turn", "C if left => A"), ("turn", "C => B"), ("note", "C => _"), ("back", "B => A")],
    );
    let report = by_transition(&machine, "go turn note back go");
    assert_eq!(breaches(&report), [(2, illegal("b", "turn")), (3, illegal("b", "note"))]);
}

#[test]
fn what_follows_a_terminal_state_is_named_and_the_case_goes_on_from_it() {
    let report = by_state(&order(), "pending cancelled paid shipped delivered");
    assert_eq!(breaches(&report), [(3, after_terminal("cancelled", "paid"))]);
    assert_eq!(report.unfinished, 0);
}

#[test]
fn a_violation_names_case_and_place_in_the_log() {
    let events = [("a", "pending"), ("b", "pending"), ("a", "paid"), ("b", "delivered")];
    let report = run(Conformance::new(&order()), &events);
    let first = &report.first[0];
    assert_eq!((&*first.case, first.position, first.event), ("b", 2, 4));
    assert_eq!(first.to_string(), "event 4, number 2 of case `b`: no `delivered` from `pending`");
}

#[test]
fn a_case_may_start_in_an_external_state() {
    let machine = graph(&["*New", "+Imported", "Done"], &[("close", "New => Done"), ("settle", "Imported => Done")]);
    assert!(by_state(&machine, "imported done").conforms());
    assert!(by_transition(&machine, "settle").conforms());
    assert!(by_transition(&machine, "close").conforms());
}

#[test]
fn an_internal_transition_is_no_step_by_state_and_a_self_transition_is_one() {
    let internal = graph(&["*A"], &[("note", "A => _")]);
    assert_eq!(breaches(&by_state(&internal, "a a")), [(2, illegal("a", "a"))]);
    assert!(by_transition(&internal, "note note").conforms());
    let selfish = graph(&["*A"], &[("again", "A => A")]);
    assert!(by_state(&selfish, "a a").conforms());
}

#[test]
fn an_internal_transition_may_name_a_terminal_state() {
    let machine = graph(&["*A", "!B"], &[("end", "A => B"), ("note", "_ | B => _")]);
    let report = by_transition(&machine, "note end note note");
    assert!(report.conforms());
    assert_eq!(report.unfinished, 0);
}

#[test]
fn guards_are_not_evaluated_and_their_edges_are_counted() {
    let report = by_state(&order(), "pending paid shipped");
    assert_eq!((report.guarded, report.violations.total()), (1, 0));
    let partly = graph(&["*A", "B"], &[("go", "A if may => B"), ("force", "A => B")]);
    assert_eq!(by_state(&partly, "a b").guarded, 0, "`force` needs no guard");
    assert_eq!(by_transition(&partly, "go").guarded, 1);
}

#[test]
fn where_guards_choose_the_target_a_case_may_be_in_any_of_them() {
    let machine = graph(
        &["*New", "Small", "Large", "!Done"],
        &[
            ("sort", "New if small => Small"),
            ("sort", "New => Large"),
            ("pack", "Small => Done"),
            ("split", "Large => New"),
        ],
    );
    assert!(by_transition(&machine, "sort pack").conforms());
    assert!(by_transition(&machine, "sort split sort pack").conforms());
    let report = by_transition(&machine, "sort sort pack");
    assert_eq!(breaches(&report), [(2, illegal("small | large", "sort"))]);
    assert!(report.edges.iter().any(|edge| edge.from == "new" && edge.to == "small | large" && edge.count == 1));
}

#[test]
fn cases_that_end_before_a_terminal_state_are_counted_and_no_violation() {
    let events = [("a", "pending"), ("b", "pending"), ("b", "cancelled"), ("c", "pending"), ("c", "paid")];
    let report = run(Conformance::new(&order()), &events);
    assert_eq!((report.cases, report.unfinished, report.violations.total()), (3, 2, 0));
}

#[test]
fn equal_and_backward_times_are_counted_per_case_and_nothing_is_sorted() {
    let mut check = Conformance::new(&order());
    for (case, state, at) in [
        ("a", "pending", 5),
        ("b", "pending", 3),
        ("a", "paid", 5),
        ("a", "shipped", 4),
        ("b", "paid", 4),
        ("a", "delivered", 9),
    ] {
        check.feed(case, state, Some(Timestamp::from_micros(at)));
    }
    let report = check.finish();
    assert_eq!((report.equal_times, report.backward_times, report.violations.total()), (1, 1, 0));
}

#[test]
fn every_edge_is_counted_also_one_that_was_never_taken() {
    let report = by_state(&order(), "pending paid shipped");
    let counts: Vec<_> = report.edges.iter().map(|edge| (edge.to_string(), edge.count)).collect();
    let expected = [
        ("[*] -> pending", 1),
        ("pending -> paid : pay [guarded]", 1),
        ("paid -> shipped : ship", 1),
        ("pending -> cancelled : cancel", 0),
        ("paid -> cancelled : cancel", 0),
        ("shipped -> delivered : deliver", 0),
    ];
    assert_eq!(counts, expected.map(|(edge, count)| (edge.to_owned(), count)));
}

#[test]
fn the_first_transition_is_counted_with_its_edge() {
    let report = by_transition(&order(), "pay ship");
    assert_eq!(report.edges[0].to_string(), "pending -> paid : pay [guarded]");
    assert_eq!(report.edges[0].count, 1);
}

#[test]
fn only_so_many_violations_are_shown_and_all_are_counted() {
    let steps = "pending ".to_owned() + &["delivered"; 50].join(" ");
    let report = by_state(&order(), &steps);
    assert_eq!((report.first.len(), report.violations.total()), (20, 50));
    let events: Vec<_> = steps.split(' ').map(|state| ("c", state)).collect();
    assert_eq!(run(Conformance::new(&order()).limit(2), &events).first.len(), 2);
    let none = run(Conformance::new(&order()).limit(0), &events);
    assert_eq!((none.first.len(), none.violations.total()), (0, 50));
    let counted: u64 = none.breaches.iter().map(|row| row.count).sum();
    assert_eq!(counted, 50);
}

#[test]
fn a_state_is_known_by_its_stored_name_its_aliases_and_what_the_log_calls_it() {
    let mut machine = order();
    let shipped = StateNode { aliases: vec!["sent".into()].into(), ..machine.states[2].clone() };
    machine.states.to_mut()[2] = shipped;
    let check = Conformance::new(&machine).rename("OPEN", "pending").rename("settled", "paid");
    assert!(check.knows("sent") && check.knows("OPEN") && !check.knows("Shipped"));
    let report = run(check, &[("c", "OPEN"), ("c", "settled"), ("c", "sent"), ("c", "Shipped")]);
    assert_eq!(breaches(&report), [(4, unknown("Shipped"))]);
}

#[test]
fn two_names_can_be_exchanged() {
    let check = Conformance::new(&order()).rename("paid", "pending").rename("pending", "paid").by_state();
    assert!(run(check, &[("c", "paid"), ("c", "pending"), ("c", "shipped")]).conforms());
}

#[test]
fn a_case_that_was_ended_may_begin_again() {
    let mut check = Conformance::new(&order());
    check.feed("c", "pending", None);
    check.end_case("c");
    check.feed("c", "pending", None);
    check.feed("c", "cancelled", None);
    check.end_case("c");
    check.end_case("never seen");
    let report = check.finish();
    assert_eq!((report.cases, report.unfinished, report.violations.total()), (2, 1, 0));
}

#[test]
fn a_report_reads_as_a_table_and_as_json() {
    let report = by_state(&order(), "pending shipped mislaid");
    let table = report.to_string();
    assert!(table.starts_with("Order by state: 3 events, 1 cases, 2 violations\n"), "{table}");
    assert!(table.contains("\n         1  illegal: pending -> shipped\n"), "{table}");
    let json = serde_json::to_value(&report).unwrap();
    assert_eq!(json["violations"]["illegal"], 1);
    assert_eq!(json["first"][0]["kind"], "illegal");
    assert_eq!(json["first"][0]["from"], "pending");
    assert_eq!(json["breaches"][0]["count"], 1);
}

#[test]
fn a_name_from_the_log_cannot_steer_the_terminal() {
    let report = run(Conformance::new(&order()), &[("\u{1b}[2J", "\u{7}\nx")]);
    let table = report.to_string();
    assert!(!table.contains('\u{1b}') && !table.contains('\u{7}'), "{table:?}");
}
