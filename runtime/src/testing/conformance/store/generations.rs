//! Generations of read models: shadows, owners, swaps and sweeps.

use std::time::Duration;

use futures_util::future::join;

use crate::{
    store::{
        AnyStore, CheckpointMove, Commit, Generation, GenerationChange, ModelKey, ModelRow, ModelSeen, ModelWrite,
        Scan, Swap, SwapGuard,
    },
    testing::conformance::{
        case::{Failure, Outcome, check, refused, same},
        samples::{ALL, append, count, event, events, put, stream},
    },
    version::{Expected, Position},
};

const MODEL: &str = "conformance";
const OTHER: &str = "conformance2";
const OWNER: &str = "projection";

fn own(model: &'static str, owner: &str) -> GenerationChange {
    GenerationChange::Own { model, owner: owner.into() }
}

fn swap(generation: u64, position: u64, guard: SwapGuard) -> Commit {
    let swap = Swap { owner: OWNER.into(), generation, position: Position::new(position), guard };
    Commit { generations: vec![GenerationChange::Swap(swap)], ..Commit::default() }
}

fn at_checkpoint() -> SwapGuard {
    SwapGuard::Checkpoint("live".into())
}

fn other(write: ModelWrite) -> ModelWrite {
    ModelWrite { model: OTHER, ..write }
}

/// A commit of a live writer that has come to a position.
fn live(from: Option<u64>, to: u64) -> Commit {
    let checkpoint = CheckpointMove { name: "live".into(), from: from.map(Position::new), to: Position::new(to) };
    let generations = vec![own(MODEL, OWNER)];
    Commit { models: vec![count("a")], checkpoints: vec![checkpoint], generations, ..Commit::default() }
}

fn shadow(number: u64) -> Option<Generation> {
    Some(Generation { owner: OWNER.into(), number })
}

