//! The program, as one who runs it sees it.
#![allow(clippy::unwrap_used, reason = "plain speech in tests")]

#[allow(dead_code, reason = "each test takes what it needs")]
mod support;

use std::io::Write as _;

use flate2::{Compression, write::GzEncoder};
use support::{Shop, assert_both_sides, text};

const HEADER: &str = " customer_id  date number_of_cds  dollar_value\r\n";

#[test]
fn the_figures_are_the_same_on_both_sides() {
    let shop = Shop::new();
    let first = shop.figures(&["--limit", "3000"]);
    assert_both_sides(&first, 3_000, 885, 10_977_013);
    assert_eq!((&first["new_events"], &first["messages_handled"]), (&3_000.into(), &3_000.into()));
    assert!(first["events_per_second"].as_f64().unwrap() > 0.0);
    assert!(first["peak_rss_bytes"].as_u64().is_none_or(|bytes| bytes < 150 << 20), "{}", first["peak_rss_bytes"]);

    let second = shop.figures(&["--limit", "3000"]);
    assert_both_sides(&second, 3_000, 885, 10_977_013);
    assert_eq!((&second["new_events"], &second["messages_handled"]), (&0.into(), &0.into()));

    let more = shop.figures(&["--limit", "3100"]);
    assert_eq!((&more["new_events"], &more["orders"]), (&100.into(), &3_100.into()));
}

#[test]
fn the_journal_has_the_line_of_each_order_that_is_placed() {
    let shop = Shop::new();
    let file = shop.write("some.txt", format!("{HEADER} 1 19970101 1 1.00\r\nbad\r\n 2 19970101 1 1.00\r\n"));
    let journal = shop.path("journal.txt");
    for runs in 1..=2 {
        shop.figures(&["--input", text(&file), "--journal", text(&journal)]);
        let said = std::fs::read_to_string(&journal).unwrap();
        let mut lines: Vec<_> = said.lines().collect();
        lines.sort_unstable();
        assert_eq!(lines, [vec!["2"; runs], vec!["4"; runs]].concat());
    }
    let said = shop.run(&["--input", text(&file), "--journal", text(&shop.path("nowhere/journal.txt"))]);
    assert_eq!(said.code, Some(1));
    assert!(said.stderr.starts_with("cannot write the journal: "), "{}", said.stderr);
}

#[test]
fn the_report_is_for_people() {
    let said = Shop::new().run(&["--limit", "300"]);
    assert_eq!(said.code, Some(0), "{}", said.stderr);
    for piece in ["Both sides of the broker agree", "Revenue by month", "1997-01", "█", "Best customers", "CDNOW"] {
        assert!(said.stdout.contains(piece), "{piece} in {}", said.stdout);
    }
}

#[test]
fn identical_lines_are_orders_of_their_own() {
    let shop = Shop::new();
    let file = shop.write("twice.txt", format!("{HEADER}{}", " 7 19970101 1 10.50\r\n".repeat(3)));
    assert_both_sides(&shop.figures(&["--input", text(&file)]), 3, 1, 3_150);
    assert_eq!(shop.figures(&["--input", text(&file)])["new_events"], 0);
}

#[test]
fn bad_lines_are_told_counted_and_change_nothing_else() {
    let shop = Shop::new();
    let good = " 1 19970101 1 1.00\r\n";
    let mut file =
        format!("{HEADER}{good} 1 19970102 1\r\n{good} 1 1997-01-02 1 1.00\r\n 1 19970230 1 1.00\r\n").into_bytes();
    file.extend(format!(" 1 19970101 1 -1.00\r\n 1 19970101 1 abc\r\n 1 19970101 x 1.00\r\n{good}").into_bytes());
    file.extend(b" \xff\xfe 19970101 1 1.00\r\n\r\n");
    file.extend(good.as_bytes());
    let path = shop.write("mixed.txt", &file);
    let said = shop.run(&["--input", text(&path), "--json"]);
    let expected = "\
        line 3: expected 4 columns, found 3\n\
        line 5: \"1997-01-02\" is no date in the form YYYYMMDD\n\
        line 6: \"19970230\" is no date in the form YYYYMMDD\n\
        line 7: the amount \"-1.00\" is negative\n\
        line 8: \"abc\" is no amount in dollars with at most two decimals, below 1,000,000,000\n\
        line 9: \"x\" is no number of items from 1\n\
        line 11: invalid UTF-8 at byte 2\n\
        line 12: expected 4 columns, found 0\n";
    assert_eq!((said.code, said.stderr.as_str()), (Some(0), expected));
    let figures = serde_json::from_str(&said.stdout).unwrap();
    assert_both_sides(&figures, 4, 1, 400);
    assert_eq!((&figures["bad_lines"], &figures["lines_read"]), (&8.into(), &4.into()));

    let minus = file.windows(2).position(|bytes| bytes == b"-1").unwrap();
    file.splice(minus..=minus, []); // line 7 is corrected
    shop.write("mixed.txt", &file);
    let figures = shop.figures(&["--input", text(&path)]);
    assert_eq!((&figures["new_events"], &figures["orders"]), (&1.into(), &5.into()));
}

