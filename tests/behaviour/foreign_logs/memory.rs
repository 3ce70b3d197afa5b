//! What a log costs in memory: a count of bytes, so it is a test and no bench.

use std::io::{BufReader, Read};

use allocation_counter::measure;
use bailiwick::conformance::{Conformance, LogMap, read_csv, read_xes};

use super::{graph, order};

/// The most bytes at one time while `cases` go through the machine step by step, all of them at once.
fn of_mixed(cases: u32, rounds: u32) -> u64 {
    let machine = graph(&["*A", "B"], &[("go", "A => B"), ("back", "B => A")]);
    let work = || {
        let mut check = Conformance::new(&machine);
        for round in 0..rounds {
            for case in 0..cases {
                check.feed(&format!("case {case}"), if round % 2 == 0 { "a" } else { "b" }, None);
            }
        }
        let report = check.finish();
        assert_eq!((report.events, report.violations.total()), (u64::from(cases * rounds), 0));
    };
    work();
    measure(work).bytes_max
}

#[test]
fn memory_grows_with_the_cases_and_not_with_the_events() {
    let (few, many) = (of_mixed(100, 100), of_mixed(100, 2_000));
    assert_eq!(few, many, "10,000 and 200,000 events of 100 cases");
}

#[test]
fn a_case_costs_a_few_bytes_however_long_its_id_and_less_when_it_has_ended() {
    let cost = |ended: bool| {
        let count = 14_000_u64; // just below the point where the table of 16,384 places would grow
        let work = || {
            let mut check = Conformance::new(&order());
            for case in 0..count {
                let id = format!("{case:0>200}");
                check.feed(&id, "pending", None);
                if ended {
                    check.feed(&id, "cancelled", None);
                }
            }
            check
        };
        let info = measure(|| drop(work()));
        let kept = measure(|| std::mem::forget(work())).bytes_current;
        assert!(info.bytes_max < 2 * 1024 * 1024, "{} bytes at most", info.bytes_max);
        u64::try_from(kept).unwrap() / count
    };
    let (open, ended) = (cost(false), cost(true));
    assert!(open <= 36, "{open} bytes for an open case");
    assert!(ended <= 22, "{ended} bytes for one that has ended");
}

/// A log of any length that is never in memory as a whole.
struct Endless<F> {
    record: F,
    next: u64,
    left: u64,
    text: Vec<u8>,
}

impl<F: Fn(u64) -> String> Read for Endless<F> {
    fn read(&mut self, to: &mut [u8]) -> std::io::Result<usize> {
        if self.text.is_empty() && self.left > 0 {
            self.text = (self.record)(self.next).into_bytes();
            (self.next, self.left) = (self.next + 1, self.left - 1);
        }
        let take = self.text.len().min(to.len());
        to[..take].copy_from_slice(&self.text[..take]);
        self.text.drain(..take);
        Ok(take)
    }
}

fn endless(records: u64, record: impl Fn(u64) -> String) -> impl std::io::BufRead {
    BufReader::new(Endless { record, next: 0, left: records, text: Vec::new() })
}

#[test]
fn a_csv_is_streamed() {
    let peak = |events| {
        let rows = endless(events + 1, |row| match row {
            0 => "case,activity,time\n".to_owned(),
            row => format!("case {},pending,2024-01-02T03:04:05Z\n", row % 50),
        });
        let mut check = Conformance::new(&order());
        let info = measure(|| read_csv(rows, &LogMap::default(), &mut check).unwrap());
        assert_eq!(check.finish().events, events);
        info.bytes_max
    };
    assert_eq!(peak(10_000), peak(200_000));
}

#[test]
fn an_xes_is_streamed_and_its_cases_cost_nothing_once_they_are_read() {
    let peak = |traces: u64| {
        let log = endless(traces + 2, |at| match at {
            0 => "<log>".to_owned(),
            at if at > traces => "</log>".to_owned(),
            at => format!(
                "<trace><string key='concept:name' value='{at:09}'/><event><string key='concept:name' value='pending'/></event>\
                 <event><string key='concept:name' value='paid'/></event></trace>\n"
            ),
        });
        let mut check = Conformance::new(&order());
        let info = measure(|| read_xes(log, &LogMap::default(), &mut check).unwrap());
        let report = check.finish();
        assert_eq!((report.cases, report.unfinished), (traces, traces));
        info.bytes_max
    };
    assert_eq!(peak(5_000), peak(100_000));
}
