//! Shows how far the import is: a bar on a terminal, else a line now and then. Both go to stderr.

use std::{
    io::{IsTerminal as _, stderr},
    sync::Arc,
    time::Duration,
};

use bailiwick::Clock;
use indicatif::{ProgressBar, ProgressStyle};

use super::{Phase, Progress};

/// How often a bar moves.
const FRAME: Duration = Duration::from_millis(100);

/// How often a line is written where there is no terminal.
const LINE: Duration = Duration::from_secs(5);

const BAR: &str = "{bar:32.cyan/dim} {percent:>3} %  {msg}";
const NO_BAR: &str = "{spinner}  {msg}";

/// Shows how far the import is, until it is dropped.
#[derive(Debug)]
pub(crate) struct Meter {
    progress: Arc<Progress>,
    size: Option<u64>,
    clock: Clock,
}

impl Meter {
    /// A meter for a file of so many bytes.
    pub(crate) fn new(progress: &Arc<Progress>, size: Option<u64>) -> Self {
        Self { progress: Arc::clone(progress), size, clock: Clock::system() }
    }

    /// Shows until it is dropped.
    pub(crate) async fn run(self) {
        let bar = Bar::new(self.size);
        let started = self.clock.now();
        loop {
            tokio::time::sleep(if bar.is_some() { FRAME } else { LINE }).await;
            let text = self.text(self.clock.now().since(started));
            match &bar {
                Some(bar) => bar.show(self.progress.bytes_placed(), text),
                None => eprintln!("{text}"),
            }
        }
    }

    /// `34,512 orders (49 %), 14,230/s, 3 s to go`.
    fn text(&self, elapsed: Duration) -> String {
        let placed = self.progress.placed();
        if self.progress.phase() == Phase::Draining {
            return format!("{placed} orders placed; the second context takes in the rest");
        }
        let rate = placed as f64 / elapsed.as_secs_f64().max(0.001);
        let mut text = format!("{placed} orders, {rate:.0}/s");
        if let Some((percent, left)) = self.to_go(elapsed) {
            text += &format!(", {percent} % of the file, {left:.0} s to go");
        }
        match self.progress.bad() {
            0 => text,
            bad => format!("{text}, {bad} bad lines"),
        }
    }

    /// How many hundredths are done, and how many seconds the others will take.
    fn to_go(&self, elapsed: Duration) -> Option<(u64, f64)> {
        let (done, size) = (self.progress.bytes_placed(), self.size.filter(|size| *size > 0)?);
        let left = size.saturating_sub(done) as f64 / done as f64 * elapsed.as_secs_f64();
        (done > 0).then_some((done * 100 / size, left))
    }
}

/// A bar on a terminal; it goes away with its owner.
struct Bar(ProgressBar);

impl Bar {
    /// `None` where there is no terminal.
    fn new(size: Option<u64>) -> Option<Self> {
        if !stderr().is_terminal() {
            return None;
        }
        let bar = size.map_or_else(ProgressBar::new_spinner, ProgressBar::new);
        let template = if size.is_some() { BAR } else { NO_BAR };
        bar.set_style(ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar()));
        Some(Self(bar))
    }

    fn show(&self, bytes: u64, text: String) {
        self.0.set_position(bytes);
        self.0.set_message(text);
        self.0.tick();
    }
}

impl Drop for Bar {
    fn drop(&mut self) {
        self.0.finish_and_clear();
    }
}
