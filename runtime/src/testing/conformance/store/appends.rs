//! Versions, positions, expectations, duplicates of ids, and what comes back.

use std::sync::Arc;

use crate::{
    envelope::{Envelope, StoredEvent, StreamId},
    store::{AnyStore, Append, Commit, Committed, Load},
    testing::conformance::{
        case::{Failure, Outcome, check, refused, same},
        samples::{ALL, append, event, events, full_envelope, id, number, stream},
    },
    version::{ConcurrencyConflict, Expected, Position, Version},
};

async fn all_of(store: &AnyStore, stream: &StreamId) -> Result<Vec<StoredEvent>, Failure> {
    Ok(store.load(Load::all(None, stream.clone())).await?.events)
}

async fn version_of(store: &AnyStore, stream: &StreamId) -> Result<u64, Failure> {
    Ok(all_of(store, stream).await?.len() as u64)
}

pub(super) async fn versions_begin_at_one_and_have_no_gap(store: AnyStore) -> Outcome {
    let stream = stream("a")?;
    store.commit(append(&stream, Expected::NoStream, events(2))).await?;
    store.commit(append(&stream, Expected::Version(Version::new(2)), events(3))).await?;
    let found = all_of(&store, &stream).await?;
    let versions: Vec<u64> = found.iter().map(|event| event.version.get()).collect();
    same("the versions", &versions, &vec![1, 2, 3, 4, 5])?;
    let numbers: Vec<u64> = found.iter().map(|event| number(&event.envelope)).collect();
    same("the events", &numbers, &vec![1, 2, 1, 2, 3])?;
    check(found.iter().all(|event| event.stream == stream), "an event came back with another stream")
}

pub(super) async fn positions_ascend_in_the_order_of_commits(store: AnyStore) -> Outcome {
    let (a, b) = (stream("a")?, stream("b")?);
    for round in 1..=5 {
        let stream = if round % 2 == 0 { &a } else { &b };
        store.commit(append(stream, Expected::Any, vec![event(2 * round - 1), event(2 * round)])).await?;
    }
    let found = store.read(Position::START, ALL).await?;
    let numbers: Vec<u64> = found.iter().map(|event| number(&event.envelope)).collect();
    same("the global order", &numbers, &(1..=10).collect())?;
    let ascending = found.windows(2).all(|pair| matches!(pair, [one, two] if one.position < two.position));
    check(ascending, "the positions do not ascend")?;
    check(found.iter().all(|event| event.position > Position::START), "a position is at or before the start")?;
    let mut loaded = all_of(&store, &a).await?;
    loaded.extend(all_of(&store, &b).await?);
    loaded.sort_by_key(|event| event.position);
    same("the events of the streams, by position", &loaded, &found)
}

pub(super) async fn a_commit_answers_version_and_position_of_each_append(store: AnyStore) -> Outcome {
    let (a, b, none) = (stream("a")?, stream("b")?, stream("none")?);
    store.commit(append(&a, Expected::Any, events(2))).await?;
    let mut commit = append(&a, Expected::Any, events(3));
    commit.appends.push(Append { stream: none, expected: Expected::Any, events: Vec::new() });
    commit.appends.push(Append { stream: b.clone(), expected: Expected::Any, events: events(1) });
    let committed = store.commit(commit).await?;
    let last = |events: Vec<StoredEvent>| events.last().map(|event| (event.version, event.position));
    let expected = [last(all_of(&store, &a).await?), last(all_of(&store, &b).await?)];
    same("the answer", &committed.appends.iter().copied().map(Some).collect::<Vec<_>>(), &expected.to_vec())?;
    same("the versions", &committed.appends.iter().map(|(version, _)| version.get()).collect(), &vec![5_u64, 1])
}

pub(super) async fn any_appends_after_whatever_is_there(store: AnyStore) -> Outcome {
    let stream = stream("a")?;
    for _ in 0..3 {
        store.commit(append(&stream, Expected::Any, events(1))).await?;
    }
    same("the stream's version", &version_of(&store, &stream).await?, &3)
}

pub(super) async fn no_stream_admits_only_an_empty_stream(store: AnyStore) -> Outcome {
    let stream = stream("a")?;
    store.commit(append(&stream, Expected::NoStream, events(1))).await?;
    refused(store.commit(append(&stream, Expected::NoStream, events(1))).await, "store/conflict")?;
    same("the stream's version", &version_of(&store, &stream).await?, &1)
}

pub(super) async fn a_version_admits_exactly_this_version(store: AnyStore) -> Outcome {
    let stream = stream("a")?;
    let at = |version| append(&stream, Expected::Version(Version::new(version)), events(1));
    refused(store.commit(at(1)).await, "store/conflict")?;
    store.commit(append(&stream, Expected::Any, events(3))).await?;
    for wrong in [0, 1, 2, 4, u64::MAX] {
        refused(store.commit(at(wrong)).await, "store/conflict")?;
    }
    store.commit(at(3)).await?;
    same("the stream's version", &version_of(&store, &stream).await?, &4)
}