async fn row(store: &AnyStore, (model, number): (&'static str, Option<u64>)) -> Result<Option<ModelRow>, Failure> {
    let generation = number.and_then(shadow);
    Ok(store.model(ModelKey { tenant: None, model, key: "a".into(), generation }).await?)
}

async fn value(store: &AnyStore, of: (&'static str, Option<u64>)) -> Result<Option<String>, Failure> {
    Ok(row(store, of).await?.map(|row| String::from_utf8_lossy(&row.value).into_owned()))
}

async fn sweep(store: &AnyStore, limit: usize) -> Result<u64, Failure> {
    let generations = vec![GenerationChange::Sweep { owner: OWNER.into(), limit }];
    Ok(store.commit(Commit { generations, ..Commit::default() }).await?.swept)
}

pub(super) async fn the_head_is_the_newest_position(store: AnyStore) -> Outcome {
    same("the head of an empty log", &store.head().await?, &Position::START)?;
    let stream = stream("a")?;
    for _ in 0..2 {
        let done = store.commit(append(&stream, Expected::Any, events(3))).await?;
        same("the head", &store.head().await?, &done.position())?;
    }
    Ok(())
}

pub(super) async fn a_shadow_is_written_beside_the_live_rows(store: AnyStore) -> Outcome {
    let (generations, models) = (vec![own(MODEL, OWNER)], vec![put("a", "9")]);
    store.commit(Commit { generations, models, ..Commit::default() }).await?;
    let before = row(&store, (MODEL, None)).await?;
    for expected in ["1", "2"] {
        let models = vec![count("a"), put("b", "1")];
        store.commit(Commit { generation: shadow(7), models, ..Commit::default() }).await?;
        same("the shadow", &value(&store, (MODEL, Some(7))).await?.as_deref(), &Some(expected))?;
    }
    same("the live row", &row(&store, (MODEL, None)).await?, &before)?;
    let scan = Scan { tenant: None, model: MODEL, after: None, limit: ALL };
    same("the number of live rows", &store.scan(scan).await?.len(), &1)?;
    let revision = row(&store, (MODEL, Some(7))).await?.map(|row| row.revision);
    let decided = |generation, revision| {
        let seen = vec![ModelSeen { model: MODEL, key: "a".into(), revision }];
        Commit { generation, seen, models: vec![put("decided", "1")], ..Commit::default() }
    };
    store.commit(decided(shadow(7), revision)).await?;
    refused(store.commit(decided(None, revision)).await, "store/seen_changed").map(drop)
}

/// A projection that looks into the rows of another, or of a subscriber, finds in a rebuild what is there.
pub(super) async fn a_shadow_sees_the_live_rows_of_others(store: AnyStore) -> Outcome {
    let generations = vec![own(MODEL, OWNER), own(OTHER, "another")];
    let third = |text| ModelWrite { model: "conformance3", ..put("a", text) };
    let models = vec![put("a", "1"), other(put("a", "2")), third("3")];
    store.commit(Commit { generations, models, ..Commit::default() }).await?;
    same("a row of its own", &value(&store, (MODEL, Some(7))).await?, &None)?;
    for (model, expected) in [(OTHER, "2"), ("conformance3", "3")] {
        let found = row(&store, (model, Some(7))).await?;
        same("a row of another", &found, &row(&store, (model, None)).await?)?;
        same("its value", &value(&store, (model, Some(7))).await?.as_deref(), &Some(expected))?;
        let revision = found.map(|row| row.revision);
        let decided = || {
            let seen = vec![ModelSeen { model, key: "a".into(), revision }];
            Commit { generation: shadow(7), seen, models: vec![put("a", "7")], ..Commit::default() }
        };
        store.commit(decided()).await?;
        let models = vec![ModelWrite { model, ..put("a", "9") }];
        store.commit(Commit { models, ..Commit::default() }).await?;
        refused(store.commit(decided()).await, "store/seen_changed")?;
    }
    same("the row of the shadow", &value(&store, (MODEL, Some(7))).await?.as_deref(), &Some("7"))?;
    same("the live row", &value(&store, (MODEL, None)).await?.as_deref(), &Some("1"))
}

pub(super) async fn a_read_model_belongs_to_one_owner(store: AnyStore) -> Outcome {
    let of = |owner| Commit { generations: vec![own(MODEL, owner)], models: vec![count("a")], ..Commit::default() };
    store.commit(of(OWNER)).await?;
    store.commit(of(OWNER)).await?;
    let error = refused(store.commit(of("another")).await, "store/foreign_model")?;
    same("the owner that is told", &error.field("owner"), &Some(OWNER))?;
    same("the row", &value(&store, (MODEL, None)).await?.as_deref(), &Some("2"))
}

pub(super) async fn a_swap_shows_the_shadow_of_every_model_of_the_owner(store: AnyStore) -> Outcome {
    let generations = vec![own(MODEL, OWNER), own(OTHER, OWNER), own("conformance3", "another")];
    let third = ModelWrite { model: "conformance3", ..put("a", "3") };
    let models = vec![put("a", "1"), put("gone", "1"), other(put("a", "2")), third];
    let checkpoints = vec![CheckpointMove { name: "live".into(), from: None, to: Position::new(3) }];
    store.commit(Commit { generations, models, checkpoints, ..Commit::default() }).await?;
    store.commit(Commit { generation: shadow(5), models: vec![put("a", "5")], ..Commit::default() }).await?;
    store.commit(swap(5, 3, at_checkpoint())).await?;
    same("the row of the shadow", &value(&store, (MODEL, None)).await?.as_deref(), &Some("5"))?;
    let scan = Scan { tenant: None, model: MODEL, after: None, limit: ALL };
    same("the number of rows", &store.scan(scan).await?.len(), &1)?;
    same("a model that the shadow has not touched", &value(&store, (OTHER, None)).await?, &None)?;
    same("another's model", &value(&store, ("conformance3", None)).await?.as_deref(), &Some("3"))?;
    same("the checkpoint", &store.checkpoint("live".into()).await?, &Some(Position::new(3)))?;
    store.commit(live(Some(3), 4)).await?;
    same("the row, counted on", &value(&store, (MODEL, None)).await?.as_deref(), &Some("6"))
}

/// What lies between the two has had no effect besides the rows yet: messages that were to be sent, for one.
pub(super) async fn a_swap_beyond_the_checkpoint_is_refused(store: AnyStore) -> Outcome {
    let (generations, models) = (vec![own(MODEL, OWNER)], vec![put("a", "5")]);
    store.commit(Commit { generation: shadow(5), generations, models, ..Commit::default() }).await?;
    refused(store.commit(swap(5, 3, at_checkpoint())).await, "store/generation_behind")?;
    same("a checkpoint that nobody has made", &store.checkpoint("live".into()).await?, &None)?;
    store.commit(live(None, 2)).await?;
    refused(store.commit(swap(5, 3, at_checkpoint())).await, "store/generation_behind")?;
    same("the row", &value(&store, (MODEL, None)).await?.as_deref(), &Some("1"))?;
    same("the checkpoint", &store.checkpoint("live".into()).await?, &Some(Position::new(2)))?;
    store.commit(swap(5, 2, at_checkpoint())).await?;
    same("the row after the swap", &value(&store, (MODEL, None)).await?.as_deref(), &Some("5"))
}

pub(super) async fn a_swap_that_would_go_back_is_refused(store: AnyStore) -> Outcome {
    store.commit(live(None, 4)).await?;
    store.commit(Commit { generation: shadow(5), models: vec![put("a", "5")], ..Commit::default() }).await?;
    let error = refused(store.commit(swap(5, 3, at_checkpoint())).await, "store/generation_behind")?;
    check(error.is_conflict(), "the error is not a conflict")?;
    same("the row", &value(&store, (MODEL, None)).await?.as_deref(), &Some("1"))?;
    same("the checkpoint", &store.checkpoint("live".into()).await?, &Some(Position::new(4)))?;
    store.commit(swap(5, 4, at_checkpoint())).await?;
    same("the row after the swap", &value(&store, (MODEL, None)).await?.as_deref(), &Some("5"))
}

pub(super) async fn a_swap_at_the_head_is_refused_after_an_append(store: AnyStore) -> Outcome {
    let stream = stream("a")?;
    let of = |number| append(&stream, Expected::Any, vec![event(number)]);
    let (generations, models) = (vec![own(MODEL, OWNER)], vec![put("a", "1")]);
    let head = store.commit(Commit { generations, models, ..of(1) }).await?.position();
    store.commit(Commit { generation: shadow(5), models: vec![put("a", "5")], ..Commit::default() }).await?;
    let next = store.commit(of(2)).await?.position();
    refused(store.commit(swap(5, head.get(), SwapGuard::Head)).await, "store/generation_behind")?;
    same("the row", &value(&store, (MODEL, None)).await?.as_deref(), &Some("1"))?;
    store.commit(swap(5, next.get(), SwapGuard::Head)).await?;
    same("the row after the swap", &value(&store, (MODEL, None)).await?.as_deref(), &Some("5"))
}

pub(super) async fn a_row_seen_before_a_swap_has_changed(store: AnyStore) -> Outcome {
    store.commit(live(None, 1)).await?;
    let revision = row(&store, (MODEL, None)).await?.map(|row| row.revision);
    store.commit(Commit { generation: shadow(5), models: vec![put("a", "5")], ..Commit::default() }).await?;
    store.commit(swap(5, 1, at_checkpoint())).await?;
    let seen = vec![ModelSeen { model: MODEL, key: "a".into(), revision }];
    let decided = Commit { seen, models: vec![put("decided", "1")], ..Commit::default() };
    refused(store.commit(decided).await, "store/seen_changed").map(drop)
}

pub(super) async fn old_generations_are_swept_in_parts(store: AnyStore) -> Outcome {
    let generations = vec![own(MODEL, OWNER), own(OTHER, OWNER)];
    let models = vec![put("a", "1"), put("b", "1"), other(put("a", "1"))];
    store.commit(Commit { generations, models, ..Commit::default() }).await?;
    store
        .commit(Commit { generation: shadow(5), models: vec![put("a", "5"), put("b", "5")], ..Commit::default() })
        .await?;
    store.commit(Commit { generation: shadow(9), models: vec![put("a", "9")], ..Commit::default() }).await?;
    store.commit(swap(5, 0, at_checkpoint())).await?;
    for expected in [2, 2, 0] {
        same("the rows that went", &sweep(&store, 2).await?, &expected)?;
    }
    same("the live row", &value(&store, (MODEL, None)).await?.as_deref(), &Some("5"))?;
    for generation in [0, 9] {
        same("a row that was swept", &value(&store, (MODEL, Some(generation))).await?, &None)?;
    }
    Ok(())
}

/// Live writers and a swap at once: what a writer was told to be written is there, whichever came first.
pub(super) async fn a_swap_loses_nothing_of_a_live_writer(store: AnyStore) -> Outcome {
    store.commit(live(None, 1)).await?;
    let mut from = 1;
    for generation in 1..=40_u64 {
        // The shadow has counted as many events as the live generation.
        let models = vec![put("a", &from.to_string())];
        store.commit(Commit { generation: shadow(generation), models, ..Commit::default() }).await?;
        let swapping = async {
            tokio::time::sleep(Duration::from_micros(generation * 50 % 1_000)).await;
            store.commit(swap(generation, from, at_checkpoint())).await
        };
        let (written, swapped) = join(store.commit(live(Some(from), from + 1)), swapping).await;
        if let Err(error) = &swapped {
            same("why a swap is refused", &error.code(), &"store/generation_behind")?;
        }
        from += u64::from(written.is_ok());
        let found = value(&store, (MODEL, None)).await?;
        same("the count", &found.as_deref(), &Some(from.to_string().as_str()))?;
        same("the checkpoint", &store.checkpoint("live".into()).await?, &Some(Position::new(from)))?;
    }
    Ok(())
}
