//! Reading a stream and the global order, snapshots, tenants.

use std::time::Duration;

use crate::{
    envelope::{Envelope, StoredEvent, StreamId},
    store::{AnyStore, CheckpointMove, Commit, Fault, FaultKind, Load, Loaded, LogEvent, Snapshot, Until, checksum},
    testing::conformance::{
        case::{Failure, Outcome, check, same},
        samples::{ALL, NOON, append, event, events, full_envelope, id, number, stream, tenant},
    },
    timestamp::Timestamp,
    version::{Expected, Position, Version},
};

fn numbers(events: &[StoredEvent]) -> Vec<u64> {
    events.iter().map(|event| number(&event.envelope)).collect()
}

/// A store whose stream `a` has the events 1 to 5.
async fn with_five(store: &AnyStore) -> Result<StreamId, Failure> {
    let stream = stream("a")?;
    store.commit(append(&stream, Expected::Any, events(5))).await?;
    Ok(stream)
}

fn snapshot(stream: &StreamId, version: u64, schema: u64) -> Snapshot {
    let state = format!("{{\"version\":{version},\"schema\":{schema}}}").into_bytes();
    Snapshot { stream: stream.clone(), version: Version::new(version), schema, state }
}

async fn keep(store: &AnyStore, snapshots: Vec<Snapshot>) -> Outcome {
    store.commit(Commit { snapshots, ..Commit::default() }).await?;
    Ok(())
}

async fn load(store: &AnyStore, stream: &StreamId, after: u64, schema: Option<u64>) -> Result<Loaded, Failure> {
    let load = Load { after: Version::new(after), snapshot: schema, ..Load::all(None, stream.clone()) };
    Ok(store.load(load).await?)
}

pub(super) async fn a_stream_that_is_not_there_is_empty(store: AnyStore) -> Outcome {
    with_five(&store).await?;
    same("what was loaded", &load(&store, &stream("none")?, 0, Some(1)).await?, &Loaded::default())
}

pub(super) async fn a_load_begins_after_a_version(store: AnyStore) -> Outcome {
    let stream = with_five(&store).await?;
    for (after, expected) in [(0, vec![1, 2, 3, 4, 5]), (3, vec![4, 5]), (5, vec![]), (9, vec![]), (u64::MAX, vec![])] {
        let loaded = load(&store, &stream, after, None).await?;
        same(&format!("the events after version {after}"), &numbers(&loaded.events), &expected)?;
    }
    Ok(())
}

pub(super) async fn a_load_ends_at_a_version(store: AnyStore) -> Outcome {
    let stream = with_five(&store).await?;
    keep(&store, vec![snapshot(&stream, 1, 7)]).await?;
    let wanted = [(0, 3, vec![1, 2, 3]), (2, 4, vec![3, 4]), (3, 3, vec![]), (4, 2, vec![]), (3, u64::MAX, vec![4, 5])];
    for (after, until, expected) in wanted {
        let (after, until) = (Version::new(after), Until::Version(Version::new(until)));
        for snapshot in [None, Some(8)] {
            let load = Load { after, until, snapshot, ..Load::all(None, stream.clone()) };
            let events = store.load(load).await?.events;
            same(&format!("the events after {after}, {until:?}"), &numbers(&events), &expected)?;
        }
    }
    Ok(())
}

pub(super) async fn a_load_ends_before_the_first_event_that_is_later(store: AnyStore) -> Outcome {
    let stream = stream("a")?;
    let at = |seconds| NOON.plus(Duration::from_secs(seconds));
    let timed = |(number, seconds): (u64, u64)| Envelope { time: at(seconds), ..event(number) };
    let events = (1..).zip([10, 20, 15, 30, 25]).map(timed).collect();
    store.commit(append(&stream, Expected::Any, events)).await?;
    let wanted = [(9, vec![]), (10, vec![1]), (19, vec![1]), (20, vec![1, 2, 3]), (29, vec![1, 2, 3])];
    let always = (u64::from(u32::MAX), vec![1, 2, 3, 4, 5]);
    for (seconds, expected) in wanted.into_iter().chain([(30, vec![1, 2, 3, 4, 5]), always]) {
        for snapshot in [None, Some(8)] {
            let load = Load { until: Until::Time(at(seconds)), snapshot, ..Load::all(None, stream.clone()) };
            let loaded = store.load(load).await?;
            same(&format!("the events {seconds} s after the start"), &numbers(&loaded.events), &expected)?;
        }
    }
    let nowhere = Load { until: Until::Time(at(20)), ..Load::all(None, StreamId::new("conformance", "none")?) };
    same("what was loaded of no stream", &store.load(nowhere).await?, &Loaded::default())
}

