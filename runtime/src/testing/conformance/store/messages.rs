//! The outbox and the dead letters.

use crate::{
    store::{
        AnyStore, Commit, Committed, DeadLetter, DeadLetterChange, DeadSource, DeadState, OutboxMessage, OutboxRow,
    },
    testing::conformance::{
        case::{Failure, Outcome, check, same},
        samples::{ALL, dead_letter, full_envelope, message, number},
    },
};

async fn send(store: &AnyStore, outbox: Vec<OutboxMessage>) -> Outcome {
    store.commit(Commit { outbox, ..Commit::default() }).await?;
    Ok(())
}

async fn publish(store: &AnyStore, published: Vec<u64>) -> Outcome {
    store.commit(Commit { published, ..Commit::default() }).await?;
    Ok(())
}

async fn change(store: &AnyStore, dead: Vec<DeadLetterChange>) -> Result<Committed, Failure> {
    Ok(store.commit(Commit { dead, ..Commit::default() }).await?)
}

async fn park(store: &AnyStore, letter: DeadLetter) -> Result<u64, Failure> {
    let committed = change(store, vec![DeadLetterChange::Park(Box::new(letter))]).await?;
    committed.parked.first().copied().ok_or_else(|| "the answer does not name the parked letter".into())
}

fn numbers(rows: &[OutboxRow]) -> Vec<u64> {
    rows.iter().map(|row| number(&row.message.envelope)).collect()
}

/// Dead letters of the outbox whose messages are numbered from 1.
async fn with_letters(store: &AnyStore, count: u64) -> Result<Vec<u64>, Failure> {
    let mut parked = Vec::new();
    for number in 1..=count {
        parked.push(park(store, dead_letter(DeadSource::Outbox, message(None, number))).await?);
    }
    Ok(parked)
}

async fn letters(store: &AnyStore, after: u64, limit: usize) -> Result<Vec<u64>, Failure> {
    let letters = store.dead_letters(after, limit).await?;
    Ok(letters.iter().map(|letter| number(&letter.message.envelope)).collect())
}

pub(super) async fn outbox_rows_keep_their_order(store: AnyStore) -> Outcome {
    send(&store, vec![message(Some("k"), 1), message(Some("j"), 2), message(None, 3)]).await?;
    send(&store, vec![message(Some("k"), 4)]).await?;
    let rows = store.outbox(0, ALL).await?;
    same("the rows", &numbers(&rows), &vec![1, 2, 3, 4])?;
    let ascending = rows.windows(2).all(|pair| matches!(pair, [one, two] if one.seq < two.seq));
    check(ascending && rows.iter().all(|row| row.seq > 0), "the numbers do not ascend from 1 on")
}

pub(super) async fn the_outbox_is_read_in_parts(store: AnyStore) -> Outcome {
    send(&store, (1..=7).map(|number| message(None, number)).collect()).await?;
    let (mut found, mut after) = (Vec::new(), 0);
    for _ in 0..9 {
        let part = store.outbox(after, 3).await?;
        check(part.len() <= 3, "more rows than the limit")?;
        let Some(last) = part.last() else { break };
        after = last.seq;
        found.extend(numbers(&part));
    }
    same("the rows in parts", &found, &(1..=7).collect())?;
    same("the rows of a limit of 0", &store.outbox(0, 0).await?.len(), &0)?;
    same("the rows without a limit", &store.outbox(0, usize::MAX).await?.len(), &7)
}

pub(super) async fn published_rows_are_gone(store: AnyStore) -> Outcome {
    send(&store, (1..=4).map(|number| message(None, number)).collect()).await?;
    let seqs: Vec<u64> = store.outbox(0, ALL).await?.iter().map(|row| row.seq).collect();
    publish(&store, seqs.iter().skip(1).step_by(2).copied().chain([9_999]).collect()).await?;
    same("the rows that are left", &numbers(&store.outbox(0, ALL).await?), &vec![1, 3])?;
    publish(&store, seqs.clone()).await?;
    same("the rows that are left", &store.outbox(0, ALL).await?.len(), &0)?;
    send(&store, vec![message(None, 5)]).await?;
    let last = seqs.last().copied().unwrap_or_default();
    same("a row after all before it are gone", &numbers(&store.outbox(last, ALL).await?), &vec![5])
}

