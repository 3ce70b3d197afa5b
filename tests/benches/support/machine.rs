//! What kind of machine this is; never which one.

use std::{
    fs::{self, File},
    io::{Seek as _, Write as _},
    process::Command,
    time::Instant,
};

/// Where databases lie while they are measured: on the disk that holds the target folder.
pub fn folder() -> tempfile::TempDir {
    tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap()
}

/// Cores, memory, disk and compiler in a line.
pub fn class() -> String {
    let cores = std::thread::available_parallelism().map_or(0, |cores| cores.get());
    let arch = std::env::consts::ARCH;
    format!(
        "{cores} cores, {arch}, {} GiB, `fdatasync` of 4 KiB {} µs (median of 200); load average {}; {}",
        memory(),
        fdatasync(),
        load(),
        rustc()
    )
}

fn memory() -> u64 {
    let text = fs::read_to_string("/proc/meminfo").unwrap_or_default();
    let kib =
        text.lines().find_map(|line| line.strip_prefix("MemTotal:")?.split_whitespace().next()?.parse::<u64>().ok());
    (kib.unwrap_or(0) + (1 << 19)) >> 20
}

/// The load of the last minute: other work on the machine widens every quartile.
fn load() -> String {
    let text = fs::read_to_string("/proc/loadavg").unwrap_or_default();
    text.split_whitespace().next().unwrap_or("unknown").to_owned()
}

fn fdatasync() -> u128 {
    let folder = folder();
    let mut file = File::create(folder.path().join("sync")).unwrap();
    let mut times: Vec<_> = (0..200)
        .map(|_| {
            let begun = Instant::now();
            file.rewind().unwrap();
            file.write_all(&[0x5a; 4096]).unwrap();
            file.sync_data().unwrap();
            begun.elapsed().as_micros()
        })
        .collect();
    times.sort_unstable();
    times[times.len() / 2]
}

/// The compiler.
pub fn rustc() -> String {
    let answer = Command::new("rustc").arg("--version").output();
    let text =
        answer.map_or_else(|_| "rustc unknown".into(), |answer| String::from_utf8_lossy(&answer.stdout).into_owned());
    text.split_whitespace().take(2).collect::<Vec<_>>().join(" ")
}

/// The C library.
pub fn libc() -> String {
    let answer = Command::new("getconf").arg("GNU_LIBC_VERSION").output();
    let text = answer.map_or_else(|_| String::new(), |answer| String::from_utf8_lossy(&answer.stdout).trim().into());
    if text.is_empty() { "libc unknown".into() } else { text }
}
