//! Expansions, reviewed as code; and what survives.

use super::StateMachine;
use crate::testing::{
    errors, expand, is_idempotent, is_the_same_in_another_process, page_has_options, survives_deletions,
};

const OPTIONS: &str = "states = OrderStatus, field = status";

const SMALLEST: &str = "impl Order { #[transition(Pending => Paid)] fn pay(&mut self) {} }";

const EVERY_OPTION: &str = "states = OrderStatus, field = status, name = main, version = version, audit, emit, log = log, \
                            error = OrderError, trigger, typestate, crate = ::bw";

const ORDER: &str = r#"
    impl Order {
        /// The customer pays
        /// the order.
        ///
        /// In full.
        #[inline(never)]
        #[must_use = "it has a receipt"]
        #[transition(Pending if covers_total => Paid)]
        pub fn pay(&mut self, payment: &Payment, mut note: String) -> Result<Receipt, PayError> { todo!() }
        #[transition(Paid if in_stock && (!blocked || urgent) => Shipped, no_trigger)]
        pub(crate) async fn ship<C: Carrier>(&mut self, carrier: &mut C) -> Answer<Label> where C: Send { todo!() }
        #[cfg(feature = "cancel")]
        #[transition(Pending | Paid => Cancelled)]
        #[transition(Shipped if !blocked => _, fallible)]
        fn cancel(&mut self, #[reason] reason: Option<&str>) -> Outcome { todo!() }
        #[bailiwick::roles::transition(_ => _)]
        fn annotate(&mut self) {}
        fn covers_total(&self, payment: &Payment, note: &String) -> bool { true }
        fn in_stock(&self) -> Result<(), Missing> { Ok(()) }
        fn blocked(&self) -> bool { false }
        fn urgent(&self) -> bool { false }
        #[on_enter(Paid | Cancelled)] fn told(&self, transition: &Transition<OrderStatus>) {}
        #[on_exit(Pending)] fn left(&mut self, transition: &Transition<OrderStatus>) {}
        #[cfg(feature = "trace")] #[on_transition] fn trace(&self, transition: &Transition<OrderStatus>) {}
    }
"#;

#[test]
fn smallest() {
    insta::assert_snapshot!(expand::<StateMachine>(OPTIONS, SMALLEST));
}

#[test]
fn whole() {
    insta::assert_snapshot!(expand::<StateMachine>(EVERY_OPTION, ORDER));
}

#[test]
fn waits() {
    let item = "impl Order {
        #[transition(Pending => Paid)] async fn pay(&mut self, cents: i64) -> Result<(), Error> { Ok(()) }
        #[on_enter(Paid)] async fn paid(&mut self, transition: &Transition<'_, OrderStatus>) {}
    }";
    insta::assert_snapshot!(expand::<StateMachine>("states = OrderStatus, field = status, log = log", item));
}

#[test]
fn generics() {
    let item = "impl<'a, T: Clone, const N: usize> Order<'a, T, N> where T: Send {
        #[transition(Pending => Paid)] pub fn pay(&mut self, of: T) -> [T; N] { todo!() }
    }";
    insta::assert_snapshot!(expand::<StateMachine>("states = OrderStatus, field = status, typestate", item));
}

#[test]
fn moves_on() {
    let item = "impl Order {
        #[transition(Pending => Paid)] fn pay(&mut self) {}
        #[transition(Paid => Shipped)] fn ship(&mut self) {}
        #[on_enter(Paid)] fn paid(&mut self, transition: &Transition<'_, OrderStatus>) { let _ = self.ship(); }
    }";
    insta::assert_snapshot!(expand::<StateMachine>("states = OrderStatus, field = status, typestate", item));
}

#[test]
fn faulty() {
    let item = "impl Order {
        #[transition(Pending if cover => Paid)] pub fn pay(&mut self, cents: i64) -> impl Iterator<Item = u8> { [].into_iter() }
        #[transition(Paid => Shipped | Lost)] fn ship(&self) {}
        fn covers(&self) -> bool { true }
    }";
    insta::assert_snapshot!(expand::<StateMachine>("stats = OrderStatus, field = status", item));
}

#[test]
fn half_typed() {
    insta::assert_snapshot!(expand::<StateMachine>(
        OPTIONS,
        "impl Order { #[transition(Pending => Paid)] fn pay(&mut self) { self. } }"
    ));
}

#[test]
fn unparsable() {
    insta::assert_snapshot!(expand::<StateMachine>(
        OPTIONS,
        "impl Order { #[transition(Pending => Paid)] fn fn pay(&mut self) {} fn b(#[reason] c: u8) {} }"
    ));
}

