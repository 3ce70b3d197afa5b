//! Slips, names and calls that the rules see, and those that they leave alone.

use crate::{
    state_machine::StateMachine,
    testing::{errors, expand},
};

const OPTIONS: &str = "states = OrderStatus, field = status";

/// Calls on the machine.
const SEEN: &[&str] = &[
    "self.note();",
    "self.note::<u8>();",
    "(*self).note();",
    "(&mut *self).note();",
    "if due { return (*self).note(); }",
    "Self::note(self);",
    "Self::note(&mut *self, 1);",
    "let done = Self::note::<Vec<u8>>(self);",
    "Order::note(self);",
    "Order::<T>::note(self);",
    "crate::Order::note(self);",
    "<Self>::note(self);",
    "self.r#note();",
];

/// Calls on something else.
const OTHERS: &[&str] = &[
    "other.note();",
    "self.journal.note();",
    "Self::note(&mut other);",
    "Self::note(&mut self.next);",
    "Journal::note(self);",
    "Journal::<T>::note(self);",
    "<Self as Journal>::note(self);",
    "next(self).note();",
    "next::<T>(self).note();",
    "note(self);",
    "let note = self.note;",
    "self.notes();",
    "impl Note { fn all(&mut self) { self.note() } }",
];

#[test]
fn a_state_is_the_same_with_and_without_the_mark_of_a_raw_word() {
    let written = |raw: &str| {
        let item = format!(
            "impl Order {{
                #[transition(Pending => {raw}Paid)] fn pay(&mut self) {{ self.total += 1; }}
                #[transition({raw}Paid => Pending)] #[transition(Paid2 => Pending)] fn back(&mut self) {{}}
                #[on_enter({raw}Paid)] fn told(&self, transition: &Transition<OrderStatus>) {{}}
                #[on_exit(Paid)] fn left(&self, transition: &Transition<OrderStatus>) {{}}
            }}"
        );
        assert_eq!(errors::<StateMachine>(OPTIONS, &item), Vec::<String>::new());
        expand::<StateMachine>("states = OrderStatus, field = status, typestate", &item).replace("r#", "")
    };
    assert_eq!(written("r#"), written(""));
}

#[test]
fn a_call_on_the_machine_is_seen_in_every_spelling() {
    let said = |body: &str| {
        let item = format!(
            "impl Order<T> {{
                #[transition(New => Old)] fn age(&mut self, other: Order<T>) {{ {body} }}
                #[transition(_ => _)] fn note(&mut self) {{}}
            }}"
        );
        errors::<StateMachine>(OPTIONS, &item)
    };
    for body in SEEN {
        let errors = said(body);
        assert_eq!(errors.len(), 1, "{body}: {errors:?}");
        assert!(errors[0].starts_with("the body of `age` calls the transition `note` [BW0227]"), "{errors:?}");
    }
    for body in OTHERS {
        assert_eq!(said(body), Vec::<String>::new(), "{body}");
    }
}

#[test]
fn what_cannot_be_refused_has_no_section_of_errors() {
    let item = "impl Order { #[transition(New => Old)] fn age(&mut self) {} #[transition(Old => New)]
        fn back(&mut self) -> Result<(), Error> { Ok(()) } }";
    let text = expand::<StateMachine>("states = OrderStatus, field = status, typestate", item);
    let method = |name: &str| {
        let (before, _) = text.rsplit_once(&format!("fn {name}(")).unwrap();
        before.rsplit_once("[`").unwrap().1.to_owned()
    };
    assert!(!method("age").contains("# Errors"), "{}", method("age"));
    assert!(method("back").contains("# Errors"), "{}", method("back"));
}

#[test]
fn a_name_that_cfg_may_remove_is_not_taken() {
    let said = |options: &str, methods: &str| {
        let item = format!("impl Order {{ #[transition(New => Old)] fn age(&mut self) -> u8 {{ 1 }} {methods} }}");
        errors::<StateMachine>(&format!("{OPTIONS}, {options}"), &item).len()
    };
    assert_eq!(said("trigger", "fn trigger(&self) {}"), 1);
    assert_eq!(said("trigger, name = main", "fn trigger(&self) {}"), 0);
    assert_eq!(said("trigger, name = main", "fn main_trigger(&self) {}"), 1);
    for (methods, faults) in [
        ("fn check_age(&self) {}", 2),
        ("#[cfg(test)] fn check_age(&self) {}", 0),
        ("fn check_ages(&self) {}", 0),
        ("fn typed(&self) {}", 0),
        ("fn get(&self) {}", 0),
        ("#[transition(Old => New)] fn get(&mut self) {}", 0),
        ("#[transition(Old => New)] fn age_returning(&mut self) {}", 0),
    ] {
        assert_eq!(said("", methods), faults, "{methods}");
    }
}

/// What is said of an attribute above a method.
fn said_of(attribute: &str) -> Vec<String> {
    let item = format!(
        "impl Order {{ #[transition(New => Old)] fn age(&mut self) {{}}
         #[{attribute}] fn told(&self, transition: &Transition<OrderStatus>) {{ #[on_entr] let a = 1; }} }}"
    );
    errors::<StateMachine>(OPTIONS, &item)
}

#[test]
fn a_slip_of_one_letter_is_taken_for_a_role() {
    for (attribute, meant) in
        [("on_entr(Old)", "on_enter"), ("on_exti(New)", "on_exit"), ("on_transitions", "on_transition")]
    {
        let errors = said_of(attribute);
        let word = attribute.split('(').next().unwrap();
        assert_eq!(errors.len(), 1, "{errors:?}");
        let begin = format!("unknown role `{word}`; did you mean `{meant}`? [BW0203]");
        assert!(errors[0].starts_with(&begin), "{errors:?}");
    }
}

#[test]
fn what_is_further_away_or_reads_like_no_role_is_left_alone() {
    for other in [
        "transaction",
        "enter",
        "others::on_entr(Old)",
        "instrument",
        "transitions",
        "transitions(status)",
        "on_entry = 1",
        "on_exist(path = \"x\")",
        "on_transitions(skip)",
        "seasons",
    ] {
        assert_eq!(said_of(other), Vec::<String>::new(), "{other}");
    }
}

#[test]
fn a_second_transition_in_one_role_is_no_unknown_option() {
    let said = |role: &str| {
        let item = format!("impl Order {{ #[transition({role})] fn age(&mut self) {{}} }}");
        errors::<StateMachine>(OPTIONS, &item)
    };
    for role in ["New => Old, Old => New", "New => Old, Old | New => New", "New => Old, Old if late => New"] {
        let errors = said(role);
        assert_eq!(errors.len(), 1, "{errors:?}");
        assert!(errors[0].starts_with("one `#[transition]` has one transition [BW0207]"), "{errors:?}");
    }
    assert!(said("New => Old, falible")[0].starts_with("unknown `#[transition]` option `falible`; did you mean"));
}
