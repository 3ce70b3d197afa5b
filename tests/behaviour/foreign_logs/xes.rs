//! Logs as XES.

use bailiwick::conformance::{LogError, LogErrorKind, LogMap, Report, read_xes};

use super::order;

fn read(text: &str, map: &LogMap) -> (Report, Result<(), LogError>) {
    let mut check = map.check(&order()).unwrap();
    let outcome = read_xes(text.as_bytes(), map, &mut check);
    (check.finish(), outcome)
}

fn plain(text: &str) -> Report {
    let (report, outcome) = read(text, &LogMap::default());
    outcome.unwrap();
    report
}

fn error(text: &str) -> LogError {
    read(text, &LogMap::default()).1.unwrap_err()
}

/// A log as real ones are: declarations, defaults, nested and foreign attributes, comments.
const WHOLE: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<!-- exported -->
<log xes.version="1.0" xmlns="http://www.xes-standard.org/">
  <extension name="Concept" prefix="concept" uri="http://www.xes-standard.org/concept.xesext"/>
  <global scope="event"><string key="concept:name" value="UNKNOWN"/></global>
  <classifier name="Activity" keys="concept:name"/>
  <string key="concept:name" value="the log"/>
  <trace>
    <string key="concept:name" value="A &amp; &#x42; &quot;1&quot;"/>
    <event>
      <string key="concept:name" value="pending">
        <string key="concept:name" value="nested and ignored"/>
      </string>
      <date value="2024-01-02T03:04:05.000+01:00" key="time:timestamp"/>
      <string key="org:resource" value="Ada"/>
      <list key="parts"><values><event><string key="concept:name" value="no event"/></event></values></list>
    </event>
    <event><![CDATA[ <event> ]]><string key="concept:name" value="shipped"></string>
      <date key="time:timestamp" value="2024-01-02T02:04:05Z"/></event>
  </trace>
  <trace><event><string key="concept:name" value="paid"/></event></trace>
  <trace/>
</log>
"#;

#[test]
fn names_and_times_are_read_and_everything_else_is_ignored() {
    let report = plain(WHOLE);
    assert_eq!((report.events, report.cases, report.equal_times, report.violations.total()), (3, 2, 1, 2));
    let shown: Vec<_> = report.first.iter().map(|violation| (&*violation.case, violation.position)).collect();
    assert_eq!(shown, [("A & B \"1\"", 2), ("#2", 1)]);
    assert_eq!(report.unfinished, 2);
}

#[test]
fn elements_may_have_a_prefix() {
    let text = r#"<x:log xmlns:x="http://www.xes-standard.org/"><x:trace><x:event>
        <x:string key="concept:name" value="pending"/></x:event></x:trace></x:log>"#;
    assert_eq!(plain(text).events, 1);
}

#[test]
fn two_traces_of_one_name_are_two_cases() {
    let trace = r#"<trace><string key="concept:name" value="1"/><event><string key="concept:name" value="pending"/></event></trace>"#;
    let report = plain(&format!("<log>{trace}{trace}</log>"));
    assert_eq!((report.cases, report.violations.total()), (2, 0));
}

#[test]
fn the_map_names_other_keys() {
    let map = LogMap::from_toml("case = 'id'\nactivity = 'state'\ntime = 'at'").unwrap();
    let text = r#"<log><trace><string key="id" value="7"/><event><string key="concept:name" value="x"/>
        <string key="state" value="paid"/><date key="at" value="2024-01-02T03:04:05"/></event></trace></log>"#;
    let (report, outcome) = read(text, &map);
    outcome.unwrap();
    assert_eq!(report.first[0].case, "7");
}

#[test]
fn a_log_that_is_cut_anywhere_is_an_error_and_what_came_before_is_counted() {
    let end = WHOLE.rfind("</log>").unwrap() + "</log>".len();
    for cut in 0..end {
        let left = &WHOLE[..cut];
        let (report, outcome) = read(left, &LogMap::default());
        let error = outcome.expect_err(left);
        let amid_bang = "<![CDATA[".starts_with(&left[left.rfind('<').unwrap_or(0)..]);
        let named = error.code() == "conformance/cut_short" || amid_bang || !left.contains("<log ");
        assert!(named, "{cut}: {error}");
        let ends = ["\n    </event>", "05Z\"/></event>", "paid\"/></event>"];
        assert_eq!(report.events, ends.map(|end| left.matches(end).count() as u64).iter().sum::<u64>(), "{cut}");
    }
}

#[test]
fn malformed_xml_is_an_error_with_line_and_offset() {
    let cases = [
        ("<log>\n<trace>\n</log>", "conformance/malformed_xml"),
        (
            "<log>\n\n<trace><event><string key=concept:name value=\"a\"/></event></trace></log>",
            "conformance/malformed_xml",
        ),
        ("<log>\n\n<trace><string key=\"concept:name\" value=\"&nope;\"/></trace></log>", "conformance/malformed_xml"),
        ("<log>\n\n<!oops></log>", "conformance/malformed_xml"),
        ("<log>\n\n</log><log/>", "conformance/malformed_xml"),
        ("<log>\n\n<event/></log>", "conformance/misplaced"),
        ("<log>\n\n<trace><event/></trace></log>", "conformance/missing_value"),
        ("<log>\n\n<trace><event><string key=\"concept:name\"/></event></trace></log>", "conformance/missing_value"),
        (
            "<log>\n\n<trace><event><date key=\"time:timestamp\" value=\"now\"/></event></trace></log>",
            "conformance/bad_time",
        ),
    ];
    for (text, code) in cases {
        let error = error(text);
        assert_eq!((error.code(), error.line()), (code, Some(3)), "{text}: {error}");
        assert!(error.offset().is_some_and(|offset| offset > 5 && offset <= text.len() as u64), "{error}");
    }
}

#[test]
fn what_is_no_xes_is_told_apart() {
    assert!(matches!(error("<html><body/></html>").kind(), LogErrorKind::NotXes(root) if root == "html"));
    assert_eq!(error("case,activity\n1,pending\n").code(), "conformance/malformed_xml");
    assert_eq!(error("").code(), "conformance/malformed_xml");
}

#[test]
fn the_name_of_a_trace_stands_in_front_of_its_events() {
    let text = r#"<log><trace><event><string key="concept:name" value="pending"/></event><string key="concept:name" value="1"/></trace></log>"#;
    assert_eq!(error(text).code(), "conformance/misplaced");
}

#[test]
fn a_tag_that_never_ends_does_not_fill_the_memory() {
    let text = format!("<log>\n<string key=\"{}", "x".repeat(16 << 20));
    let info = allocation_counter::measure(|| assert_eq!(error(&text).code(), "conformance/too_long"));
    assert!(info.bytes_max < 8 << 20, "{} bytes", info.bytes_max);
}
