//! Shows how far the import is: a bar on a terminal, else a line now and then. Both go to stderr.

use std::{
    io::{IsTerminal as _, stderr},
    sync::Arc,
    time::Duration,
};

use bailiwick::Clock;
use indicatif::{ProgressBar, ProgressStyle};

use super::{Phase, Plan, Progress};

/// How often a bar moves.
const FRAME: Duration = Duration::from_millis(100);

/// How often a line is written where there is no terminal.
const LINE: Duration = Duration::from_secs(5);

const BAR: &str = "{bar:32.cyan/dim} {percent:>3} %  {msg}";
const NO_BAR: &str = "{spinner}  {msg}";

/// The whole of a bar.
const WHOLE: u64 = 1_000;

/// Shows how far the import is, until it is dropped.
#[derive(Debug)]
pub(crate) struct Meter {
    progress: Arc<Progress>,
    size: Option<u64>,
    limit: Option<u64>,
    clock: Clock,
}

impl Meter {
    /// A meter for what is to be imported.
    pub(crate) fn new(progress: &Arc<Progress>, plan: &Plan) -> Self {
        let size = plan.input.size().filter(|size| *size > 0);
        let limit = plan.limit.filter(|limit| *limit > 0);
        Self { progress: Arc::clone(progress), size, limit, clock: Clock::system() }
    }

    /// Shows until it is dropped.
    pub(crate) async fn run(self) {
        let bar = Bar::new(self.done().is_some());
        let started = self.clock.now();
        loop {
            tokio::time::sleep(if bar.is_some() { FRAME } else { LINE }).await;
            let (done, text) = (self.done(), self.text(self.clock.now().since(started)));
            match (&bar, done) {
                (Some(bar), done) => bar.show(done.unwrap_or_default(), text),
                (None, Some(done)) => eprintln!("{:.0} %: {text}", done * 100.0),
                (None, None) => eprintln!("{text}"),
            }
        }
    }

    /// Which part is done, from 0 to 1: of the file or of the limit, whichever ends first; `None` if nobody knows.
    fn done(&self) -> Option<f64> {
        let part = |done: u64, whole: Option<u64>| whole.map(|whole| (done as f64 / whole as f64).min(1.0));
        let (file, limit) = (part(self.progress.bytes_placed(), self.size), part(self.progress.placed(), self.limit));
        file.into_iter().chain(limit).reduce(f64::max)
    }

    /// `34512 orders, 14230/s, 3 s to go`.
    fn text(&self, elapsed: Duration) -> String {
        let placed = self.progress.placed();
        if self.progress.phase() == Phase::Draining {
            return format!("{placed} orders placed; the second context takes in the rest");
        }
        let seconds = elapsed.as_secs_f64().max(0.001);
        let mut text = format!("{placed} orders, {:.0}/s", placed as f64 / seconds);
        if let Some(done) = self.done().filter(|done| *done > 0.0) {
            text += &format!(", {:.0} s to go", (1.0 - done) / done * seconds);
        }
        match self.progress.bad() {
            0 => text,
            bad => format!("{text}, {bad} bad lines"),
        }
    }
}

/// A bar on a terminal; it goes away with its owner.
struct Bar(ProgressBar);

impl Bar {
    /// `None` where there is no terminal.
    fn new(measured: bool) -> Option<Self> {
        if !stderr().is_terminal() {
            return None;
        }
        let bar = if measured { ProgressBar::new(WHOLE) } else { ProgressBar::new_spinner() };
        let template = if measured { BAR } else { NO_BAR };
        bar.set_style(ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar()));
        Some(Self(bar))
    }

    fn show(&self, done: f64, text: String) {
        self.0.set_message(text);
        self.0.set_position((done * WHOLE as f64) as u64);
        self.0.tick();
    }
}

impl Drop for Bar {
    fn drop(&mut self) {
        self.0.finish_and_clear();
    }
}