pub(super) async fn a_snapshot_beyond_the_end_is_left_out(store: AnyStore) -> Outcome {
    let stream = with_five(&store).await?;
    keep(&store, vec![snapshot(&stream, 3, 7)]).await?;
    let load = |until| Load { until, snapshot: Some(7), ..Load::all(None, stream.clone()) };
    for (until, expected) in [
        (Until::Version(Version::new(2)), (None, vec![1, 2])),
        (Until::Version(Version::new(3)), (Some(snapshot(&stream, 3, 7)), vec![])),
        (Until::Version(Version::new(4)), (Some(snapshot(&stream, 3, 7)), vec![4])),
        (Until::Time(Timestamp::from_micros(0)), (None, vec![])),
        (Until::Time(NOON), (Some(snapshot(&stream, 3, 7)), vec![4, 5])),
    ] {
        let loaded = store.load(load(until)).await?;
        same(&format!("what was loaded, {until:?}"), &(loaded.snapshot, numbers(&loaded.events)), &expected)?;
    }
    Ok(())
}

pub(super) async fn a_load_begins_with_the_snapshot(store: AnyStore) -> Outcome {
    let stream = with_five(&store).await?;
    keep(&store, vec![snapshot(&stream, 3, 7)]).await?;
    let loaded = load(&store, &stream, 0, Some(7)).await?;
    same("the snapshot", &loaded.snapshot, &Some(snapshot(&stream, 3, 7)))?;
    same("the events after it", &numbers(&loaded.events), &vec![4, 5])?;
    let unwanted = load(&store, &stream, 0, None).await?;
    same("a snapshot that nobody wanted", &unwanted.snapshot, &None)?;
    same("the events without it", &numbers(&unwanted.events), &vec![1, 2, 3, 4, 5])
}

pub(super) async fn a_snapshot_at_or_before_the_load_is_left_out(store: AnyStore) -> Outcome {
    let stream = with_five(&store).await?;
    keep(&store, vec![snapshot(&stream, 3, 7)]).await?;
    for (after, tail) in [(3, vec![4, 5]), (4, vec![5])] {
        let loaded = load(&store, &stream, after, Some(7)).await?;
        same("the snapshot", &loaded.snapshot, &None)?;
        same("the events", &numbers(&loaded.events), &tail)?;
    }
    check(load(&store, &stream, 2, Some(7)).await?.snapshot.is_some(), "a snapshot beyond the load was left out")
}

pub(super) async fn a_snapshot_never_goes_backwards(store: AnyStore) -> Outcome {
    let stream = with_five(&store).await?;
    for version in [4, 2] {
        keep(&store, vec![snapshot(&stream, version, 7)]).await?;
    }
    keep(&store, vec![snapshot(&stream, 3, 7), snapshot(&stream, 1, 7)]).await?;
    let found = load(&store, &stream, 0, Some(7)).await?.snapshot;
    same("the snapshot", &found, &Some(snapshot(&stream, 4, 7)))?;
    keep(&store, vec![snapshot(&stream, 5, 7)]).await?;
    let found = load(&store, &stream, 0, Some(7)).await?.snapshot;
    same("the newer snapshot", &found, &Some(snapshot(&stream, 5, 7)))
}

pub(super) async fn a_snapshot_of_another_schema_is_a_miss(store: AnyStore) -> Outcome {
    let stream = with_five(&store).await?;
    keep(&store, vec![snapshot(&stream, 4, 7)]).await?;
    for schema in [6, 8, 0, 7 + (1 << 32), (1 << 63) - 1] {
        let loaded = load(&store, &stream, 0, Some(schema)).await?;
        same("the snapshot", &loaded.snapshot, &None)?;
        same("the events", &numbers(&loaded.events), &vec![1, 2, 3, 4, 5])?;
    }
    keep(&store, vec![snapshot(&stream, 2, 8)]).await?;
    let loaded = load(&store, &stream, 0, Some(8)).await?;
    same("the snapshot of the new schema", &loaded.snapshot, &Some(snapshot(&stream, 2, 8)))?;
    same("the events after it", &numbers(&loaded.events), &vec![3, 4, 5])?;
    let longest = (1 << 63) - 1;
    keep(&store, vec![snapshot(&stream, 3, longest)]).await?;
    let found = load(&store, &stream, 0, Some(longest)).await?.snapshot;
    same("the snapshot of a schema of 63 bits", &found, &Some(snapshot(&stream, 3, longest)))?;
    same("that of one beside it", &load(&store, &stream, 0, Some(longest - 1)).await?.snapshot, &None)
}

pub(super) async fn the_global_order_is_read_in_parts(store: AnyStore) -> Outcome {
    for (index, id) in ["a", "b", "a", "c", "b", "a", "c"].into_iter().enumerate() {
        store.commit(append(&stream(id)?, Expected::Any, vec![event(index as u64 + 1)])).await?;
    }
    let (mut found, mut after) = (Vec::new(), Position::START);
    for _ in 0..9 {
        let part = store.read(after, 3).await?;
        check(part.len() <= 3, "more events than the limit")?;
        let Some(last) = part.last() else { break };
        after = last.position;
        found.extend(numbers(&part));
    }
    same("the events in parts", &found, &(1..=7).collect())?;
    same("the events of a limit of 0", &store.read(Position::START, 0).await?.len(), &0)?;
    same("the events without a limit", &store.read(Position::START, usize::MAX).await?.len(), &7)?;
    same("the events after the end", &store.read(Position::new(u64::MAX), ALL).await?.len(), &0)
}

