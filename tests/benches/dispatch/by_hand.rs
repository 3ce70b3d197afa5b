//! The limits: the same dispatch written by hand for one program.

use std::{
    any::{Any, TypeId},
    collections::HashMap,
    future::{Future, poll_fn},
    hash::{BuildHasherDefault, Hasher},
    panic::{AssertUnwindSafe, catch_unwind, resume_unwind},
    pin::{Pin, pin},
    sync::{Arc, OnceLock},
    task::Poll,
    time::Duration,
};

use tokio::time::{Sleep, sleep};

use super::send::{Never, Touch};

pub type Boxed<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;
pub type Answer = Result<u64, Never>;

/// A `TypeId` is a hash already.
#[derive(Debug, Default)]
pub struct Identity(u64);

impl Hasher for Identity {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, _: &[u8]) {
        unreachable!("a `TypeId` hashes as one number")
    }

    fn write_u64(&mut self, hash: u64) {
        self.0 = hash;
    }
}

pub type ByType = HashMap<TypeId, Box<dyn Any + Send + Sync>, BuildHasherDefault<Identity>>;

/// A handler that boxes one future.
pub trait Erased<C>: Send + Sync {
    fn call<'a>(&'a self, command: C) -> Boxed<'a, Answer>;
}

/// Finds a handler by the type of the command.
#[derive(Default)]
pub struct Mediator(ByType);

impl Mediator {
    pub fn with<C: 'static>(mut self, handler: impl Erased<C> + 'static) -> Self {
        let erased: Box<dyn Erased<C>> = Box::new(handler);
        self.0.insert(TypeId::of::<C>(), Box::new(erased));
        self
    }

    pub async fn send<C: 'static>(&self, command: C) -> Answer {
        let slot = self.0.get(&TypeId::of::<C>()).and_then(|slot| slot.downcast_ref::<Box<dyn Erased<C>>>());
        slot.expect("a handler").call(command).await
    }
}

/// The handler of the no-op.
#[derive(Debug, Clone, Copy)]
pub struct Plain;

/// Made where it will lie.
fn in_box<F: Future>(make: impl FnOnce() -> F) -> Pin<Box<F>> {
    Box::into_pin(Box::write(Box::new_uninit(), make()))
}

impl Plain {
    #[inline(never)]
    pub async fn touch(&self, command: Touch) -> Answer {
        Ok(command.amount)
    }
}

impl Erased<Touch> for Plain {
    fn call<'a>(&'a self, command: Touch) -> Boxed<'a, Answer> {
        Box::pin(self.touch(command))
    }
}

/// A pass-through around something, composed statically.
#[derive(Debug, Clone, Copy)]
pub struct Pass<N>(pub N);

/// What may stand inside of a [`Pass`].
pub trait Inner: Send + Sync {
    fn run(&self, command: Touch) -> impl Future<Output = Answer> + Send;
}

impl Inner for Plain {
    fn run(&self, command: Touch) -> impl Future<Output = Answer> + Send {
        self.touch(command)
    }
}

impl<N: Inner> Inner for Pass<N> {
    async fn run(&self, command: Touch) -> Answer {
        self.0.run(command).await
    }
}

impl<N: Inner> Erased<Touch> for Pass<N> {
    fn call<'a>(&'a self, command: Touch) -> Boxed<'a, Answer> {
        in_box(|| self.run(command))
    }
}

/// A pass-through around something erased: one more boxed future.
pub struct BoxedPass(pub Arc<dyn Erased<Touch>>);

impl Erased<Touch> for BoxedPass {
    fn call<'a>(&'a self, command: Touch) -> Boxed<'a, Answer> {
        Box::pin(async move { self.0.call(command).await })
    }
}

impl Erased<Touch> for Arc<dyn Erased<Touch>> {
    fn call<'a>(&'a self, command: Touch) -> Boxed<'a, Answer> {
        (**self).call(command)
    }
}

/// The no-op with what a dispatch owes: a context, the command's own checks, a guard against panics, a limit of time once the
/// handler has to wait.
pub struct Dutiful(pub Option<Duration>);

/// What a handler by hand would hold: who asks, which message this is, what was staged.
#[derive(Default)]
pub struct Held {
    actor: Option<Box<str>>,
    id: OnceLock<u128>,
    staged: Vec<u64>,
}

impl Dutiful {
    async fn checked(&self, command: Touch, held: &mut Held) -> Answer {
        if command.amount == u64::MAX || held.actor.as_deref().is_some_and(str::is_empty) {
            held.staged.push(*held.id.get_or_init(|| 1) as u64);
        }
        Plain.touch(command).await
    }

    async fn guarded(&self, command: Touch) -> Answer {
        let mut held = Held::default();
        let answer = {
            let mut work = pin!(self.checked(command, &mut held));
            let mut timer: Option<Pin<Box<Sleep>>> = None;
            poll_fn(|task| {
                let polled = catch_unwind(AssertUnwindSafe(|| work.as_mut().poll(task)));
                match (polled, self.0) {
                    (Ok(Poll::Pending), Some(limit)) => {
                        let late = timer.get_or_insert_with(|| Box::pin(sleep(limit))).as_mut().poll(task);
                        late.map(|()| Ok(u64::MAX))
                    }
                    (Ok(polled), _) => polled,
                    (Err(panic), _) => resume_unwind(panic),
                }
            })
            .await
        };
        if held.staged.is_empty() { answer } else { Ok(held.staged.len() as u64) }
    }
}

impl Inner for Dutiful {
    fn run(&self, command: Touch) -> impl Future<Output = Answer> + Send {
        self.guarded(command)
    }
}

impl Erased<Touch> for Dutiful {
    fn call<'a>(&'a self, command: Touch) -> Boxed<'a, Answer> {
        in_box(|| self.guarded(command))
    }
}