pub(super) async fn an_outbox_message_comes_back_as_it_was(store: AnyStore) -> Outcome {
    let full = OutboxMessage { topic: "topic/ü 'x'".into(), envelope: full_envelope()? };
    let sent = vec![full.clone(), message(None, 1), full]; // one message may be sent to several topics, or twice
    send(&store, sent.clone()).await?;
    let found: Vec<OutboxMessage> = store.outbox(0, ALL).await?.into_iter().map(|row| row.message).collect();
    same("the messages", &found, &sent)
}

pub(super) async fn a_dead_letter_comes_back_as_it_was(store: AnyStore) -> Outcome {
    let full = OutboxMessage { topic: "topic/ü 'x'".into(), envelope: full_envelope()? };
    let (reader, other) = ("reader ü".to_owned(), "other".to_owned());
    let sources = [
        DeadSource::Outbox,
        DeadSource::Inbox(reader.clone()),
        DeadSource::Projection(reader),
        DeadSource::Inbox(other),
    ];
    let states = [DeadState::Failed, DeadState::Behind, DeadState::Requeued];
    for (source, state) in sources.into_iter().zip(states) {
        let letter = DeadLetter { state, ..dead_letter(source, full.clone()) };
        let no = park(&store, letter.clone()).await?;
        let found = store.dead_letters(no - 1, 1).await?;
        same("the dead letter", &found, &vec![DeadLetter { no, ..letter }])?;
    }
    same("one message, parked by three", &store.counts().await?.dead, &3)
}

pub(super) async fn a_letter_parked_again_is_replaced(store: AnyStore) -> Outcome {
    let first = dead_letter(DeadSource::Outbox, message(Some("k"), 1));
    let no = park(&store, first.clone()).await?;
    change(&store, vec![DeadLetterChange::Mark(no, DeadState::Requeued)]).await?;
    park(&store, dead_letter(DeadSource::Outbox, message(Some("k"), 2))).await?;
    let again = DeadLetter { attempts: 9, code: "conformance/again".into(), error: "still no".into(), ..first };
    same("its number", &park(&store, again.clone()).await?, &no)?;
    let found = store.dead_letters(0, ALL).await?.into_iter().next();
    same("the dead letter", &found, &Some(DeadLetter { no, ..again }))?;
    same("the number of letters", &store.counts().await?.dead, &2)
}

pub(super) async fn dead_letters_are_read_in_the_order_of_parking(store: AnyStore) -> Outcome {
    let parked = with_letters(&store, 5).await?;
    let ascending = parked.windows(2).all(|pair| matches!(pair, [one, two] if one < two));
    check(ascending && parked.iter().all(|no| *no > 0), "the numbers do not ascend from 1 on")?;
    let second = parked.get(1).copied().unwrap_or_default();
    same("all letters", &letters(&store, 0, ALL).await?, &vec![1, 2, 3, 4, 5])?;
    same("two letters after the second", &letters(&store, second, 2).await?, &vec![3, 4])?;
    same("no letters", &letters(&store, 0, 0).await?.len(), &0)
}

pub(super) async fn a_dead_letter_is_marked_and_removed(store: AnyStore) -> Outcome {
    let parked = with_letters(&store, 3).await?;
    let (first, second) = (parked.first().copied().unwrap_or_default(), parked.get(1).copied().unwrap_or_default());
    let changes = vec![DeadLetterChange::Mark(first, DeadState::Requeued), DeadLetterChange::Remove(second)];
    change(&store, changes).await?;
    let found = store.dead_letters(0, ALL).await?;
    let states: Vec<DeadState> = found.iter().map(|letter| letter.state).collect();
    same("the states", &states, &vec![DeadState::Requeued, DeadState::Failed])?;
    same("the letters", &letters(&store, 0, ALL).await?, &vec![1, 3])?;
    let gone = vec![DeadLetterChange::Mark(second, DeadState::Failed), DeadLetterChange::Remove(second)];
    same("the answer for a number that is gone", &change(&store, gone).await?, &Committed::default())?;
    same("the letters", &letters(&store, 0, ALL).await?, &vec![1, 3])
}

pub(super) async fn a_removed_letter_can_be_parked_anew(store: AnyStore) -> Outcome {
    let letter = dead_letter(DeadSource::Outbox, message(None, 1));
    let first = park(&store, letter.clone()).await?;
    change(&store, vec![DeadLetterChange::Remove(first)]).await?;
    same("the number of letters", &store.counts().await?.dead, &0)?;
    let second = park(&store, letter).await?;
    check(second > first, "a letter parked later has no higher number")?;
    same("the number of letters", &store.counts().await?.dead, &1)
}
