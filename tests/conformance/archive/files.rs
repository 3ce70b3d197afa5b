//! Files that are cut, doubled, out of order or something else.

use bailiwick::{
    Error,
    archive::{self, Imported, ImportedFile, Importer, Options, Source},
    envelope::StreamId,
    store::{AnyStore, MemoryStore},
};

use super::{event, export, memory};

async fn import(store: &AnyStore, file: &[u8]) -> Result<ImportedFile, Error> {
    archive::import(store, file, Options::new().batch(4)).await
}

async fn refused(file: &[u8]) -> (String, u64, u64) {
    let store = AnyStore::new(MemoryStore::new());
    let error = import(&store, file).await.unwrap_err();
    let line = error.field("line").expect("the line").parse().unwrap();
    (error.code().to_owned(), line, store.counts().await.unwrap().events)
}

fn lines(file: &[u8]) -> Vec<Vec<u8>> {
    file.split_inclusive(|byte| *byte == b'\n').map(<[u8]>::to_vec).collect()
}

fn found(code: &str, line: u64, events: u64) -> (String, u64, u64) {
    (code.to_owned(), line, events)
}

#[tokio::test]
async fn a_file_cut_at_any_byte_is_in_up_to_there_and_the_whole_file_adds_the_rest() {
    let (file, exported) = export(&memory(6).await).await;
    for cut in 0..file.len() {
        let store = AnyStore::new(MemoryStore::new());
        let whole = file[..cut].iter().filter(|byte| **byte == b'\n').count() as u64;
        if cut + 1 == file.len() {
            import(&store, &file[..cut]).await.unwrap(); // only the end of the last line is gone
            continue;
        }
        let error = import(&store, &file[..cut]).await.unwrap_err();
        assert_eq!(error.code(), "archive/truncated", "cut at {cut}: {error:?}");
        let there = store.counts().await.unwrap().events;
        let last = u64::from(cut > 0 && file.get(cut) == Some(&b'\n') && whole > 0);
        assert_eq!(there, whole.saturating_sub(1) + last, "cut at {cut}");
        let rest = import(&store, &file).await.unwrap();
        assert_eq!((rest.added, rest.present), (exported.events - there, there), "cut at {cut}");
        assert_eq!(export(&store).await.1, exported);
    }
}

#[tokio::test]
async fn line_ends_of_windows_and_a_byte_order_mark_change_nothing() {
    let (file, exported) = export(&memory(20).await).await;
    let mut odd = b"\xef\xbb\xbf".to_vec();
    for line in lines(&file) {
        odd.extend_from_slice(&line[..line.len() - 1]);
        odd.extend_from_slice(b"\r\n");
    }
    odd.extend_from_slice(b"\r\n\n");
    let store = AnyStore::new(MemoryStore::new());
    import(&store, &odd).await.unwrap();
    assert_eq!(export(&store).await.1, exported);
}

#[tokio::test]
async fn what_is_wrong_with_a_file_is_told_with_its_line() {
    let (file, exported) = export(&memory(6).await).await;
    let (all, events) = (lines(&file), exported.events);
    let last = all.len() as u64;
    let with = |at: usize, change: &dyn Fn(String) -> String| {
        let mut all = all.clone();
        all[at] = change(String::from_utf8(all[at].clone()).unwrap()).into_bytes();
        all.concat()
    };
    assert_eq!(refused(&[&file[..], &file[..]].concat()).await, found("archive/line", last + 1, events));
    assert_eq!(refused(b"\x1f\x8b\x08\x00").await, found("archive/header", 1, 0));
    assert_eq!(refused(b"time,name\n1,a\n").await, found("archive/header", 1, 0));
    assert_eq!(refused(&with(0, &|line| line.replace("bailiwick", "other"))).await, found("archive/header", 1, 0));
    assert_eq!(refused(&with(0, &|line| line.replace(":1}", ":2}"))).await, found("archive/version", 1, 0));
    assert_eq!(refused(&with(3, &|_| "{\"id\":}\n".into())).await, found("archive/line", 4, 2));
    assert_eq!(refused(&with(3, &|line| line.replace("order", "older"))).await, found("archive/line", 4, 2));
    let end = last as usize - 1;
    let digest = |line: String| {
        let (head, sum) = line.split_once("digest\":\"").unwrap();
        let other = if sum.starts_with('0') { '1' } else { '0' };
        format!("{head}digest\":\"{other}{}", &sum[1..])
    };
    assert_eq!(refused(&with(end, &digest)).await.0, "archive/digest");
    assert_eq!(refused(&with(end, &|line| line.replace("events\":", "events\":1"))).await.0, "archive/digest");
    let mut without = all.clone();
    without.remove(end - 1);
    assert_eq!(refused(&without.concat()).await, found("archive/digest", last - 1, events - 1));
    let long = archive::import(&AnyStore::new(MemoryStore::new()), &file[..], Options::new().longest_line(90)).await;
    assert_eq!(long.unwrap_err().code(), "archive/line_too_long");
}

#[tokio::test]
async fn lines_out_of_order_are_a_gap_and_doubled_ones_are_skipped() {
    let store = AnyStore::new(MemoryStore::new());
    let stream = StreamId::new("order", "1").unwrap();
    let mut importer = Importer::new(&store);
    importer.push(None, stream, (0..9).map(event).collect()).await.unwrap();
    importer.finish().await.unwrap();
    let (file, exported) = export(&store).await;
    let mut all = lines(&file);
    all.swap(6, 7); // versions 6 and 7
    assert_eq!(refused(&all.concat()).await, found("archive/gap", 7, 5));
    all.swap(6, 7);
    all.swap(1, 2);
    assert_eq!(refused(&all.concat()).await, found("archive/gap", 2, 0));
    all.swap(1, 2);
    for at in [1, 4, 9] {
        let mut doubled = all.clone();
        doubled.insert(at, all[at].clone());
        let store = AnyStore::new(MemoryStore::new());
        let error = import(&store, &doubled.concat()).await.unwrap_err();
        assert_eq!(error.code(), "archive/digest", "the end counts the lines");
        assert_eq!(export(&store).await.1, exported);
    }
}

#[tokio::test]
async fn another_event_in_the_place_is_told_and_nothing_is_overwritten() {
    let (one, other) = (memory(9).await, memory(9).await);
    let file = export(&one).await.0;
    let before = export(&other).await.1;
    let error = import(&other, &file).await.unwrap_err();
    assert_eq!((error.code(), error.field("line")), ("archive/different", Some("2")));
    assert_eq!((error.field("stream"), error.field("version")), (Some("order/ü 0"), Some("1")));
    assert_eq!(export(&other).await.1, before);
}

#[tokio::test]
async fn foreign_records_come_in_once_however_often_they_are_brought() {
    let store = AnyStore::new(MemoryStore::new());
    let source = Source::named("orders.csv");
    let mut told = Vec::new();
    for count in [13, 40, 40] {
        let mut importer = Importer::new(&store).batch(5);
        for record in 0..count {
            let stream = StreamId::new("order", (record % 3).to_string()).unwrap();
            let event = |nth| bailiwick::Envelope { id: source.message_id(record, nth), ..event(1) };
            importer.push(None, stream, vec![event(0), event(1)]).await.unwrap();
        }
        told.push(importer.finish().await.unwrap());
    }
    let expected = [(26, 0), (54, 26), (0, 80)].map(|(added, present)| Imported { added, present });
    assert_eq!(told, expected);
    assert!(archive::verify(&store, Options::new()).await.unwrap().is_sound());
}
