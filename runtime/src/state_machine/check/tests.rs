//! Every check, and a large machine while this file compiles.

use super::{
    ambiguous, dead_end,
    glance::{key, sound_as_seen},
    hook_state, leaves_terminal,
    names::STATES,
    text::Text,
    typestate_unnamed, unreachable_state,
};
use crate::state_machine::{
    Edge, StateNode,
    samples::{edges, node, states},
};

type Check = fn(&[StateNode], &[Edge], &str) -> Option<Text>;

const CHECKS: [Check; 4] = [unreachable_state, dead_end, leaves_terminal, ambiguous];

/// What each check that speaks says first.
fn said(nodes: &'static str, rules: &'static str) -> Vec<String> {
    firsts(&CHECKS, nodes, rules)
}

fn firsts(checks: &[Check], nodes: &'static str, rules: &'static str) -> Vec<String> {
    let (states, edges) = (states(nodes), edges(rules));
    let texts = checks.iter().filter_map(|check| check(&states, &edges, "BW0000"));
    texts.map(|text| text.as_str().lines().next().unwrap().to_owned()).collect()
}

const GOOD: &str =
    "pay Pending if covers => Paid\nship Paid => Shipped\ncancel Pending | Paid => Cancelled\nnote _ => _";

#[test]
fn a_sound_machine_is_not_mentioned() {
    assert_eq!(said("Pending:i Paid Shipped:t Cancelled:t", GOOD), [""; 0]);
}

#[test]
fn an_unknown_name_is_left_to_the_compiler() {
    assert_eq!(said("A:i B C", "go A => Z"), [""; 0]);
    assert_eq!(said("A:i B C", "go Z => B"), [""; 0]);
    assert_eq!(said("A:i B C", "go A => _x"), [""; 0]);
}

#[test]
fn a_hook_runs_for_the_states_that_are_entered_or_left() {
    let hook = |state: &str, enters, rules| {
        let text = hook_state(&states("A:i B C:t"), &edges(rules), (state, enters), "BW0000");
        text.map(|text| text.as_str().lines().take(2).collect::<Vec<_>>().join(""))
    };
    let entered = "no transition enters `A` [BW0000]= help: transitions enter `B`, `C`";
    assert_eq!(hook("A", true, "go A => B\nend B => C\nnote A => _").as_deref(), Some(entered));
    let left = "no transition leaves `C` [BW0000]= help: transitions leave `A`, `B`";
    assert_eq!(hook("C", false, "go A => B\nend _ => C").as_deref(), Some(left));
    assert_eq!(hook("B", false, "go A => B\nend _ => C"), None);
    assert_eq!((hook("A", true, "go A => Z"), hook("Z", true, "go A => B")), (None, None));
}

#[test]
fn unreachable_states_are_named_together() {
    let text = "`C`, `D` cannot be reached from `A` [BW0000]";
    assert_eq!(said("A:i B:t C D:t", "go A => B\non C => D"), [text]);
    assert_eq!(said("A:i B:t C:e D:t", "go A => B\non C => D"), [""; 0]);
}

#[test]
fn a_chain_written_backwards_is_reached() {
    assert_eq!(said("A:i B C D:t", "z C => D\ny B => C\nx A => B"), [""; 0]);
}

#[test]
fn from_any_state_means_from_each_that_is_reached_and_not_terminal() {
    assert_eq!(said("A:i B:t C:t", "go A => B\non A | _ => C"), [""; 0]);
    let text = "`C` cannot be reached from `A` [BW0000]";
    assert_eq!(said("A:i B:t C:t", "go A => B\non B => _"), [text]);
}

#[test]
fn a_state_without_a_way_out_is_a_dead_end() {
    let text = "no transition leaves `B`; only a terminal state may have none [BW0000]";
    assert_eq!(said("A:i B", "go A => B\nnote B => _"), [text]);
    assert_eq!(said("A:i B", "go A => B\nagain B => B"), [""; 0]);
}

#[test]
fn a_terminal_state_is_not_left() {
    let text = "`undo` leaves the terminal `B` [BW0000]";
    assert_eq!(said("A:i B:t", "go A => B\nundo B => A"), [text]);
    assert_eq!(said("A:i B:t", "go A => B\nundo _ | B => A"), [text]);
    assert_eq!(said("A:i B:t", "go A => B\nagain B => B"), ["`again` leaves the terminal `B` [BW0000]"]);
    assert_eq!(said("A:i B:t", "go A => B\nnote _ | B => _"), [""; 0]);
}

#[test]
fn a_transition_that_is_never_taken_is_ambiguous() {
    let text = "`go` never takes `A if g => C` from `A`: `A => B` comes before it and has no guard [BW0000]";
    assert_eq!(said("A:i B:t C:t", "go A => B\ngo A if g => C\non A => C"), [text]);
    let text = "`go` never takes `B | A => D` from `B`: `_ => C` comes before it and has no guard [BW0000]";
    assert_eq!(said("A:i B C:t D:t", "to A => B\nby B => D\ngo _ => C\ngo B | A => D"), [text]);
}

