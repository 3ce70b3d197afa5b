//! Logs as CSV.

use bailiwick::conformance::{Conformance, LogErrorKind, LogMap, Report, read_csv};

use super::order;

fn read(text: &[u8], map: &LogMap) -> (Report, Result<(), bailiwick::conformance::LogError>) {
    let mut check = map.check(&order()).unwrap();
    let outcome = read_csv(text, map, &mut check);
    (check.finish(), outcome)
}

fn plain(text: &str) -> Report {
    let (report, outcome) = read(text.as_bytes(), &LogMap::default());
    outcome.unwrap();
    report
}

#[test]
fn a_row_is_an_event_whatever_the_order_of_the_columns() {
    let report = plain("time,extra,activity,case\n2024-01-02T03:04:05Z,x,pending,1\n2024-01-02 03:04:05,y,paid,1\n");
    assert_eq!((report.events, report.cases, report.equal_times, report.violations.total()), (2, 1, 1, 0));
}

#[test]
fn quotes_a_byte_order_mark_and_windows_line_ends_are_read() {
    let report = plain("\u{feff}case,activity\r\n\"a, \"\"b\"\"\nc\",pending\r\n\"a, \"\"b\"\"\nc\",delivered\r\n");
    assert_eq!((report.events, report.cases), (2, 1));
    assert_eq!(report.first[0].case, "a, \"b\"\nc");
}

#[test]
fn a_row_without_a_time_has_none_and_a_log_may_have_no_times() {
    let report = plain("case,activity,time\n1,pending,2024-01-02T00:00:00Z\n1,paid,\n1,shipped,2024-01-01\n");
    assert_eq!((report.equal_times, report.backward_times), (0, 1));
    assert_eq!(plain("case,activity\n1,pending\n").events, 1);
}

#[test]
fn times_are_read_in_the_usual_spellings() {
    let spellings = "2024-01-02T03:04:05Z 2024-01-02T03:04:05.000 2024-01-02T04:04:05+0100 2024-01-02T01:04:05.0-02:00";
    let rows: String = spellings.split(' ').map(|time| format!("1,pending,{time}\n")).collect();
    let report = plain(&format!("case,activity,time\n{rows}1,pending,2024-01-02 03:04:05\n"));
    assert_eq!((report.equal_times, report.backward_times), (4, 0));
}

#[test]
fn the_map_names_columns_delimiter_and_activities() {
    let toml = "delimiter = ';'\ncase = 'Order No'\nactivity = 'Status'\ntime = 'At'\n[rename]\nNEW = 'pending'\n";
    let map = LogMap::from_toml(toml).unwrap();
    let (report, outcome) = read(b"Order No; Status ;At\n7;NEW;2024-01-02\n7;paid;2024-01-03\n", &map);
    outcome.unwrap();
    assert_eq!((report.events, report.violations.total()), (2, 0));
}

#[test]
fn a_missing_column_is_named_with_those_that_there_are() {
    for (header, column) in [("id,activity", "case"), ("case,state", "activity"), ("", "case")] {
        let (_, outcome) = read(header.as_bytes(), &LogMap::default());
        let error = outcome.unwrap_err();
        assert!(
            matches!(error.kind(), LogErrorKind::MissingColumn { column: missing, .. } if missing == column),
            "{error}"
        );
        assert_eq!((error.code(), error.line()), ("conformance/missing_column", Some(1)));
    }
    let map = LogMap::from_toml("time = 'when'").unwrap();
    let (_, outcome) = read(b"case,activity,time\n", &map);
    let text = "line 1: there is no column `when`: name it in the map; there are `case`, `activity`, `time`";
    assert_eq!(outcome.unwrap_err().to_string(), text);
}

#[test]
fn an_error_names_its_line_and_what_came_before_is_counted() {
    let start = "case,activity,time\n1,pending,2024-01-02\n\"2\n2\",pending,2024-01-02\n";
    for (row, code) in [
        ("3,pending", "conformance/ragged_row"),
        ("3,pending,2024-01-02,x", "conformance/ragged_row"),
        ("3,pending,yesterday", "conformance/bad_time"),
        ("3,,2024-01-02", "conformance/missing_value"),
        (",pending,2024-01-02", "conformance/missing_value"),
        ("3,pend\u{0}", "conformance/ragged_row"),
    ] {
        let (report, outcome) = read(format!("{start}{row}\n3,paid,2024-01-03\n").as_bytes(), &LogMap::default());
        let error = outcome.unwrap_err();
        assert_eq!((error.code(), error.line(), report.events), (code, Some(5), 2), "{error}");
    }
}

#[test]
fn a_text_that_is_not_utf8_is_an_error_with_its_line() {
    let (report, outcome) = read(b"case,activity\n1,pending\n1,pa\xefd\n", &LogMap::default());
    let error = outcome.unwrap_err();
    assert_eq!((error.code(), error.line(), report.events), ("conformance/not_utf8", Some(3), 1));
    let (_, outcome) = read(b"case,activ\xefty\n", &LogMap::default());
    assert_eq!(outcome.unwrap_err().code(), "conformance/not_utf8");
}

#[test]
fn a_quote_that_is_never_closed_does_not_fill_the_memory() {
    let text = format!("case,activity\n1,pending\n2,\"paid\n{}", "3,pending\n".repeat(1 << 20));
    let mut check = Conformance::new(&order());
    let info = allocation_counter::measure(|| {
        let error = read_csv(text.as_bytes(), &LogMap::default(), &mut check).unwrap_err();
        assert_eq!((error.code(), error.line()), ("conformance/too_long", Some(3)), "{error}");
    });
    assert!(info.bytes_max < 8 << 20, "{} bytes", info.bytes_max);
    assert_eq!(check.finish().events, 1);
}

#[test]
fn of_a_cut_log_only_a_row_that_lacks_fields_is_seen() {
    let text = "case,activity,time\n1,pending,\n1,paid,2023-03-07T09:26:02Z\n1,shipped,";
    let seen = |length: usize| read(&text.as_bytes()[..length], &LogMap::default()).1.is_err();
    let rows: Vec<usize> = text.match_indices('\n').map(|(at, _)| at).collect();
    assert!(rows[1..].iter().all(|end| !seen(*end) && !seen(end + 1)), "between two rows it is the end");
    assert!((rows[1] + 2..=rows[1] + 7).all(seen), "a row that lacks fields is not");
    assert!(!seen(text.len()), "nor is a value of which nothing is left");
}