#[test]
fn many_bad_lines_are_counted_in_flat_memory() {
    let shop = Shop::new();
    let path = shop.write("bad.txt", "no order at all\n".repeat(400_000));
    let said = shop.run(&["--input", text(&path), "--json"]);
    let figures: serde_json::Value = serde_json::from_str(&said.stdout).unwrap();
    assert_eq!((&figures["bad_lines"], &figures["orders"]), (&400_000.into(), &0.into()));
    assert!(figures["peak_rss_bytes"].as_u64().is_none_or(|bytes| bytes < 60 << 20), "{}", figures["peak_rss_bytes"]);
    let lines: Vec<&str> = said.stderr.lines().collect();
    assert_eq!((lines.len(), lines[20]), (21, "and 399980 more lines that are no orders"));
}

#[test]
fn strict_stops_at_the_first_bad_line() {
    let shop = Shop::new();
    let path = shop.write("strict.txt", "1 19970101 1 1.00\n2 19970101 1 1.00\nbad\n3 19970101 1 1.00\n");
    let said = shop.run(&["--input", text(&path), "--strict", "--json"]);
    assert_eq!((said.code, said.stdout.as_str()), (Some(1), ""));
    assert_eq!(said.stderr, "line 3: expected 4 columns, found 1\n");
    let figures = shop.figures(&["--input", text(&path)]);
    assert_both_sides(&figures, 3, 3, 300);
    assert_eq!(figures["new_events"], 1);
}

#[test]
fn a_truncated_file_gives_the_orders_before_the_end() {
    let shop = Shop::new();
    let lines: String = (0..400).map(|n| format!("{} 19970101 1 {}.00\n", n * 7_919 % 1_000, n * 31 % 97)).collect();
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(lines.as_bytes()).unwrap();
    let zipped = encoder.finish().unwrap();
    let path = shop.write("orders.txt.gz", &zipped[..zipped.len() * 2 / 3]);
    let said = shop.run(&["--input", text(&path), "--json"]);
    let figures: serde_json::Value = serde_json::from_str(&said.stdout).unwrap();
    let orders = figures["orders"].as_u64().unwrap();
    let end = format!("line {}: the gzip data are truncated: the file ends in this line or before it\n", orders + 1);
    assert!(orders > 100 && orders < 400, "{orders}");
    assert_eq!((said.code, said.stderr, &figures["bad_lines"]), (Some(0), end, &1.into()));
    assert_eq!(shop.run(&["--input", text(&path), "--strict"]).code, Some(1));

    let whole = shop.write("orders.txt.gz", &zipped);
    let figures = shop.figures(&["--input", text(&whole)]);
    assert_eq!(figures["new_events"].as_u64(), Some(400 - orders));
}

#[test]
fn what_cannot_be_opened_is_named() {
    let shop = Shop::new();
    let said = shop.run(&["--input", "nowhere.txt"]);
    assert_eq!((said.code, said.stdout.as_str()), (Some(1), ""));
    assert!(said.stderr.starts_with("cannot read nowhere.txt: "), "{}", said.stderr);
    let shop = Shop::new(); // without the log of a database, from which a file can be restored
    let no_database = shop.write("shop.db", "this is no database, and it is long enough to be read as a page of one");
    let said = shop.run(&["--limit", "1"]);
    assert_eq!(said.code, Some(1), "{}", no_database.display());
    assert!(said.stderr.starts_with("the shop does not work: "), "{}", said.stderr);
}
