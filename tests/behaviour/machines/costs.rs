//! How often a transition asks for memory.

use allocation_counter::measure;
use bailiwick::{State, Transition, TransitionLog, state_machine};

use super::random::drive::poll;

#[derive(State, Debug, Clone, Copy, PartialEq, Eq)]
#[state(cyclic)]
enum Step {
    #[state(initial)]
    Idle,
    Running,
}

struct Job {
    step: Step,
    fuel: u32,
    log: TransitionLog,
}

#[state_machine(states = Step, field = step, log = log)]
impl Job {
    #[transition(Idle if fuelled => Running)]
    fn start(&mut self) {}

    #[transition(Running => Idle)]
    async fn stop(&mut self) {}

    fn fuelled(&self) -> Result<(), &'static str> {
        if self.fuel > 0 { Ok(()) } else { Err("no fuel") }
    }
}

/// Two that are taken and two that are refused.
fn a_cycle(job: &mut Job) {
    assert!(poll(job.stop(), 1).is_some_and(|answer| answer.is_err()));
    job.start().unwrap();
    assert!(job.start().is_err());
    poll(job.stop(), 1).unwrap().unwrap();
}

#[test]
fn a_log_with_room_asks_for_no_memory() {
    let mut job = Job { step: Step::Idle, fuel: 1, log: TransitionLog::with_capacity(20) };
    let counted = measure(|| (0..10).for_each(|_| a_cycle(&mut job)));
    assert_eq!((counted.count_total, job.log.len()), (0, 20));
}

#[test]
fn a_refusal_asks_for_memory_for_its_reason_alone() {
    let mut job = Job { step: Step::Idle, fuel: 0, log: TransitionLog::new() };
    let counted = measure(|| assert!(job.start().is_err()));
    assert!(counted.count_total <= 2, "a text, and the box that keeps it: {counted:?}");
    job.step = Step::Running;
    assert_eq!(measure(|| assert!(job.start().is_err())).count_total, 0);
}

struct Told {
    step: Step,
    letters: usize,
}

#[state_machine(states = Step, field = step)]
impl Told {
    #[transition(Idle => Running)]
    fn start(&mut self, times: usize, #[reason] why: String) {
        self.letters *= times;
    }

    #[transition(Running => Idle)]
    fn stop(&mut self, #[reason] why: Option<&str>) -> usize {
        why.map_or(0, str::len)
    }

    #[on_transition]
    fn count(&mut self, transition: &Transition<'_, Step>) {
        self.letters += transition.reason().map_or(0, str::len);
    }
}

#[test]
fn a_hook_is_lent_the_reason() {
    let (mut told, why) = (Told { step: Step::Idle, letters: 1 }, String::from("because"));
    let counted = measure(|| {
        told.start(2, why).unwrap();
        told.stop(Some("enough")).unwrap();
    });
    assert_eq!((counted.count_total, told.letters), (0, 15));
}
