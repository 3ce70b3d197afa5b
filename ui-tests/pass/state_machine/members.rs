//! Parameters of the type, members that `cfg` removes, and a block from the user's `macro_rules!`.

#![deny(warnings)]

use bailiwick::{State, StateMachine, Transition, state_machine};

#[derive(State, Debug, Clone, Copy, PartialEq, Eq)]
enum Stage {
    #[state(initial)]
    Raw,
    Cut,
    #[state(terminal)]
    Done,
}

struct Part<'a, T, const N: usize>
where
    T: Clone,
{
    stage: Stage,
    of: &'a [T; N],
}

#[state_machine(states = Stage, field = stage, trigger, typestate)]
impl<'a, T, const N: usize> Part<'a, T, N>
where
    T: Clone,
{
    #[transition(Raw => Cut, no_trigger)]
    fn cut<'b, const M: usize, U>(&mut self, by: &'b [U; M]) -> &'b [U; M]
    where
        U: PartialEq<T>,
    {
        by
    }

    #[transition(Cut if whole => Done, no_trigger)]
    async fn polish(&mut self, with: T) -> Option<T> {
        self.of.first().cloned().or(Some(with))
    }

    #[cfg(any())]
    #[transition(Done => Raw)]
    fn never(&mut self) {}

    #[cfg(all())]
    #[transition(_ => _)]
    fn turn(&mut self, #[cfg(any())] gone: u8, #[cfg(all())] times: u8) {
        let _ = times;
    }

    fn whole(&self, _with: &T) -> bool {
        N > 0
    }

    #[cfg(any())]
    #[on_enter(Cut)]
    fn gone(&mut self, _: &Nothing) {}

    #[cfg(all())]
    #[on_enter(Cut)]
    fn entered(&self, transition: &Transition<Stage>) {
        assert_eq!(transition.to(), Stage::Cut);
    }
}

macro_rules! lamp {
    ($lamp:ident, $field:ident, $states:ident, $of:ty, $from:ident => $to:ident, $guard:ident, $body:block) => {
        struct $lamp {
            $field: $of,
            lit: bool,
        }

        #[state_machine(states = $states, field = $field)]
        impl $lamp {
            #[transition($from if $guard => $to)]
            fn go(&mut self, by: $of) -> bool $body

            #[transition($from => Raw)]
            #[transition(Cut => Done)]
            fn stop(&mut self) {
                self.lit = false;
            }

            fn $guard(&self, by: &$of) -> bool {
                self.$field == *by
            }
        }
    };
}

lamp!(Lamp, stage, Stage, Stage, Raw => Cut, same, { true });

fn main() {
    let mut part = Part { stage: Stage::Raw, of: &[1, 2] };
    assert_eq!(part.cut(&[3]), Ok(&[3]));
    assert_eq!(part.turn(1), Ok(()));
    assert!(part.can_polish(&1));
    assert_eq!(part.available().map(PartTransition::as_str).collect::<Vec<_>>(), ["polish", "turn"]);
    let PartTyped::Cut(part) = part.typed() else { panic!("it is cut") };
    assert_eq!(part.get().state(), Stage::Cut);

    let mut lamp = Lamp { stage: Stage::Raw, lit: true };
    assert_eq!(lamp.check_go(&Stage::Raw), Ok(Stage::Cut));
    assert_eq!(lamp.go(Stage::Raw), Ok(true));
    assert!(lamp.stop().is_ok() && !lamp.lit);
    assert_eq!(Part::<u8, 2>::GRAPH.edges.len(), 3);
}
