//! The machines of other crates, as their documentation sets them up.

use super::events::{Event, Machine, Work};

mod by_statig {
    use statig::prelude::*;

    use super::{Event, Work};

    pub struct Job(pub Work);

    #[state_machine(initial = "State::idle()", state(derive(Debug, Clone, Copy, PartialEq, Eq)))]
    impl Job {
        #[state]
        fn idle(&mut self, event: &Event) -> Outcome<State> {
            match event {
                Event::Start if self.0.fuelled() => {
                    self.0.start();
                    Transition(State::running())
                }
                _ => self.refuse(),
            }
        }

        #[state]
        fn running(&mut self, event: &Event) -> Outcome<State> {
            match event {
                Event::Pause => {
                    self.0.pause();
                    Transition(State::paused())
                }
                Event::Finish => {
                    self.0.finish();
                    Transition(State::done())
                }
                _ => self.refuse(),
            }
        }

        #[state]
        fn paused(&mut self, event: &Event) -> Outcome<State> {
            match event {
                Event::Resume => {
                    self.0.resume();
                    Transition(State::running())
                }
                _ => self.refuse(),
            }
        }

        #[state]
        fn done(&mut self, event: &Event) -> Outcome<State> {
            match event {
                Event::Reset => {
                    self.0.reset();
                    Transition(State::idle())
                }
                _ => self.refuse(),
            }
        }
    }

    impl Job {
        fn refuse(&mut self) -> Outcome<State> {
            self.0.refused += 1;
            Handled
        }
    }
}

pub struct Statig(statig::blocking::InitializedStateMachine<by_statig::Job>);

impl Machine for Statig {
    fn new() -> Self {
        use statig::blocking::IntoStateMachineExt as _;
        Self(by_statig::Job(Work::new()).uninitialized_state_machine().init())
    }

    fn take(&mut self, events: &[Event]) {
        *self = Self::new();
        for event in events {
            self.0.handle(event);
        }
    }

    fn work(&self) -> Work {
        self.0.inner().0
    }

    fn state(&self) -> u64 {
        match self.0.state() {
            by_statig::State::Idle {} => 0,
            by_statig::State::Running {} => 1,
            by_statig::State::Paused {} => 2,
            by_statig::State::Done {} => 3,
        }
    }
}

rust_fsm::state_machine! {
    #[state_machine(input(crate::events::Event))]
    job(Idle)

    Idle(Start) => Running [Started],
    Running => {
        Pause => Paused [Paused],
        Finish => Done [Finished],
    },
    Paused(Resume) => Running [Resumed],
    Done(Reset) => Idle [Reset],
}

pub struct RustFsm {
    machine: job::StateMachine,
    work: Work,
}

impl Machine for RustFsm {
    fn new() -> Self {
        Self { machine: job::StateMachine::new(), work: Work::new() }
    }

    fn take(&mut self, events: &[Event]) {
        *self = Self::new();
        for event in events {
            match self.machine.consume(event) {
                Ok(Some(job::Output::Started)) => self.work.start(),
                Ok(Some(job::Output::Paused)) => self.work.pause(),
                Ok(Some(job::Output::Resumed)) => self.work.resume(),
                Ok(Some(job::Output::Finished)) => self.work.finish(),
                Ok(Some(job::Output::Reset)) => self.work.reset(),
                Ok(None) => {}
                Err(_) => self.work.refused += 1,
            }
        }
    }

    fn work(&self) -> Work {
        self.work
    }

    fn state(&self) -> u64 {
        match self.machine.state() {
            job::State::Idle => 0,
            job::State::Running => 1,
            job::State::Paused => 2,
            job::State::Done => 3,
        }
    }
}

mod by_smlang {
    use smlang::statemachine;

    use super::Work;

    statemachine! {
        transitions: {
            *Idle + Start [fuelled] / start = Running,
            Running + Pause / pause = Paused,
            Running + Finish / finish = Done,
            Paused + Resume / resume = Running,
            Done + Reset / reset = Idle,
        }
    }

    pub struct Job(pub Work);

    impl StateMachineContext for Job {
        fn fuelled(&self) -> Result<bool, ()> {
            Ok(self.0.fuelled())
        }

        fn start(&mut self) -> Result<(), ()> {
            self.0.start();
            Ok(())
        }

        fn pause(&mut self) -> Result<(), ()> {
            self.0.pause();
            Ok(())
        }

        fn finish(&mut self) -> Result<(), ()> {
            self.0.finish();
            Ok(())
        }

        fn resume(&mut self) -> Result<(), ()> {
            self.0.resume();
            Ok(())
        }

        fn reset(&mut self) -> Result<(), ()> {
            self.0.reset();
            Ok(())
        }
    }
}

pub struct Smlang(by_smlang::StateMachine<by_smlang::Job>);

impl Machine for Smlang {
    fn new() -> Self {
        Self(by_smlang::StateMachine::new(by_smlang::Job(Work::new())))
    }

    fn take(&mut self, events: &[Event]) {
        *self = Self::new();
        for event in events {
            let event = match event {
                Event::Start => by_smlang::Events::Start,
                Event::Pause => by_smlang::Events::Pause,
                Event::Resume => by_smlang::Events::Resume,
                Event::Finish => by_smlang::Events::Finish,
                Event::Reset => by_smlang::Events::Reset,
            };
            if self.0.process_event(event).is_err() {
                self.0.context_mut().0.refused += 1;
            }
        }
    }

    fn work(&self) -> Work {
        self.0.context().0
    }

    fn state(&self) -> u64 {
        match self.0.state() {
            by_smlang::States::Idle => 0,
            by_smlang::States::Running => 1,
            by_smlang::States::Paused => 2,
            by_smlang::States::Done => 3,
        }
    }
}
