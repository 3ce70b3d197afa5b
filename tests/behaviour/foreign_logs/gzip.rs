//! Logs under gzip, and files by their names.

use std::{fs, io::Write as _};

use bailiwick::conformance::{Conformance, LogMap, read_csv, read_file, read_xes};
use flate2::{Compression, write::GzEncoder};

use super::order;

fn gzip(text: &str) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(text.as_bytes()).unwrap();
    encoder.finish().unwrap()
}

fn csv() -> String {
    let rows = (0..40).map(|case| format!("case {case},pending\ncase {case},paid\n"));
    "case,activity\n".to_owned() + &rows.collect::<String>()
}

fn xes() -> String {
    let trace = |n| {
        format!(
            "<trace><string key='concept:name' value='{n}'/><event><string key='concept:name' value='pending'/></event></trace>"
        )
    };
    format!("<log>{}</log>", (0..40).map(trace).collect::<String>())
}

#[test]
fn a_compressed_log_is_recognised_by_its_first_bytes() {
    let mut check = Conformance::new(&order());
    read_csv(&*gzip(&csv()), &LogMap::default(), &mut check).unwrap();
    read_xes(&*gzip(&xes()), &LogMap::default(), &mut check).unwrap();
    assert_eq!(check.finish().events, 120);
}

#[test]
fn the_parts_of_a_log_that_was_compressed_in_parts_are_all_read() {
    let text = csv();
    let (first, second) = text.split_at(text.len() / 2);
    let mut check = Conformance::new(&order());
    read_csv(&*[gzip(first), gzip(second)].concat(), &LogMap::default(), &mut check).unwrap();
    assert_eq!(check.finish().events, 80);
}

#[test]
fn a_compressed_log_that_is_cut_at_any_byte_is_an_error() {
    let (csv, xes) = (gzip(&csv()), gzip(&xes()));
    let mut most = 0;
    for cut in 0..csv.len() {
        let mut check = Conformance::new(&order());
        let error = read_csv(&csv[..cut], &LogMap::default(), &mut check).expect_err("cut");
        assert!(cut < 2 || error.code() == "conformance/cut_short", "{cut}: {error}");
        most = most.max(check.finish().events);
    }
    assert!(most > 0, "what came before the cut is counted");
    for cut in 0..xes.len() {
        let mut check = Conformance::new(&order());
        let error = read_xes(&xes[..cut], &LogMap::default(), &mut check).expect_err("cut");
        assert!(cut < 2 || error.code() == "conformance/cut_short", "{cut}: {error}");
    }
}

#[test]
fn a_flipped_bit_is_an_error() {
    let whole = gzip(&csv());
    for at in (10..whole.len()).step_by(7) {
        let mut broken = whole.clone();
        broken[at] ^= 0x10;
        let mut check = Conformance::new(&order());
        assert!(read_csv(&*broken, &LogMap::default(), &mut check).is_err(), "byte {at}");
    }
}

#[test]
fn a_file_is_read_as_its_name_says() {
    let folder = tempfile::tempdir().unwrap();
    let files = [
        ("a.csv", csv().into_bytes()),
        ("B.CSV.gz", gzip(&csv())),
        ("c.xes", xes().into_bytes()),
        ("d.xes.gz", gzip(&xes())),
    ];
    let mut check = Conformance::new(&order());
    for (name, bytes) in files {
        fs::write(folder.path().join(name), bytes).unwrap();
        read_file(folder.path().join(name), &LogMap::default(), &mut check).unwrap();
    }
    assert_eq!(check.finish().events, 80 + 80 + 40 + 40);
}

#[test]
fn a_file_of_another_name_or_none_is_an_error() {
    let folder = tempfile::tempdir().unwrap();
    let code = |name: &str| {
        let mut check = Conformance::new(&order());
        read_file(folder.path().join(name), &LogMap::default(), &mut check).unwrap_err().code()
    };
    assert_eq!(code("log.txt"), "conformance/unknown_format");
    assert_eq!(code("log.csv"), "conformance/unreadable");
}
