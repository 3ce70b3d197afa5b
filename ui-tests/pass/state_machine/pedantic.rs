//! In a crate that denies what it can, no lint speaks of what is generated, nor of what the macro asks the user to write.

#![deny(warnings, missing_docs, unused, unreachable_pub, unsafe_code, unnameable_types, unused_qualifications)]
#![deny(missing_debug_implementations, elided_lifetimes_in_paths, single_use_lifetimes, unused_lifetimes)]
#![deny(trivial_casts, trivial_numeric_casts, explicit_outlives_requirements, keyword_idents, let_underscore)]
#![deny(clippy::all, clippy::pedantic)]

use std::fmt::{self, Display, Formatter};

use bailiwick::{State, Transition, TransitionError, state_machine, state_machine::TransitionLog};

/// Where a letter is.
#[derive(State, Debug, Clone, Copy, PartialEq, Eq)]
pub enum Phase {
    /// It is written.
    #[state(initial)]
    Draft,
    /// It is on its way.
    Sent,
    /// It is there.
    #[state(terminal)]
    Done,
}

/// Why not.
#[derive(Debug, Clone, Copy)]
pub struct Refused;

impl Display for Refused {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str("refused")
    }
}

impl std::error::Error for Refused {}

/// A letter.
#[derive(Debug, Default)]
pub struct Letter {
    phase: Phase,
    log: TransitionLog,
    version: u64,
    stamps: u8,
    lines: Vec<String>,
}

impl Default for Phase {
    fn default() -> Self {
        Self::INITIAL
    }
}

#[state_machine(states = Phase, field = phase, log = log, version = version, typestate, trigger)]
impl Letter {
    /// Posts it.
    #[transition(Draft if stamped && (!closed || free) => Sent)]
    #[transition(Draft if closed => _)]
    pub fn post(&mut self, stamps: u8, #[reason] why: &str) -> Result<u8, Refused> {
        if why.is_empty() {
            return Err(Refused);
        }
        self.stamps += stamps;
        Ok(self.stamps)
    }

    /// Delivers it.
    #[transition(Sent => Done)]
    pub async fn deliver(&mut self, to: String) -> u8 {
        std::future::ready(()).await;
        self.lines.push(to);
        self.stamps
    }

    /// Franks it, on one line.
    #[rustfmt::skip]
    #[transition(_ => _)]
    pub fn frank(&mut self) { self.stamps += 1 }

    /// Answers from its arguments alone, and takes many.
    #[expect(clippy::too_many_arguments, reason = "the point of the case")]
    #[transition(Sent => Sent)]
    pub(crate) fn weigh(&mut self, one: u8, two: u8, three: u8, four: u8, five: u8, six: u8, seven: u8) -> u8 {
        one + two + three + four + five + six + seven
    }

    #[transition(Sent | Draft => Sent)]
    fn lose(&mut self, places: &mut Vec<u8>, hint: Option<&str>) {
        places.push(u8::from(hint.is_some()));
    }

    fn stamped(&self, stamps: &u8, _why: &str) -> bool {
        *stamps > 0
    }

    fn closed(&self) -> bool {
        self.lines.is_empty()
    }

    fn free(&self, stamps: &u8, _why: &str) -> Result<(), Refused> {
        if *stamps == 9 { Err(Refused) } else { Ok(()) }
    }

    #[on_enter(Sent)]
    fn note(&mut self, taken: &Transition<'_, Phase>) {
        self.lines.push(taken.to().to_string());
    }

    #[on_transition]
    fn trace(&self, taken: &Transition<'_, Phase>) {
        assert!(!taken.transition().is_empty());
    }
}

/// What a module hides.
pub mod hidden {
    use std::fmt::Debug;

    use bailiwick::{State, state_machine};

    #[derive(State, Debug, Clone, Copy, PartialEq, Eq)]
    #[state(cyclic)]
    enum Power {
        #[state(initial)]
        Off,
        On,
    }

    /// A public type with a private enum.
    #[derive(Debug)]
    pub struct Lamp {
        power: Power,
        uses: u8,
    }

    impl Lamp {
        /// A lamp.
        #[must_use]
        pub fn new() -> Self {
            Self { power: Power::INITIAL, uses: 0 }
        }
    }

    impl Default for Lamp {
        fn default() -> Self {
            Self::new()
        }
    }

    #[state_machine(states = Power, field = power, name = power, typestate)]
    impl Lamp {
        /// On.
        #[transition(Off => On)]
        pub fn on(&mut self) {
            self.uses += 1;
        }

        /// Off.
        #[transition(On => Off)]
        pub fn off(&mut self) {}
    }

    #[derive(State, Debug, Clone, Copy, PartialEq, Eq)]
    #[state(cyclic)]
    pub(crate) enum Place {
        #[state(initial)]
        Here,
        There,
    }

    #[derive(Debug)]
    pub(crate) struct Load<'a, T, const N: usize>
    where
        T: Debug,
    {
        pub(crate) place: Place,
        pub(crate) held: [T; N],
        pub(crate) label: &'a str,
    }

    #[state_machine(states = Place, field = place, typestate)]
    impl<'a, T, const N: usize> Load<'a, T, N>
    where
        T: Debug,
    {
        #[transition(Here if labelled => There)]
        pub(crate) fn ship(&mut self, label: &'a str) {
            self.label = label;
        }

        #[transition(There => Here)]
        pub(crate) fn fetch(&mut self, first: T) {
            self.held[0] = first;
        }

        fn labelled(&self) -> bool {
            !self.label.is_empty()
        }
    }
}

/// All of it is called.
///
/// # Panics
/// It does something else.
pub fn main() {
    let mut letter = Letter::default();
    assert!(matches!(letter.post(9, "it is closed"), Ok(9)));
    assert!(matches!(letter.post(0, "no stamp, and closed"), Ok(9)));
    letter.lines.push(String::new());
    assert!(matches!(letter.post(0, "no stamp"), Err(TransitionError::Guard(_))));
    assert!(letter.lose(&mut Vec::new(), None).is_ok() && letter.frank().is_ok());
    assert_eq!(letter.weigh(1, 1, 1, 1, 1, 1, 1).ok(), Some(7));
    drop(letter.deliver("you".into()));
    let hidden::LampPowerTyped::Off(lamp) = hidden::Lamp::new().power_typed() else { return };
    let _off = lamp.on().off();
    let load = hidden::Load { place: hidden::Place::INITIAL, held: [1_u8], label: "fragile" };
    let hidden::LoadTyped::Here(load) = load.typed() else { return };
    assert!(load.ship("light").is_ok_and(|load| load.fetch(2).get().held == [2]));
}
