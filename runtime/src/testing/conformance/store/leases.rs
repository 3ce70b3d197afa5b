//! Leases; and the beginning and the end of a store.

use std::time::Duration;

use tokio::time::sleep;

use crate::{
    store::{
        AnyStore, CommandQuery, Commit, Counts, DeadLetterChange, DeadSource, Lease, LeaseRequest, Load, ModelKey, Scan,
    },
    testing::conformance::{
        case::{Failure, Outcome, check, refused, same},
        samples::{ALL, append, dead_letter, event, events, id, message, put, stream},
    },
    version::{Expected, Position},
};

const LONG: Duration = Duration::from_secs(600);
const SHORT: Duration = Duration::from_millis(200);

async fn ask(store: &AnyStore, holder: &str, ttl: Duration) -> Result<Option<Lease>, Failure> {
    let request = LeaseRequest { resource: "outbox".into(), holder: holder.into(), ttl };
    Ok(store.lease(request).await?)
}

async fn take(store: &AnyStore, holder: &str, ttl: Duration) -> Result<Lease, Failure> {
    ask(store, holder, ttl).await?.ok_or_else(|| format!("{holder} did not get a free lease").into())
}

/// A commit under a lease that leaves a row.
fn under(lease: &Lease) -> Commit {
    Commit { fences: vec![lease.fence()], models: vec![put("effect", "1")], ..Commit::default() }
}

pub(super) async fn a_lease_has_one_holder(store: AnyStore) -> Outcome {
    let lease = take(&store, "a", LONG).await?;
    same("the resource", &lease.resource.as_str(), &"outbox")?;
    same("the holder", &lease.holder.as_str(), &"a")?;
    same("what a second asker gets", &ask(&store, "b", LONG).await?, &None)?;
    let other = LeaseRequest { resource: "projection".into(), holder: "b".into(), ttl: LONG };
    check(store.lease(other).await?.is_some(), "a lease of another resource was refused")
}

pub(super) async fn renewing_keeps_the_fence(store: AnyStore) -> Outcome {
    let lease = take(&store, "a", SHORT).await?;
    let renewed = take(&store, "a", LONG).await?;
    same("the renewed lease", &renewed, &lease)?;
    sleep(SHORT * 2).await;
    same("what another gets after the first term", &ask(&store, "b", LONG).await?, &None)?;
    store.commit(under(&lease)).await?;
    Ok(())
}

pub(super) async fn a_lease_that_ended_goes_to_another(store: AnyStore) -> Outcome {
    let lost = take(&store, "a", SHORT).await?;
    sleep(SHORT * 2).await;
    let taken = take(&store, "b", LONG).await?;
    check(taken.fence > lost.fence, format!("the fence did not grow: {} after {}", taken.fence, lost.fence))?;
    same("what the former holder gets", &ask(&store, "a", LONG).await?, &None)
}

pub(super) async fn the_holder_of_a_lease_is_told(store: AnyStore) -> Outcome {
    let holder = || store.holder("outbox".into());
    same("the holder of a lease that nobody took", &holder().await?, &None)?;
    let lease = take(&store, "a", LONG).await?;
    same("the holder", &holder().await?.as_deref(), &Some("a"))?;
    store.release(lease).await?;
    same("the holder of a lease that was given back", &holder().await?, &None)?;
    take(&store, "b", SHORT).await?;
    same("the next holder", &holder().await?.as_deref(), &Some("b"))?;
    sleep(SHORT * 2).await;
    same("the holder of a lease that has ended", &holder().await?, &None)
}

pub(super) async fn a_released_lease_is_free(store: AnyStore) -> Outcome {
    let first = take(&store, "a", LONG).await?;
    store.release(first.clone()).await?;
    let second = take(&store, "b", LONG).await?;
    check(second.fence > first.fence, "the fence did not grow")?;
    store.release(first).await?; // lost meanwhile: left alone
    same("what another gets", &ask(&store, "c", LONG).await?, &None)?;
    store.commit(under(&second)).await?;
    store.release(second.clone()).await?;
    store.release(second).await?;
    Ok(())
}

pub(super) async fn a_commit_under_a_lost_lease_is_refused(store: AnyStore) -> Outcome {
    let lost = take(&store, "a", LONG).await?;
    store.commit(under(&lost)).await?;
    store.release(lost.clone()).await?;
    let held = take(&store, "b", LONG).await?;
    let late = Commit { fences: vec![held.fence(), lost.fence()], ..append(&stream("a")?, Expected::Any, events(1)) };
    refused(store.commit(late).await, "lease/lost")?;
    same("the number of events", &store.counts().await?.events, &0)?;
    let unknown = Lease { resource: "never taken".into(), ..held.clone() };
    refused(store.commit(under(&unknown)).await, "lease/lost")?;
    store.commit(under(&held)).await?;
    Ok(())
}

pub(super) async fn migrating_again_changes_nothing(store: AnyStore) -> Outcome {
    store.commit(append(&stream("a")?, Expected::Any, events(2))).await?;
    let (one, two) = futures_util::join!(store.migrate(), store.migrate());
    one.and(two)?;
    same("the number of events", &store.counts().await?.events, &2)
}

pub(super) async fn counts_tell_what_lies_there(store: AnyStore) -> Outcome {
    same("the counts of an empty store", &store.counts().await?, &Counts::default())?;
    let letter = dead_letter(DeadSource::Outbox, message(None, 1));
    let commit = Commit {
        outbox: vec![message(None, 1), message(None, 2)],
        dead: vec![DeadLetterChange::Park(Box::new(letter))],
        ..append(&stream("a")?, Expected::Any, vec![event(1), event(2), event(3)])
    };
    store.commit(commit).await?;
    same("the counts", &store.counts().await?, &Counts { events: 3, outbox: 2, dead: 1 })
}

pub(super) async fn a_closed_store_says_so(store: AnyStore) -> Outcome {
    store.close().await?;
    let stream = stream("a")?;
    let request = LeaseRequest { resource: "outbox".into(), holder: "a".into(), ttl: LONG };
    let lease = Lease { resource: "outbox".into(), holder: "a".into(), fence: 1 };
    let key = ModelKey { tenant: None, model: "conformance", key: "a".into(), generation: None };
    let scan = Scan { tenant: None, model: "conformance", after: None, limit: ALL };
    let closed = "store/closed";
    refused(store.commit(append(&stream, Expected::Any, events(1))).await, closed)?;
    refused(store.load(Load::all(None, stream)).await, closed)?;
    refused(store.read(Position::START, ALL).await, closed)?;
    refused(store.model(key).await, closed)?;
    refused(store.scan(scan).await, closed)?;
    refused(store.marked("reader".into(), vec![id()]).await, closed)?;
    refused(store.checkpoint("reader".into()).await, closed)?;
    refused(store.outbox(0, ALL).await, closed)?;
    refused(store.lease(request).await, closed)?;
    refused(store.release(lease).await, closed)?;
    refused(store.dead_letters(0, ALL).await, closed)?;
    refused(store.command(id()).await, closed)?;
    refused(store.commands(CommandQuery::newest(ALL)).await, closed)?;
    refused(store.counts().await, closed)?;
    refused(store.migrate().await, closed).map(drop)
}
