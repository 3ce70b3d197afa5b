//! The same job in `async` methods whose futures are ready at once.

use std::{future::ready, hint::black_box};

use bailiwick::state_machine;
use tokio::runtime::{Builder, Runtime};

use super::{
    by_hand, events,
    events::{Event, Machine as _, Work, summed},
    ours::JobState,
    support::{Case, Gate, Side, Timer},
};

mod by_statig {
    use std::future::ready;

    use statig::prelude::*;

    use super::{Event, Work};

    pub struct Job(pub Work);

    #[state_machine(initial = "State::idle()", state(derive(Debug, Clone, Copy, PartialEq, Eq)))]
    impl Job {
        #[state]
        async fn idle(&mut self, event: &Event) -> Outcome<State> {
            match event {
                Event::Start if self.0.fuelled() => self.count(Work::start, State::running()).await,
                _ => self.refuse(),
            }
        }

        #[state]
        async fn running(&mut self, event: &Event) -> Outcome<State> {
            match event {
                Event::Pause => self.count(Work::pause, State::paused()).await,
                Event::Finish => self.count(Work::finish, State::done()).await,
                _ => self.refuse(),
            }
        }

        #[state]
        async fn paused(&mut self, event: &Event) -> Outcome<State> {
            match event {
                Event::Resume => self.count(Work::resume, State::running()).await,
                _ => self.refuse(),
            }
        }

        #[state]
        async fn done(&mut self, event: &Event) -> Outcome<State> {
            match event {
                Event::Reset => self.count(Work::reset, State::idle()).await,
                _ => self.refuse(),
            }
        }
    }

    impl Job {
        async fn count(&mut self, act: fn(&mut Work), to: State) -> Outcome<State> {
            ready(()).await;
            act(&mut self.0);
            Transition(to)
        }

        fn refuse(&mut self) -> Outcome<State> {
            self.0.refused += 1;
            Handled
        }
    }
}

pub struct Job {
    state: JobState,
    work: Work,
}

#[state_machine(states = JobState, field = state)]
impl Job {
    #[transition(Idle if fuelled => Running)]
    async fn start(&mut self) {
        ready(()).await;
        self.work.start();
    }

    #[transition(Running => Paused)]
    async fn pause(&mut self) {
        ready(()).await;
        self.work.pause();
    }

    #[transition(Paused => Running)]
    async fn resume(&mut self) {
        ready(()).await;
        self.work.resume();
    }

    #[transition(Running => Done)]
    async fn finish(&mut self) {
        ready(()).await;
        self.work.finish();
    }

    #[transition(Done => Idle)]
    async fn reset(&mut self) {
        ready(()).await;
        self.work.reset();
    }

    fn fuelled(&self) -> bool {
        self.work.fuelled()
    }
}

pub fn case() -> Case {
    let events = events::cycle();
    Case::cpu(side("hand", &events, by_hand))
        .parts(events.len() as u64)
        .side(side("statig", &events, statig))
        .side(side("ours", &events, ours))
        .gate(Gate::must("ours", 1.0, "statig"))
        .gate(Gate::moonshot("ours", 0.8, "statig"))
}

fn side<F: AsyncFn(&[Event]) -> u64 + 'static>(name: &'static str, events: &[Event], run: F) -> Side {
    let (runtime, events) = (runtime(), events.to_vec());
    Side::new(name, move |timer: &mut Timer, times| {
        timer.time(|| {
            runtime.block_on(async {
                let mut sum = 0;
                for _ in 0..times {
                    sum += run(black_box(&events)).await;
                }
                sum
            })
        })
    })
}

async fn by_hand(events: &[Event]) -> u64 {
    let mut job = black_box(by_hand::Job::new());
    for event in events {
        if job.handle_later(*event).await.is_err() {
            job.refuse();
        }
    }
    summed(job.work(), job.state())
}

async fn statig(events: &[Event]) -> u64 {
    use statig::awaitable::IntoStateMachineExt as _;
    let mut job = by_statig::Job(Work::new()).uninitialized_state_machine().init().await;
    for event in events {
        job.handle(event).await;
    }
    let state = match job.state() {
        by_statig::State::Idle {} => 0,
        by_statig::State::Running {} => 1,
        by_statig::State::Paused {} => 2,
        by_statig::State::Done {} => 3,
    };
    summed(job.inner().0, state)
}

async fn ours(events: &[Event]) -> u64 {
    let mut job = black_box(Job { state: JobState::Idle, work: Work::new() });
    for event in events {
        let taken = match event {
            Event::Start => job.start().await,
            Event::Pause => job.pause().await,
            Event::Resume => job.resume().await,
            Event::Finish => job.finish().await,
            Event::Reset => job.reset().await,
        };
        if taken.is_err() {
            job.work.refused += 1;
        }
    }
    summed(job.work, job.state as u64)
}

fn runtime() -> Runtime {
    Builder::new_current_thread().build().unwrap()
}