#[test]
fn any_state_may_come_last() {
    assert_eq!(said("A:i B C:t", "to A => B\nto _ => C"), [""; 0]);
    assert_eq!(said("A:i B C:t", "to A if g => B\nto A => C\nby B => C"), [""; 0]);
    let text = "`to` never takes `_ => A` from `_`: `A => B` comes before it and has no guard [BW0000]";
    assert_eq!(said("A:i B C:t", "to A => B\nto B => C\nto _ => A"), [text]);
}

#[test]
fn the_same_states_in_two_methods_are_no_matter() {
    assert_eq!(said("A:i B:t C:t", "to A => B\nby A => C"), [""; 0]);
}

#[test]
fn typestate_needs_names() {
    let text = "no transition names `C`, and `typestate` knows only what is named [BW0000]";
    assert_eq!(firsts(&[typestate_unnamed], "A:i B:t C:e", "go _ => B\nby A => B"), [text]);
    assert_eq!(firsts(&[typestate_unnamed], "A:i B:t C", "go A => B"), [""; 0], "unreachable is said elsewhere");
    let text = "only `_` leaves `B`, and `typestate` knows only what is named [BW0000]";
    assert_eq!(firsts(&[typestate_unnamed], "A:i B C:t", "go A => B\nby _ => C"), [text]);
    let staying = "go A => B\nnote B => _\nby _ => C";
    assert_eq!(firsts(&[typestate_unnamed], "A:i B C:t", staying), [text], "a terminal state may stay, too");
}

#[test]
fn the_edge_is_told() {
    let (states, edges) = (states("A:i B:t"), edges("go A => B\nundo B => A"));
    assert_eq!(leaves_terminal(&states, &edges, "BW").unwrap().edge(), 1);
}

#[test]
fn the_help_names_remedy_and_page() {
    let (states, edges) = (states("A:i B:t"), edges("go A => B\nundo B => A"));
    let text = leaves_terminal(&states, &edges, "BW2062").unwrap();
    let expected = [
        "`undo` leaves the terminal `B` [BW2062]",
        "= help: remove it from the sources, or `terminal` from the variant",
        "= help: see the section `leaves_terminal` in the documentation of `#[state_machine]`",
    ];
    assert_eq!(text.as_str(), expected.join("\n"));
}

#[test]
fn a_long_text_ends_in_dots_between_two_letters() {
    for shift in 0..4 {
        let text = Text::new().add(&"x".repeat(shift)).add(&"é€".repeat(200)).add("more");
        assert!(text.as_str().ends_with('…') && !text.as_str().contains("more"), "{}", text.as_str());
        assert!((508..=512).contains(&text.as_str().len()), "{}", text.as_str().len());
    }
    let exact = "x".repeat(512);
    assert_eq!(Text::new().add(&exact).as_str(), exact);
    assert_eq!(Text::new().add(&exact).add("x").as_str().len(), 512);
}

#[test]
fn too_many_states_are_the_derives_matter() {
    let many: Vec<StateNode> = (0..=STATES).map(|at| StateNode { initial: at == 0, ..node("Same", "") }).collect();
    assert!(CHECKS.iter().all(|check| check(&many, &[], "").is_none()));
    assert!(unreachable_state(&many[..STATES], &[], "").is_some());
}

mod large {
    //! 64 states and 512 transitions: the lint `long_running_const_eval` is an error, so this module compiles only if they
    //! are checked quickly.

    use std::borrow::Cow;

    use super::{ambiguous, dead_end, leaves_terminal, typestate_unnamed, unreachable_state};
    use crate::state_machine::{
        Edge, StateNode,
        samples::{edge, node},
    };

    macro_rules! grid {
        ($item:ident $rows:tt) => { grid!(@rows $item $rows $rows) };
        (@rows $item:ident [$($row:ident)*] $columns:tt) => { &[$(grid!(@row $item $row $columns)),*] };
        (@row $item:ident $row:ident [$($column:ident)*]) => { [$($item!($row $column)),*] };
    }

    macro_rules! name {
        ($row:ident $column:ident) => {
            concat!(stringify!($row), "AwaitsConfirmationBy", stringify!($column))
        };
    }

    macro_rules! state {
        ($row:ident $column:ident) => { node(name!($row $column), "i") };
    }