pub(super) async fn tenants_have_streams_of_their_own(store: AnyStore) -> Outcome {
    let stream = stream("a")?;
    let tenants = [None, tenant("acme")?, tenant("ACME")?, tenant("zenith")?];
    for (index, tenant) in tenants.iter().enumerate() {
        let mut commit = append(&stream, Expected::NoStream, vec![event(index as u64 + 1)]);
        commit.tenant = tenant.clone();
        commit.snapshots = vec![snapshot(&stream, 1, index as u64 + 1)];
        store.commit(commit).await?;
    }
    for (index, tenant) in tenants.iter().enumerate() {
        let number = index as u64 + 1;
        let mut load = Load { snapshot: Some(number), ..Load::all(tenant.clone(), stream.clone()) };
        same("a tenant's snapshot", &store.load(load.clone()).await?.snapshot, &Some(snapshot(&stream, 1, number)))?;
        load.snapshot = None;
        same("a tenant's events", &numbers(&store.load(load).await?.events), &vec![number])?;
    }
    let all = store.read(Position::START, ALL).await?;
    same("the events of all tenants", &numbers(&all), &vec![1, 2, 3, 4])
}

pub(super) async fn the_log_tells_tenant_and_checksum(store: AnyStore) -> Outcome {
    for (id, tenant) in [("a", None), ("b", tenant("acme")?), ("a", None)] {
        let commit = append(&stream(id)?, Expected::Any, vec![full_envelope()?, event(1)]);
        store.commit(Commit { tenant, ..commit }).await?;
    }
    let (mut found, mut tenants, mut after) = (Vec::new(), Vec::new(), Position::START);
    for _ in 0..9 {
        let part = store.log(after, 4).await?;
        check(part.len() <= 4, "more rows than the limit")?;
        let Some(last) = part.last() else { break };
        after = last.position;
        for row in part {
            let LogEvent { tenant, checksum: sum, event } = row.event?;
            same("the position of a row", &row.position, &event.position)?;
            same("the checksum", &sum, &checksum(tenant.as_ref(), &event.stream, event.version, &event.envelope)?)?;
            tenants.push(tenant);
            found.push(event);
        }
    }
    let acme = tenant("acme")?;
    same("whose events they are", &tenants, &vec![None, None, acme.clone(), acme, None, None])?;
    same("the events of the log", &found, &store.read(Position::START, ALL).await?)
}

pub(super) async fn messages_are_found_by_their_ids(store: AnyStore) -> Outcome {
    with_five(&store).await?;
    let stored = store.read(Position::START, ALL).await?;
    let mut asked: Vec<_> = stored.iter().rev().step_by(2).map(|event| event.envelope.id).collect();
    asked.push(id());
    let mut found = Vec::new();
    for row in store.find(asked).await? {
        found.push(row.event?.event);
    }
    found.sort_by_key(|event| event.version);
    same("the events of three ids and of one that is not there", &numbers(&found), &vec![1, 3, 5])?;
    same("the events of no ids", &store.find(Vec::new()).await?.len(), &0)
}

pub(super) async fn rows_that_contradict_each_other_are_told(store: AnyStore) -> Outcome {
    let stream = with_five(&store).await?;
    let reached = CheckpointMove { name: "reached".into(), from: None, to: store.head().await? };
    let (snapshots, checkpoints) = (vec![snapshot(&stream, 5, 7)], vec![reached]);
    store.commit(Commit { snapshots, checkpoints, ..Commit::default() }).await?;
    same("the faults of a sound store", &store.faults(9).await?, &Vec::new())?;
    let head = store.head().await?.get();
    let ahead = CheckpointMove { name: "ahead".into(), from: None, to: Position::new(head + 3) };
    let (acme, checkpoints) = (tenant("acme")?, vec![ahead]);
    store
        .commit(Commit { tenant: acme, snapshots: vec![snapshot(&stream, 9, 7)], checkpoints, ..Commit::default() })
        .await?;
    let fault =
        |kind, tenant: &str, of: &str, found, head| Fault { kind, tenant: tenant.into(), of: of.into(), found, head };
    let expected = vec![
        fault(FaultKind::SnapshotAhead, "acme", "conformance/a", 9, 0),
        fault(FaultKind::CheckpointAhead, "", "ahead", head + 3, head),
    ];
    same("the faults", &store.faults(9).await?, &expected)?;
    same("one fault", &store.faults(1).await?.len(), &1)
}
