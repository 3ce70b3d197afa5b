//! callgrind runs one side 2 N and N times; the difference over N is one piece of work, and what comes before it cancels.

use std::{
    env, io,
    path::PathBuf,
    process::{Command, Output},
};

const TIMES: u64 = 2_000;

/// The C library chooses its copies by the processor; without these choices it takes the same ones on each.
const PLAIN: &str = "glibc.cpu.hwcaps=-AVX2,-AVX512F,-AVX512VL,-ERMS,-FSRM";

/// callgrind, on the running bench.
#[derive(Debug)]
pub(super) struct Callgrind {
    bench: PathBuf,
}

impl Callgrind {
    /// Looks whether it is there and can run the bench.
    ///
    /// # Errors
    /// What is missing.
    pub(super) fn find() -> Result<Self, String> {
        let bench = env::current_exe().map_err(|error| error.to_string())?;
        let callgrind = Self { bench };
        match callgrind.run(&["--case", "", "--instructions", "0"]) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Err("valgrind is not there".into()),
            Err(error) => Err(format!("valgrind does not start: {error}")),
            Ok(output) if !output.status.success() => Err(format!("valgrind does not work here: {}", end(&output))),
            Ok(_) => Ok(callgrind),
        }
    }

    /// The instructions of one piece of work.
    ///
    /// # Errors
    /// Why there is no count.
    pub(super) fn count(&self, case: &str, side: &str) -> Result<u64, String> {
        Ok(self.total(case, side, 2 * TIMES)?.saturating_sub(self.total(case, side, TIMES)?) / TIMES)
    }

    fn total(&self, case: &str, side: &str, times: u64) -> Result<u64, String> {
        let times = times.to_string();
        let output = self.run(&["--case", case, "--side", side, "--instructions", &times]);
        let output = output.map_err(|error| error.to_string())?;
        let said = String::from_utf8_lossy(&output.stderr);
        let total = said.lines().find_map(|line| line.split_once("Collected : ")?.1.trim().parse().ok());
        total.filter(|_| output.status.success()).ok_or_else(|| end(&output))
    }

    fn run(&self, arguments: &[&str]) -> io::Result<Output> {
        let mut valgrind = Command::new("valgrind");
        valgrind.args(["--tool=callgrind", "--callgrind-out-file=/dev/null"]).arg(&self.bench).args(arguments);
        valgrind.env("GLIBC_TUNABLES", PLAIN).output()
    }
}

/// The last lines of what a program said of its failure.
fn end(output: &Output) -> String {
    let said = String::from_utf8_lossy(&output.stderr);
    let lines: Vec<&str> = said.lines().filter(|line| !line.trim().is_empty()).collect();
    lines[lines.len().saturating_sub(3)..].join(" / ")
}
