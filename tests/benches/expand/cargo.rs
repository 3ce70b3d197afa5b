//! Packages in the target folder, and what it costs to build them.

use std::{
    env,
    fs::{self, File},
    path::{Path, PathBuf},
    process::{Command, Stdio},
    time::SystemTime,
};

/// The repository.
const ROOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/..");

/// What is built cold.
#[derive(Debug, Clone, Copy)]
pub enum Work {
    /// syn, with the features that the macros need.
    Syn,
    /// The macros.
    Macros,
}

/// CPU seconds of a cold build.
#[derive(Debug)]
pub struct Cold {
    /// All of it.
    pub everything: f64,
    /// The package named last alone.
    pub last: f64,
}

/// A workspace of generated packages, with the lock file of the repository.
pub struct Packages {
    folder: PathBuf,
}

impl Packages {
    pub fn new() -> Self {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("expand");
        fs::create_dir_all(&folder).unwrap();
        fs::copy(Path::new(ROOT).join("Cargo.lock"), folder.join("Cargo.lock")).unwrap();
        let packages = Self { folder };
        packages.syn();
        packages
    }

    /// Writes a package that stands on ours, builds that, and answers its name.
    pub fn package(&self, name: &str, code: &str) -> String {
        let serde = "serde = { version = \"1\", features = [\"derive\"] }\nthiserror = \"2\"\n";
        self.on(name, &format!("{}{serde}", ours()), code)
    }

    /// Writes a package that stands on these, builds them, and answers its name.
    pub fn standing_on(&self, name: &str, dependencies: &[&str], code: &str) -> String {
        let line = |dependency: &&str| if *dependency == "bailiwick" { ours() } else { pinned(dependency) };
        self.on(name, &dependencies.iter().map(line).collect::<String>(), code)
    }

    fn on(&self, name: &str, dependencies: &str, code: &str) -> String {
        self.write(name, dependencies, code);
        run(self.cargo("check", name));
        name.into()
    }

    fn syn(&self) {
        self.write("syn_alone", &pinned("syn"), "");
    }

    fn write(&self, name: &str, dependencies: &str, code: &str) {
        let package = self.folder.join(name);
        fs::create_dir_all(package.join("src")).unwrap();
        let manifest =
            format!("[package]\nname = {name:?}\nversion = \"0.0.0\"\nedition = \"2024\"\n\n[dependencies]\n");
        fs::write(package.join("Cargo.toml"), format!("{manifest}{dependencies}\n[workspace]\n")).unwrap();
        fs::write(package.join("src/lib.rs"), format!("//! Generated.\n#![allow(dead_code)]\n{code}")).unwrap();
        fs::copy(self.folder.join("Cargo.lock"), package.join("Cargo.lock")).unwrap();
    }

    /// CPU seconds of `cargo check` after a change of the package.
    pub fn check(&self, name: &str) -> f64 {
        self.again("check", name)
    }

    /// CPU seconds of `cargo check` or `cargo build` after a change of the package.
    pub fn again(&self, verb: &str, name: &str) -> f64 {
        let file = File::options().append(true).open(self.folder.join(name).join("src/lib.rs")).unwrap();
        file.set_modified(SystemTime::now()).unwrap();
        run(self.cargo(verb, name))
    }

    fn cargo(&self, verb: &str, name: &str) -> Command {
        command(verb, &self.folder.join(name).join("Cargo.toml"), &self.folder.join("target"))
    }

    /// Builds in an empty target folder, then the last package once more.
    pub fn cold(&self, work: Work) -> Cold {
        let target = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
        let (manifest, last) = match work {
            Work::Syn => (self.folder.join("syn_alone/Cargo.toml"), "syn"),
            Work::Macros => (Path::new(ROOT).join("Cargo.toml"), "bailiwick-macros"),
        };
        let build = || {
            let mut build = command("build", &manifest, target.path());
            build.args(["--package", last]);
            run(build)
        };
        let everything = build();
        let mut clean = command("clean", &manifest, target.path());
        clean.args(["--package", last]);
        run(clean);
        Cold { everything, last: build() }
    }
}

/// The line that names ours.
fn ours() -> String {
    let path = Path::new(ROOT).join("runtime");
    format!("bailiwick = {{ path = {path:?}, default-features = false, features = [\"macros\"] }}\n")
}

/// The line of the workspace's table that names a crate.
fn pinned(dependency: &str) -> String {
    let text = fs::read_to_string(Path::new(ROOT).join("Cargo.toml")).unwrap();
    let begin = format!("{dependency} = ");
    let line = text.lines().find(|line| line.starts_with(&begin)).unwrap();
    format!("{line}\n")
}

fn command(verb: &str, manifest: &Path, target: &Path) -> Command {
    let mut command = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.args([verb, "--offline", "--quiet", "--manifest-path"]).arg(manifest).arg("--target-dir").arg(target);
    if verb != "clean" {
        command.args(["--jobs", "1"]);
    }
    // A check of everything, not of what an earlier one has left to do.
    command.env_remove("RUSTFLAGS").env("CARGO_INCREMENTAL", "0").stdout(Stdio::null());
    command
}

/// Runs a command to its end and answers the CPU seconds of it and its children.
fn run(mut command: Command) -> f64 {
    let before = children();
    let status = command.status().unwrap();
    assert!(status.success(), "{command:?} failed");
    children() - before
}

/// CPU seconds of all children that have ended, from the kernel's count of this process.
fn children() -> f64 {
    const TICKS: f64 = 100.0; // per second, on every Linux
    let text = fs::read_to_string("/proc/self/stat").unwrap();
    let after_name = text.rsplit(") ").next().unwrap();
    let ticks = after_name.split_whitespace().skip(13).take(2).map(|number| number.parse::<f64>().unwrap());
    ticks.sum::<f64>() / TICKS
}
