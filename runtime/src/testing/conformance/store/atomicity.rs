//! A commit that is refused leaves nothing: one case for each table.
//!
//! Each case lets a commit that writes into every table be refused: by the check of its second append, which comes early;
//! by a change of a read model that fails; and by a checkpoint that has moved, which comes late.

use std::sync::Arc;

use crate::{
    error::{Error, ErrorKind},
    id::MessageId,
    store::{
        AnyStore, Append, CheckpointMove, CommandQuery, CommandRecord, Commit, DeadLetter, DeadLetterChange,
        DeadSource, DeadState, InboxMark, Load, Loaded, ModelChange, ModelRow, OutboxMessage, OutboxRow, Scan,
        Snapshot, UndoRecord,
    },
    testing::conformance::{
        case::{Failure, Outcome, refused, same},
        samples::{ALL, NOON, append, count, dead_letter, events, id, message, put, record, stream, write},
    },
    version::{Expected, Position, Version},
};

/// What the store held before, and what the refused commits would have written.
struct Scene {
    store: AnyStore,
    run: MessageId,
    mark: MessageId,
    parked: DeadLetter,
}

/// How a commit is refused.
#[derive(Clone, Copy, Debug)]
enum Refusal {
    SecondAppend,
    FailingChange,
    MovedCheckpoint,
}

impl Scene {
    /// A store with something in every table.
    async fn new(store: AnyStore) -> Result<Self, Failure> {
        let (run, mark) = (record(1), id());
        let parked = dead_letter(DeadSource::Outbox, message(None, 1));
        let scene = Self { store, run: run.id, mark, parked };
        let first = Commit {
            models: vec![put("old", "1"), put("other", "1")],
            snapshots: vec![snapshot(1)?],
            commands: vec![run],
            checkpoints: vec![checkpoint("reader", None, 1)],
            dead: vec![DeadLetterChange::Park(Box::new(scene.parked.clone()))],
            outbox: vec![message(None, 1), message(None, 2)],
            ..append(&stream("a")?, Expected::NoStream, events(2))
        };
        scene.store.commit(first).await?;
        Ok(scene)
    }

    /// A commit that writes into every table, and is refused.
    async fn refuse(&self, refusal: Refusal) -> Outcome {
        let mut commit = self.full().await?;
        let code = match refusal {
            Refusal::SecondAppend => {
                commit.appends.push(Append { expected: Expected::NoStream, ..events_for("a")? });
                "store/conflict"
            }
            Refusal::FailingChange => {
                let fails = |_: Option<&[u8]>| Err(Error::new(ErrorKind::Invalid, "conformance/no", "no"));
                commit.models.push(write("fails", ModelChange::Update(Arc::new(fails))));
                "conformance/no"
            }
            Refusal::MovedCheckpoint => {
                commit.checkpoints.push(checkpoint("reader", Some(9), 10));
                "store/seen_changed"
            }
        };
        let answer = self.store.commit(commit).await;
        refused(answer, code).map(drop).map_err(|failure| format!("{refusal:?}: {failure}").into())
    }

    async fn full(&self) -> Result<Commit, Failure> {
        let seqs = self.store.outbox(0, ALL).await?.iter().map(|row| row.seq).collect();
        let no = self.store.dead_letters(0, ALL).await?.first().map_or(0, |letter| letter.no);
        let again = DeadLetter { attempts: 99, ..self.parked.clone() };
        let fresh = dead_letter(DeadSource::Outbox, message(None, 5));
        Ok(Commit {
            inbox: vec![InboxMark { consumer: "reader".into(), message: self.mark, at: NOON }],
            appends: vec![events_for("a")?, events_for("new")?],
            models: vec![put("new", "1"), count("old"), write("other", ModelChange::Delete)],
            snapshots: vec![snapshot(2)?],
            commands: vec![record(2)],
            undone: vec![UndoRecord { run: self.run, by: id() }],
            checkpoints: vec![checkpoint("new", None, 1)],
            dead: vec![
                DeadLetterChange::Park(Box::new(fresh)),
                DeadLetterChange::Park(Box::new(again)),
                DeadLetterChange::Mark(no, DeadState::Requeued),
                DeadLetterChange::Remove(no),
            ],
            published: seqs,
            outbox: vec![message(None, 3)],
            ..Commit::default()
        })
    }
}