pub(super) async fn a_conflict_names_stream_expected_and_actual(store: AnyStore) -> Outcome {
    let stream = stream("a")?;
    store.commit(append(&stream, Expected::Any, events(2))).await?;
    let expected = Expected::Version(Version::new(1));
    let error = refused(store.commit(append(&stream, expected, events(1))).await, "store/conflict")?;
    check(error.is_conflict(), "the error is not a conflict")?;
    let conflict = error.cause::<ConcurrencyConflict>().cloned();
    let wanted = ConcurrencyConflict::new(stream.to_string(), expected, Version::new(2));
    same("the conflict", &conflict, &Some(wanted))?;
    same("the field `actual`", &error.field("actual"), &Some("2"))?;
    same("the field `stream`", &error.field("stream"), &Some("conformance/a"))
}

pub(super) async fn an_append_without_events_is_not_checked(store: AnyStore) -> Outcome {
    let stream = stream("a")?;
    let committed = store.commit(append(&stream, Expected::Version(Version::new(99)), Vec::new())).await?;
    same("the answer", &committed, &Committed::default())
}

pub(super) async fn two_appends_to_one_stream_follow_each_other(store: AnyStore) -> Outcome {
    let stream = stream("a")?;
    let twice = |second| {
        let mut commit = append(&stream, Expected::NoStream, events(2));
        commit.appends.push(Append { stream: stream.clone(), expected: second, events: events(1) });
        commit
    };
    refused(store.commit(twice(Expected::NoStream)).await, "store/conflict")?;
    store.commit(twice(Expected::Version(Version::new(2)))).await?;
    same("the stream's version", &version_of(&store, &stream).await?, &3)
}

pub(super) async fn a_message_id_is_stored_once(store: AnyStore) -> Outcome {
    let (a, b) = (stream("a")?, stream("b")?);
    let known = event(1);
    store.commit(append(&a, Expected::Any, vec![known.clone()])).await?;
    for stream in [&a, &b] {
        let again = append(stream, Expected::Any, vec![event(2), known.clone()]);
        refused(store.commit(again).await, "store/duplicate_event")?;
    }
    let twin = event(3);
    let twins = append(&b, Expected::Any, vec![twin.clone(), twin]);
    refused(store.commit(twins).await, "store/duplicate_event")?;
    same("the number of events", &store.counts().await?.events, &1)
}

pub(super) async fn an_empty_commit_is_applied(store: AnyStore) -> Outcome {
    same("the answer", &store.commit(Commit::default()).await?, &Committed::default())?;
    same("the number of events", &store.counts().await?.events, &0)
}

pub(super) async fn an_envelope_comes_back_as_it_was(store: AnyStore) -> Outcome {
    let stream = stream("a")?;
    let (one, other) = (full_envelope()?, full_envelope()?);
    let again = || Envelope { id: id(), ..one.clone() }; // with the same metadata
    let sent = vec![one.clone(), again(), other, event(1), again()];
    store.commit(append(&stream, Expected::Any, sent.clone())).await?;
    let envelopes = |events: Vec<StoredEvent>| events.into_iter().map(|event| event.envelope).collect::<Vec<_>>();
    same("what was loaded", &envelopes(all_of(&store, &stream).await?), &sent)?;
    same("what was read", &envelopes(store.read(Position::START, ALL).await?), &sent)
}

pub(super) async fn a_payload_of_a_mebibyte_comes_back(store: AnyStore) -> Outcome {
    let stream = stream("a")?;
    let text = format!("\"{}\"", "large ü ".repeat((1 << 20) / 9 + 1));
    let sent = Envelope { payload: Arc::from(text.into_bytes()), ..event(1) };
    store.commit(append(&stream, Expected::Any, vec![sent.clone()])).await?;
    let found = all_of(&store, &stream).await?;
    check(found.len() == 1, "not one event was loaded")?;
    check(found.iter().all(|event| event.envelope == sent), "the payload came back changed")
}

pub(super) async fn streams_with_odd_ids_are_apart(store: AnyStore) -> Outcome {
    let long = ["x".repeat(255), "ü".repeat(127), format!("{}y", "x".repeat(254))];
    let odd = ["a", "A", "a ", " a", "a/b", "ä", "a\u{308}", "'; --", "%", "_", "\\", "1", "01", "\u{1F600}", "NULL"];
    let ids: Vec<String> = odd.iter().map(|id| (*id).to_owned()).chain(long).collect();
    for (index, id) in ids.iter().enumerate() {
        store.commit(append(&stream(id.as_str())?, Expected::NoStream, vec![event(index as u64)])).await?;
    }
    for (index, id) in ids.iter().enumerate() {
        let found = all_of(&store, &stream(id.as_str())?).await?;
        let numbers: Vec<u64> = found.iter().map(|event| number(&event.envelope)).collect();
        same(&format!("the events of the stream {id:?}"), &numbers, &vec![index as u64])?;
        check(found.iter().all(|event| event.stream.id() == id), format!("the id {id:?} came back changed"))?;
    }
    Ok(())
}
