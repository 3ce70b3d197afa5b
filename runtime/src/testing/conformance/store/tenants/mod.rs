//! Two tenants in one store: what each has for itself, and what they share.

use crate::{
    store::{
        AnyStore, CheckpointMove, Commit, DeadLetterChange, DeadSource, Load, ModelKey, ModelSeen, OutboxMessage,
        Snapshot,
    },
    tenant::TenantId,
    testing::conformance::{
        case::{Failure, Outcome, refused, same},
        samples::{ALL, append, dead_letter, event, events, message, number, put, record, stream, tenant},
    },
    version::{Expected, Position, Version},
};

fn both() -> Result<[Option<TenantId>; 2], Failure> {
    Ok([tenant("acme")?, tenant("zenith")?])
}

/// A commit of a tenant.
fn of(tenant: &Option<TenantId>, commit: Commit) -> Commit {
    Commit { tenant: tenant.clone(), ..commit }
}

pub(crate) async fn one_tenant_does_not_move_the_streams_of_another(store: AnyStore) -> Outcome {
    let ([acme, zenith], stream) = (both()?, stream("a")?);
    store.commit(of(&acme, append(&stream, Expected::NoStream, events(3)))).await?;
    store.commit(of(&zenith, append(&stream, Expected::NoStream, events(1)))).await?;
    store.commit(of(&zenith, append(&stream, Expected::at(Version::new(1)), vec![event(7)]))).await?;
    let stale = store.commit(of(&zenith, append(&stream, Expected::at(Version::new(3)), events(1)))).await;
    refused(stale, "store/conflict")?;
    for (tenant, numbers) in [(acme, vec![1, 2, 3]), (zenith, vec![1, 7])] {
        let loaded = store.load(Load::all(tenant, stream.clone())).await?;
        let found: Vec<u64> = loaded.events.iter().map(|event| number(&event.envelope)).collect();
        same("the events of a tenant", &found, &numbers)?;
    }
    Ok(())
}

pub(crate) async fn a_snapshot_is_of_one_tenant(store: AnyStore) -> Outcome {
    let ([acme, zenith], stream) = (both()?, stream("a")?);
    for tenant in [&acme, &zenith] {
        store.commit(of(tenant, append(&stream, Expected::NoStream, events(2)))).await?;
    }
    let version = Version::new(2);
    let snapshots = vec![Snapshot { stream: stream.clone(), version, schema: 1, state: b"acme".to_vec() }];
    store.commit(of(&acme, Commit { snapshots, ..Commit::default() })).await?;
    for (tenant, state) in [(acme, Some(b"acme".to_vec())), (zenith, None)] {
        let load = Load { snapshot: Some(1), ..Load::all(tenant, stream.clone()) };
        let found = store.load(load).await?.snapshot.map(|snapshot| snapshot.state);
        same("the snapshot of a tenant", &found, &state)?;
    }
    Ok(())
}

pub(crate) async fn a_row_seen_is_changed_by_its_tenant_alone(store: AnyStore) -> Outcome {
    let [acme, zenith] = both()?;
    let writes = |value| Commit { models: vec![put("a", value)], ..Commit::default() };
    store.commit(of(&acme, writes("1"))).await?;
    let key = ModelKey { tenant: acme.clone(), model: "conformance", key: "a".into(), generation: None };
    let revision = store.model(key).await?.map(|row| row.revision);
    let decided = || {
        let seen = vec![ModelSeen { model: "conformance", key: "a".into(), revision }];
        Commit { seen, models: vec![put("decided", "1")], ..Commit::default() }
    };
    store.commit(of(&zenith, writes("2"))).await?;
    store.commit(of(&acme, decided())).await?;
    store.commit(of(&acme, writes("3"))).await?;
    refused(store.commit(of(&acme, decided())).await, "store/seen_changed").map(drop)
}

pub(crate) async fn the_global_order_is_that_of_all_tenants(store: AnyStore) -> Outcome {
    let stream = stream("a")?;
    let tenants = [tenant("acme")?, None, tenant("zenith")?, tenant("acme")?];
    for (number, tenant) in (1..).zip(&tenants) {
        let mut event = event(number);
        event.metadata.tenant.clone_from(tenant);
        store.commit(of(tenant, append(&stream, Expected::Any, vec![event]))).await?;
    }
    let read = store.read(Position::START, ALL).await?;
    let found: Vec<_> = read.iter().map(|event| event.envelope.metadata.tenant.clone()).collect();
    same("the tenants in the global order", &found, &tenants.to_vec())?;
    let mut told = Vec::new();
    for row in store.log(Position::START, ALL).await? {
        told.push(row.event?.tenant);
    }
    same("the tenants in the log", &told, &tenants.to_vec())
}

pub(crate) async fn a_message_id_and_a_command_id_are_taken_for_all_tenants(store: AnyStore) -> Outcome {
    let ([acme, zenith], stream) = (both()?, stream("a")?);
    let (message, record) = (event(1), record(0));
    let run = || Commit { commands: vec![record.clone()], ..Commit::default() };
    store.commit(of(&acme, append(&stream, Expected::Any, vec![message.clone()]))).await?;
    store.commit(of(&acme, run())).await?;
    let again = store.commit(of(&zenith, append(&stream, Expected::Any, vec![message]))).await;
    refused(again, "store/duplicate_event")?;
    refused(store.commit(of(&zenith, run())).await, "store/duplicate_event").map(drop)
}

pub(crate) async fn a_checkpoint_is_of_no_tenant(store: AnyStore) -> Outcome {
    let [acme, zenith] = both()?;
    let moves = |from: Option<u64>, to| {
        let name = "conformance".into();
        let checkpoints = vec![CheckpointMove { name, from: from.map(Position::new), to: Position::new(to) }];
        Commit { checkpoints, ..Commit::default() }
    };
    store.commit(append(&stream("a")?, Expected::Any, events(3))).await?;
    store.commit(of(&acme, moves(None, 1))).await?;
    refused(store.commit(of(&zenith, moves(None, 2))).await, "store/seen_changed")?;
    store.commit(of(&zenith, moves(Some(1), 2))).await?;
    same("the checkpoint", &store.checkpoint("conformance".into()).await?, &Some(Position::new(2)))
}

pub(crate) async fn a_dead_letter_keeps_its_tenant(store: AnyStore) -> Outcome {
    let tenants = both()?;
    for tenant in &tenants {
        let mut sent: OutboxMessage = message(Some("k"), 1);
        sent.envelope.metadata.tenant.clone_from(tenant);
        let letter = dead_letter(DeadSource::Outbox, sent);
        let dead = vec![DeadLetterChange::Park(Box::new(letter))];
        store.commit(of(tenant, Commit { dead, ..Commit::default() })).await?;
    }
    let letters = store.dead_letters(0, ALL).await?;
    let found: Vec<_> = letters.into_iter().map(|letter| letter.message.envelope.metadata.tenant).collect();
    same("the tenants of the letters", &found, &tenants.to_vec())
}
