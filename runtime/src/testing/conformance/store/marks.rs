//! Inbox marks, checkpoints and the audit of commands.

use std::time::Duration;

use crate::{
    actor::Actor,
    id::MessageId,
    store::{AnyStore, CheckpointMove, CommandOutcome, CommandQuery, CommandRecord, Commit, InboxMark, UndoRecord},
    tenant::TenantId,
    testing::conformance::{
        case::{Failure, Outcome, check, refused, same},
        samples::{ALL, NOON, append, events, full_envelope, id, put, record, stream},
    },
    version::{Expected, Position},
};

fn mark(consumer: &str, message: MessageId) -> InboxMark {
    InboxMark { consumer: consumer.into(), message, at: NOON }
}

async fn handle(store: &AnyStore, inbox: Vec<InboxMark>) -> Outcome {
    store.commit(Commit { inbox, ..Commit::default() }).await?;
    Ok(())
}

fn moved(name: &str, from: Option<u64>, to: u64) -> Commit {
    let checkpoint = CheckpointMove { name: name.into(), from: from.map(Position::new), to: Position::new(to) };
    Commit { checkpoints: vec![checkpoint], models: vec![put("effect", &to.to_string())], ..Commit::default() }
}

async fn stands_at(store: &AnyStore, name: &str) -> Result<Option<u64>, Failure> {
    Ok(store.checkpoint(name.into()).await?.map(Position::get))
}

async fn run(store: &AnyStore, commands: Vec<CommandRecord>) -> Outcome {
    store.commit(Commit { commands, ..Commit::default() }).await?;
    Ok(())
}

pub(super) async fn marks_are_found_in_the_order_asked(store: AnyStore) -> Outcome {
    let (one, two, three) = (id(), id(), id());
    handle(&store, vec![mark("reader", one), mark("reader", three)]).await?;
    let asked = vec![three, two, one, two];
    let found = store.marked("reader".into(), asked).await?;
    same("which messages are marked", &found, &vec![true, false, true, false])?;
    same("the marks of another consumer", &store.marked("other".into(), vec![one]).await?, &vec![false])?;
    same("the marks of no message", &store.marked("reader".into(), Vec::new()).await?.len(), &0)
}

pub(super) async fn a_message_is_handled_once(store: AnyStore) -> Outcome {
    let (known, fresh) = (id(), id());
    handle(&store, vec![mark("reader", known)]).await?;
    let again = Commit {
        inbox: vec![mark("reader", fresh), mark("reader", known)],
        models: vec![put("effect", "1")],
        ..append(&stream("a")?, Expected::Any, events(1))
    };
    let error = refused(store.commit(again).await, "inbox/duplicate")?;
    same("the field `message`", &error.field("message"), &Some(known.to_string().as_str()))?;
    same("the mark beside it", &store.marked("reader".into(), vec![fresh]).await?, &vec![false])?;
    same("the number of events", &store.counts().await?.events, &0)?;
    handle(&store, vec![mark("reader", fresh)]).await
}

pub(super) async fn each_consumer_handles_a_message(store: AnyStore) -> Outcome {
    let message = id();
    for consumer in ["reader", "Reader", "other"] {
        handle(&store, vec![mark(consumer, message)]).await?;
    }
    let twice = Commit { inbox: vec![mark("late", message), mark("late", message)], ..Commit::default() };
    refused(store.commit(twice).await, "inbox/duplicate").map(drop)
}

pub(super) async fn a_checkpoint_moves_from_where_it_stands(store: AnyStore) -> Outcome {
    same("a checkpoint before its first move", &stands_at(&store, "reader").await?, &None)?;
    for (from, to) in [(None, 5), (Some(5), 9), (Some(9), 2)] {
        store.commit(moved("reader", from, to)).await?;
        same("the checkpoint", &stands_at(&store, "reader").await?, &Some(to))?;
    }
    store.commit(moved("other", None, 1)).await?;
    same("the checkpoint beside another", &stands_at(&store, "reader").await?, &Some(2))
}

pub(super) async fn a_checkpoint_that_has_moved_refuses_the_commit(store: AnyStore) -> Outcome {
    refused(store.commit(moved("reader", Some(1), 2)).await, "store/seen_changed")?;
    store.commit(moved("reader", None, 5)).await?;
    for from in [None, Some(4), Some(6)] {
        let error = refused(store.commit(moved("reader", from, 7)).await, "store/seen_changed")?;
        check(error.is_conflict(), "the error is not a conflict")?;
    }
    same("the checkpoint", &stands_at(&store, "reader").await?, &Some(5))
}