#[test]
fn every_token_may_be_missing() {
    survives_deletions::<StateMachine>(EVERY_OPTION, ORDER);
}

#[test]
fn the_same_tokens_give_the_same_output() {
    is_idempotent::<StateMachine>(EVERY_OPTION, ORDER);
    let text = expand::<StateMachine>(EVERY_OPTION, ORDER);
    is_the_same_in_another_process("state_machine::tests::the_same_tokens_give_the_same_output", &text);
}

#[test]
fn a_sound_block_has_no_errors() {
    assert_eq!(errors::<StateMachine>(EVERY_OPTION, ORDER), Vec::<String>::new());
}

#[test]
fn the_page_lists_the_options() {
    page_has_options(include_str!("../docs/state_machine.md"), &[&super::args::GRAMMAR]);
}

#[test]
fn a_guard_is_not_missing_beside_a_method_that_could_not_be_read() {
    let item = "impl Order {
        #[transition(New if due => Old)] fn a(&mut self) {}
        fn b(&mut self) fn due(&self) -> bool { true }
    }";
    assert_eq!(errors::<StateMachine>(OPTIONS, item).len(), 1);
}

#[test]
fn the_methods_of_the_block_are_counted() {
    let said = |methods: &str| {
        let item = format!("impl Order {{ #[transition(New if due => Old)] fn a(&mut self) {{}} {methods} }}");
        errors::<StateMachine>(OPTIONS, &item).join("\n")
    };
    assert!(said("fn priced(&self) -> bool { true }").contains("; there is `priced`"));
    assert!(said("fn priced(&self) -> bool { true } fn b(&self) {}").contains("; there are `priced`, `b`"));
}

#[test]
fn guards_are_written_as_they_bind() {
    let texts = |guard: &str| {
        let item =
            format!("impl Order {{ #[transition(New if {guard} => Old)] fn a(&mut self) {{}} fn a1(&self) {{}} }}");
        let text = expand::<StateMachine>(OPTIONS, &item.replace("fn a1", "fn z"));
        text.contains(guard)
    };
    assert!(texts("a || b && !c"));
    assert!(texts("(a || b) && !(c && d)"));
}

#[test]
fn what_is_reserved_is_refused_as_such() {
    for (role, form) in [
        ("New => history(Old)", "`history(…)` is reserved"),
        ("New => OrderStatus::Old", "`OrderStatus::Old` is reserved"),
        ("New => Old, priority = 1", "the option `priority` is reserved"),
    ] {
        let item = format!("impl Order {{ #[transition({role})] fn a(&mut self) {{}} }}");
        let errors = errors::<StateMachine>(OPTIONS, &item);
        assert!(errors.len() == 1 && errors[0].starts_with(form), "{errors:?}");
    }
}

#[test]
fn what_earlier_guards_leave_nothing_to_is_never_taken() {
    for (before, later, idle) in [
        (&["Paid if a"][..], "Paid if a", true),
        (&["Paid if a", "Paid if !a"], "Paid", true),
        (&["Paid if a || b"], "Paid if b && c", true),
        (&["Paid if a"], "Paid if b", false),
        (&["Paid if a && b"], "Paid if a", false),
        (&["New if a"], "Paid if a", false),
        (&["Paid if a && !a"], "Paid if b", false),
    ] {
        let roles = before.iter().chain([&later]).map(|role| format!("#[transition({role} => Old)]"));
        let guards = "fn a(&self) -> bool { true } fn b(&self) -> bool { true } fn c(&self) -> bool { true }";
        let item = format!("impl Order {{ {} fn go(&mut self) {{}} {guards} }}", roles.collect::<String>());
        let errors = errors::<StateMachine>(OPTIONS, &item);
        assert_eq!(errors.iter().any(|error| error.starts_with("`go` never takes")), idle, "{item}: {errors:?}");
        assert!(idle || errors.len() <= 1, "{errors:?}");
    }
}

#[test]
fn a_state_called_like_a_word_of_mermaid_is_declared() {
    let item =
        "impl Order { #[transition(_ => End)] fn stop(&mut self) {} #[transition(End => Note)] fn a(&mut self) {} }";
    let text = expand::<StateMachine>(OPTIONS, item);
    let drawn = r#"    state "End" as End_
    state "Note" as Note_
    any --> End_ : stop
    End_ --> Note_ : a
"#;
    let said = text.replace("\\n", "\n").replace("\\\"", "\"").replace("\n    ///", "\n").replace("\n///", "\n");
    assert!(said.contains(drawn), "{said}");
}
