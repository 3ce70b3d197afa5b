//! More machines than are committed: a program in the target folder that holds them and drives them.

use std::{env, fmt::Write as _, fs, path::Path, process::Command};

use super::{chance, render};

#[test]
#[ignore = "compiles as many machines as it is asked for, by BAILIWICK_MACHINES"]
fn machines_by_chance_do_what_their_tables_say() {
    let asked = |name: &str| env::var(name).ok().map(|word| word.parse::<u64>().unwrap());
    let machines = usize::try_from(asked("BAILIWICK_MACHINES").unwrap_or(100)).unwrap();
    let seed = asked("BAILIWICK_SEED").unwrap_or_else(|| u64::from(std::process::id()) * 1_000_003);
    println!("BAILIWICK_MACHINES={machines} BAILIWICK_SEED={seed}");
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("machines");
    write(&folder, machines, seed);
    let mut cargo = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo.args(["run", "--offline", "--quiet", "--manifest-path"]).arg(folder.join("Cargo.toml"));
    cargo.arg("--target-dir").arg(folder.join("target")).env_remove("RUSTFLAGS");
    assert!(cargo.status().unwrap().success(), "BAILIWICK_MACHINES={machines} BAILIWICK_SEED={seed}");
}

/// The list of so many modules; `home` is where they stand.
pub fn list(machines: usize, home: &str) -> String {
    let mut text = format!("//! The machines of `{home}`, by chance. The renderer wrote this list.\n\n");
    text.push_str("use super::drive::Subject;\n\n");
    for number in 1..=machines {
        let _ = writeln!(
            text,
            "#[allow(unused, clippy::all, reason = \"written by chance\")]\n#[rustfmt::skip]\nmod m{number:02};"
        );
    }
    text.push_str("\n/// One of each.\n#[rustfmt::skip]\npub fn all() -> Vec<Box<dyn Subject>> {\n    vec![\n");
    for number in 1..=machines {
        let _ = writeln!(text, "        Box::new(m{number:02}::Machine{number}::new()),");
    }
    text + "    ]\n}\n"
}

fn write(folder: &Path, machines: usize, seed: u64) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..").canonicalize().unwrap();
    fs::create_dir_all(folder.join("src/generated")).unwrap();
    fs::copy(root.join("Cargo.lock"), folder.join("Cargo.lock")).unwrap();
    let manifest = format!(
        "[package]\nname = \"machines\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n[dependencies]\nthiserror = \"2\"\n\
         bailiwick = {{ path = {:?}, default-features = false, features = [\"macros\"] }}\n\n[workspace]\n",
        root.join("runtime")
    );
    fs::write(folder.join("Cargo.toml"), manifest).unwrap();
    fs::write(folder.join("src/main.rs"), program(&root.join("tests/behaviour/machines/random"), seed)).unwrap();
    fs::write(folder.join("src/generated/mod.rs"), list(machines, "this program")).unwrap();
    for number in 1..=machines {
        let text = render::module(&chance::table(number, seed + number as u64));
        fs::write(folder.join(format!("src/generated/m{number:02}.rs")), text).unwrap();
    }
}

fn program(home: &Path, seed: u64) -> String {
    let mut text = String::from("//! Machines by chance, driven.\n#![allow(dead_code)]\n\n");
    for module in ["chance", "drive", "interpreter", "table"] {
        let _ = writeln!(text, "#[path = {:?}]\nmod {module};", home.join(format!("{module}.rs")));
    }
    let _ = write!(
        text,
        "mod generated;\n\nfn main() {{\n    for (number, mut subject) in (1..).zip(generated::all()) {{\n        \
         let table = chance::table(number, {seed} + number as u64);\n        for run in 0..200 {{\n            \
         drive::compare(&table, &mut *subject, run, 100);\n        }}\n    }}\n}}\n"
    );
    text
}