fn events_for(id: &str) -> Result<Append, Failure> {
    Ok(Append { stream: stream(id)?, expected: Expected::Any, events: events(2) })
}

fn snapshot(version: u64) -> Result<Snapshot, Failure> {
    Ok(Snapshot { stream: stream("a")?, version: Version::new(version), schema: 1, state: b"{}".to_vec() })
}

fn checkpoint(name: &str, from: Option<u64>, to: u64) -> CheckpointMove {
    CheckpointMove { name: name.into(), from: from.map(Position::new), to: Position::new(to) }
}

/// Defines, for each table, how it is read and the case that it is left alone.
macro_rules! tables {
    ($($(#[$doc:meta])* $case:ident: $read:ident -> $type:ty { |$scene:ident| $body:expr })*) => { $(
        async fn $read($scene: &Scene) -> Result<$type, Failure> {
            Ok($body)
        }

        pub(super) async fn $case(store: AnyStore) -> Outcome {
            let scene = Scene::new(store).await?;
            let before = $read(&scene).await?;
            for refusal in [Refusal::SecondAppend, Refusal::FailingChange, Refusal::MovedCheckpoint] {
                scene.refuse(refusal).await?;
                same(&format!("after {refusal:?}"), &$read(&scene).await?, &before)?;
            }
            Ok(())
        }
    )* };
}

tables! {
    a_refused_commit_leaves_no_event: events_of -> Vec<u64> { |scene| {
        let events = scene.store.read(Position::START, ALL).await?;
        events.iter().map(|event| event.position.get()).collect()
    } }
    a_refused_commit_leaves_no_stream: stream_of -> Loaded { |scene| {
        scene.store.load(Load::all(None, stream("new")?)).await?
    } }
    a_refused_commit_leaves_no_inbox_mark: marks_of -> Vec<bool> { |scene| {
        scene.store.marked("reader".into(), vec![scene.mark]).await?
    } }
    a_refused_commit_leaves_no_row_of_a_read_model: rows_of -> Vec<(String, ModelRow)> { |scene| {
        scene.store.scan(Scan { tenant: None, model: "conformance", after: None, limit: ALL }).await?
    } }
    a_refused_commit_leaves_no_snapshot: snapshot_of -> Option<Snapshot> { |scene| {
        let load = Load { snapshot: Some(1), ..Load::all(None, stream("a")?) };
        scene.store.load(load).await?.snapshot
    } }
    a_refused_commit_leaves_no_audit_row: records_of -> Vec<MessageId> { |scene| {
        scene.store.commands(CommandQuery::newest(ALL)).await?.iter().map(|record| record.id).collect()
    } }
    a_refused_commit_leaves_no_run_undone: undone_of -> Option<CommandRecord> { |scene| {
        scene.store.command(scene.run).await?
    } }
    a_refused_commit_leaves_no_checkpoint: checkpoints_of -> Vec<Option<Position>> { |scene| {
        vec![scene.store.checkpoint("new".into()).await?, scene.store.checkpoint("reader".into()).await?]
    } }
    a_refused_commit_leaves_no_dead_letter: dead_of -> Vec<DeadLetter> { |scene| {
        scene.store.dead_letters(0, ALL).await?
    } }
    a_refused_commit_removes_no_outbox_row: unpublished_of -> usize { |scene| {
        let published = scene.store.outbox(0, ALL).await?;
        published.iter().filter(|row| matches!(crate::testing::conformance::samples::number(&row.message.envelope), 1 | 2)).count()
    } }
    a_refused_commit_leaves_no_outbox_row: sent_of -> Vec<OutboxMessage> { |scene| {
        let rows: Vec<OutboxRow> = scene.store.outbox(0, ALL).await?;
        rows.into_iter().map(|row| row.message).filter(|message| message.envelope.payload.as_ref() == b"3").collect()
    } }
}
