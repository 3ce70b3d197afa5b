//! A body that changes the state itself, in whichever words, is found out, and the state is set back.

use bailiwick::{State, Transition, TransitionError, state_machine, state_machine::TransitionLog};

#[derive(State, Debug, Clone, Copy, PartialEq, Eq)]
enum Step {
    #[state(initial)]
    First,
    Second,
    #[state(terminal)]
    Last,
}

#[derive(Debug)]
struct Part {
    step: Step,
}

#[derive(Debug)]
struct Walk {
    step: Step,
    count: u8,
    part: Part,
    log: TransitionLog,
}

macro_rules! end {
    ($walk:expr) => {
        $walk.step = Step::Last
    };
}

macro_rules! assign {
    ($walk:ident.$field:ident = $value:expr) => {
        $walk.$field = $value
    };
}

fn end(walk: &mut Walk) {
    walk.step = Step::Last;
}

impl Walk {
    fn at(step: Step) -> Self {
        Self { step, count: 0, part: Part { step: Step::First }, log: TransitionLog::new() }
    }

    fn end(&mut self) {
        self.step = Step::Last;
    }

    fn end_as<T: Default + Into<u8>>(&mut self) {
        self.count = T::default().into();
        self.step = Step::Last;
    }
}

#[rustfmt::skip]
#[state_machine(states = Step, field = step, log = log)]
impl Walk {
    #[transition(First => Second)] fn by_field(&mut self) { self.step = Step::Last; }
    #[transition(First => Second)] fn by_raw_field(&mut self) { self.r#step = Step::Last; }
    #[transition(First => Second)] fn by_macro(&mut self) { end!(self); }
    #[transition(First => Second)] fn by_macro_of_tokens(&mut self) { assign!(self.step = Step::Last); }
    #[transition(First => Second)] fn by_star(&mut self) { *self = Self::at(Step::Last); }
    #[transition(First => Second)] fn by_replace(&mut self) { drop(std::mem::replace(self, Self::at(Step::Last))); }
    #[transition(First => Second)] fn by_helper(&mut self) { self.end(); }
    #[transition(First => Second)] fn by_path(&mut self) { Self::end(self); }
    #[transition(First => Second)] fn by_turbofish(&mut self) { self.end_as::<u8>(); }
    #[transition(First => Second)] fn by_function(&mut self) { end(self); }
    #[transition(First => Second)] fn by_name(&mut self) { let this = self; this.step = Step::Last; }
    #[transition(First => Second)] fn by_reborrow(&mut self) { let this = &mut *self; this.step = Step::Last; }
    #[transition(First => Second)] fn by_pattern(&mut self) { let Self { step, .. } = self; *step = Step::Last; }
    #[transition(First => Second)] fn by_closure(&mut self) { let mut end = || self.step = Step::Last; end(); }
    #[transition(First => Second)] fn by_reference(&mut self) { let step = &mut self.step; *step = Step::Last; }
    #[allow(unused_parens, reason = "the point of the case")]
    #[transition(First => Second)] fn by_parentheses(&mut self) { (self).step = Step::Last; }
    #[transition(First => Second)] fn of_a_part(&mut self) { self.part.step = Step::Last; self.count += 1; }
    #[transition(Second => Last)] fn finish(&mut self) {}
}

type Act = fn(&mut Walk) -> Result<(), TransitionError>;

const ALL: [(&str, Act); 16] = [
    ("by_field", Walk::by_field),
    ("by_raw_field", Walk::by_raw_field),
    ("by_macro", Walk::by_macro),
    ("by_macro_of_tokens", Walk::by_macro_of_tokens),
    ("by_star", Walk::by_star),
    ("by_replace", Walk::by_replace),
    ("by_helper", Walk::by_helper),
    ("by_path", Walk::by_path),
    ("by_turbofish", Walk::by_turbofish),
    ("by_function", Walk::by_function),
    ("by_name", Walk::by_name),
    ("by_reborrow", Walk::by_reborrow),
    ("by_pattern", Walk::by_pattern),
    ("by_closure", Walk::by_closure),
    ("by_reference", Walk::by_reference),
    ("by_parentheses", Walk::by_parentheses),
];

#[test]
fn whatever_words_change_the_state() {
    for (name, act) in ALL {
        let mut walk = Walk::at(Step::First);
        let answer = act(&mut walk);
        assert!(matches!(answer, Err(TransitionError::Moved(_))), "{name}: {answer:?}");
        assert_eq!((walk.step, walk.log.len()), (Step::First, 0), "{name}");
    }
}

#[test]
fn a_field_of_the_same_name_elsewhere_is_another() {
    let mut walk = Walk::at(Step::First);
    assert!(walk.of_a_part().is_ok() && walk.finish().is_ok());
    assert_eq!((walk.step, walk.part.step, walk.count, walk.log.len()), (Step::Last, Step::Last, 1, 2));
}

/// The state lies behind a `Deref`.
#[derive(Debug)]
struct Guest {
    inner: Box<Part>,
    told: bool,
}

impl std::ops::Deref for Guest {
    type Target = Part;

    fn deref(&self) -> &Part {
        &self.inner
    }
}

impl std::ops::DerefMut for Guest {
    fn deref_mut(&mut self) -> &mut Part {
        &mut self.inner
    }
}

#[state_machine(states = Step, field = step)]
impl Guest {
    #[transition(First => Second)]
    fn by_inner_field(&mut self) -> u8 {
        self.inner.step = Step::Last;
        1
    }

    #[transition(First | Second => Last)]
    fn leave(&mut self) {}

    #[on_enter(Last)]
    fn told(&mut self, _: &Transition<'_, Step>) {
        if self.told {
            self.inner.step = Step::First;
        }
    }
}

#[test]
fn what_a_later_hook_or_a_way_around_the_field_writes_is_not_found_out() {
    let mut guest = Guest { inner: Box::new(Part { step: Step::First }), told: true };
    assert_eq!(guest.by_inner_field().unwrap(), 1);
    assert_eq!(guest.step, Step::Second);
    guest.leave().unwrap();
    assert_eq!(guest.step, Step::First, "as the hook left it");
}