    // Each leads to the eight of a row, through two sources and a guard.
    macro_rules! fan {
        ($row:ident $column:ident) => {
            [
                edge("confirm", &[Cow::Borrowed(name!($row $column)), Cow::Borrowed(name!(H $column))], Some("g"), Some(name!($column A))),
                edge("confirm", &[Cow::Borrowed(name!($row $column)), Cow::Borrowed(name!(H $column))], Some("g"), Some(name!($column B))),
                edge("confirm", &[Cow::Borrowed(name!($row $column)), Cow::Borrowed(name!(H $column))], Some("g"), Some(name!($column C))),
                edge("confirm", &[Cow::Borrowed(name!($row $column)), Cow::Borrowed("_")], Some("g"), Some(name!($column D))),
                edge("confirm", &[Cow::Borrowed(name!($row $column)), Cow::Borrowed("_")], Some("g"), Some(name!($column E))),
                edge("confirm", &[Cow::Borrowed(name!($row $column)), Cow::Borrowed("_")], Some("g"), Some(name!($column F))),
                edge("confirm", &[Cow::Borrowed(name!($row $column)), Cow::Borrowed("_")], Some("g"), Some(name!($column G))),
                edge("confirm", &[Cow::Borrowed(name!($row $column)), Cow::Borrowed("_")], Some("g"), Some(name!($column H))),
            ]
        };
    }

    const ROWS: &[[StateNode; 8]; 8] = grid!(state [A B C D E F G H]);
    const FANS: &[[[Edge; 8]; 8]; 8] = grid!(fan [A B C D E F G H]);
    const STATES: &[StateNode] = ROWS.as_flattened();
    const EDGES: &[Edge] = FANS.as_flattened().as_flattened();

    const _: () = assert!(unreachable_state(STATES, EDGES, "").is_none());
    const _: () = assert!(dead_end(STATES, EDGES, "").is_none());
    const _: () = assert!(leaves_terminal(STATES, EDGES, "").is_none());
    const _: () = assert!(ambiguous(STATES, EDGES, "").is_none());
    const _: () = assert!(typestate_unnamed(STATES, EDGES, "").is_none());
    const _: () = assert!(super::super::sound(STATES, EDGES));

    #[test]
    fn it_is_large() {
        assert_eq!((STATES.len(), EDGES.len()), (64, 512));
    }
}

/// Graphs by chance: of what a glance takes to be sound, no check says a word.
#[test]
fn what_is_sound_at_first_sight_is_sound() {
    let (mut word, mut silent, mut sound) = (0x2545_f491_4f6c_dd1d_u64, 0, 0);
    for _ in 0..20_000 {
        let (nodes, rules) = by_chance(&mut word);
        let (states, edges) = (states(nodes.clone().leak()), edges(rules.clone().leak()));
        let mut checks = CHECKS.iter().chain([&(typestate_unnamed as Check)]);
        let none = checks.all(|check| check(&states, &edges, "").is_none());
        let seen = super::sound(&states, &edges);
        assert!(none || !seen, "{nodes}\n{rules}");
        silent += usize::from(none);
        sound += usize::from(seen);
    }
    assert!(sound * 2 > silent, "it sees no more than {sound} of {silent} as sound");
}

fn by_chance(word: &mut u64) -> (String, String) {
    let mut below = |bound: u64| {
        *word ^= *word << 13;
        *word ^= *word >> 7;
        *word ^= *word << 17;
        (*word >> 20) % bound
    };
    let count = 2 + below(4);
    let marks = [":i", "", "", ":t", ":e"];
    let node = |at: u64, mark: u64| format!("S{at}{}", if at == 0 { ":i" } else { marks[mark as usize] });
    let nodes: Vec<String> = (0..count).map(|at| node(at, below(5))).collect();
    let mut rule = || {
        let (one, other, to) = (below(count), below(count), below(count));
        let from = [format!("S{one}"), "_".into(), format!("S{one} | S{other}")][below(3) as usize].clone();
        let to = [format!("S{to}"), format!("S{to}"), "_".into()][below(3) as usize].clone();
        format!("m{} {from}{} => {to}", below(2), ["", " if open"][below(2) as usize])
    };
    let mut rules: Vec<String> = (0..5).map(|_| rule()).collect();
    rules.sort();
    (nodes.join(" "), rules.join("\n"))
}

#[test]
fn what_a_macro_saw_must_fit_the_states() {
    // `A` leads to `B`, and `B` to `C`, which no way leaves: itself and what is reached, whether it is left, the key.
    let word = |name: &str, left: u64, reached: u64| u64::from(key(name)) << 32 | left << 31 | reached;
    let seen = [word("A", 1, 0b111), word("B", 1, 0b110), word("C", 0, 0b100)];
    let fits = |nodes: &'static str| sound_as_seen(&states(nodes), &seen);
    for nodes in ["A:i B C:t", "C:t B A:i", "A:i B:e C:t"] {
        assert!(fits(nodes), "{nodes}");
    }
    for nodes in
        ["A:i B C", "A:i B:t C:t", "A B:i C:t", "A B C:t", "A:i B", "A:i B C:t D:t", "A:i B D:t", "A:i A:i C:t"]
    {
        assert!(!fits(nodes), "{nodes}");
    }
    assert!(!sound_as_seen(&states("A:i B C:t"), &[]));
}