pub(super) async fn an_audit_row_comes_back_as_it_was(store: AnyStore) -> Outcome {
    let plain = record(1);
    let full = CommandRecord {
        metadata: full_envelope()?.metadata,
        outcome: CommandOutcome::Failed,
        error: Some("store/conflict ü".into()),
        duration: Duration::from_secs(90),
        undo: Some(("{\"a\":1}".into(), "null".into())),
        undo_of: Some(plain.id),
        ..record(2)
    };
    let rejected = CommandRecord { outcome: CommandOutcome::Rejected, error: Some("no".into()), ..record(3) };
    for record in [&plain, &full, &rejected] {
        run(&store, vec![record.clone()]).await?;
        same("the audit row", &store.command(record.id).await?.as_ref(), &Some(record))?;
    }
    same("a run that is not there", &store.command(id()).await?, &None)
}

pub(super) async fn audit_rows_are_read_newest_first(store: AnyStore) -> Outcome {
    let records: Vec<CommandRecord> = (1..=5).map(record).collect();
    for record in &records {
        run(&store, vec![record.clone()]).await?;
    }
    let newest: Vec<CommandRecord> = records.iter().rev().cloned().collect();
    let all = |limit| store.commands(CommandQuery::newest(limit));
    same("all rows", &all(ALL).await?, &newest)?;
    same("the newest two", &all(2).await?, &newest.iter().take(2).cloned().collect())?;
    same("no rows", &all(0).await?.len(), &0)
}

/// Six runs: the first three for a tenant, every other one by another actor, one that failed, one of another command.
async fn different(store: &AnyStore) -> Result<(TenantId, Vec<CommandRecord>), Failure> {
    let tenant = TenantId::new("acme")?;
    let mut records: Vec<CommandRecord> = (1..=6).map(record).collect();
    for (at, record) in records.iter_mut().enumerate() {
        record.metadata.tenant = (at < 3).then(|| tenant.clone());
        record.metadata.actor = Some(Actor::new(if at % 2 == 0 { "ada" } else { "ADA" }));
        record.name = if at < 5 { "room.book" } else { "room.free" }.into();
        record.outcome = if at == 4 { CommandOutcome::Failed } else { CommandOutcome::Ok };
        run(store, vec![record.clone()]).await?;
    }
    Ok((tenant, records))
}

pub(super) async fn audit_rows_are_read_of_whom_and_what_is_asked(store: AnyStore) -> Outcome {
    let (tenant, records) = different(&store).await?;
    let any = || CommandQuery::newest(ALL);
    let (third, fifth) = (records[2].started_at, records[4].started_at);
    let questions: [(CommandQuery, &[usize]); 9] = [
        (CommandQuery { tenant: Some(Some(tenant.clone())), ..any() }, &[2, 1, 0]),
        (CommandQuery { tenant: Some(None), ..any() }, &[5, 4, 3]),
        (CommandQuery { actor: Some("ada".into()), ..any() }, &[4, 2, 0]),
        (CommandQuery { name: Some("room.free".into()), ..any() }, &[5]),
        (CommandQuery { outcome: Some(CommandOutcome::Failed), ..any() }, &[4]),
        (CommandQuery { since: Some(third), until: Some(fifth), ..any() }, &[3, 2]),
        (CommandQuery { before: Some(records[2].id), ..any() }, &[1, 0]),
        (CommandQuery { before: Some(records[4].id), actor: Some("ada".into()), limit: 1, ..any() }, &[2]),
        (CommandQuery { before: Some(id()), ..any() }, &[]),
    ];
    for (query, wanted) in questions {
        let wanted: Vec<CommandRecord> = wanted.iter().map(|at| records[*at].clone()).collect();
        same(&format!("{query:?}"), &store.commands(query).await?, &wanted)?;
    }
    Ok(())
}

pub(super) async fn a_run_is_undone_once(store: AnyStore) -> Outcome {
    let first = record(1);
    run(&store, vec![first.clone(), record(2)]).await?;
    let undo = |by: &CommandRecord| Commit {
        commands: vec![by.clone()],
        undone: vec![UndoRecord { run: first.id, by: by.id }],
        ..Commit::default()
    };
    let (winner, loser) = (record(3), record(4));
    store.commit(undo(&winner)).await?;
    let undone_by = |record: Option<CommandRecord>| record.and_then(|record| record.undone_by);
    same("who undid the run", &undone_by(store.command(first.id).await?), &Some(winner.id))?;
    refused(store.commit(undo(&loser)).await, "command/already_undone")?;
    same("who undid the run, after a second", &undone_by(store.command(first.id).await?), &Some(winner.id))?;
    same("the row of the second", &store.command(loser.id).await?, &None)
}
