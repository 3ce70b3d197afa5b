//! The proof that declared transitions led from the stored state to the state that an entity is in.

use super::undeclared::{Undeclared, UndeclaredTransition, undeclared};
use crate::{
    entity::{Entity, Logged},
    error::Error,
    specification::{Node, Test},
    state_machine::{TransitionLog, TransitionRecord},
};

/// A new entity, if it is in a state in which rows begin.
pub(in crate::repository) fn fresh<E: Entity>(mut entity: E) -> Result<E, Error> {
    for logged in E::LOGS {
        let found = logged.state(&entity);
        let known = logged.facts().graph.states.iter().find(|state| state.name == found);
        if !known.is_some_and(|state| state.initial || state.external) {
            return Err(refused(&entity, logged, Undeclared::Beginning { found }));
        }
        logged.note(&mut entity);
    }
    Ok(entity)
}

/// The transitions of an entity since it was loaded, if they lead from what is stored to what it is.
pub(super) fn proven<E: Entity>(entity: &E) -> Result<Vec<&TransitionRecord>, Error> {
    for logged in E::LOGS {
        chained(entity, logged)?;
    }
    let mut records: Vec<&TransitionRecord> = Vec::new();
    for (at, logged) in E::LOGS.iter().enumerate() {
        let log = logged.log(entity);
        if !E::LOGS[..at].iter().any(|earlier| std::ptr::eq(earlier.log(entity), log)) {
            records.extend(acquainted(entity, logged, log)?);
        }
    }
    Ok(records)
}

/// Each transition begins where the one before it ended, the first in the stored state, and the last ends where the entity is.
fn chained<E: Entity>(entity: &E, logged: &Logged<E>) -> Result<(), Error> {
    let Some(mut from) = logged.stored(entity) else {
        return Err(refused(entity, logged, Undeclared::NotLoaded));
    };
    let own = logged.log(entity).records().iter().filter(|record| is_of(record, logged));
    let steps = own.map(|record| (record.from(), record.to()));
    let here = logged.state(entity);
    for (begins, ends) in steps.chain([(here, here)]) {
        if begins != from {
            return Err(refused(entity, logged, Undeclared::Gap { from, to: begins }));
        }
        from = ends;
    }
    Ok(())
}

/// The records of a log, if each is of a machine whose column it is for.
fn acquainted<'e, E: Entity>(
    entity: &'e E,
    logged: &Logged<E>,
    log: &'e TransitionLog,
) -> Result<&'e [TransitionRecord], Error> {
    let here = |other: &&Logged<E>| std::ptr::eq(other.log(entity), log);
    let known = |record: &TransitionRecord| E::LOGS.iter().filter(here).any(|own| is_of(record, own));
    match log.records().iter().find(|record| !known(record)) {
        Some(stranger) => Err(refused(entity, logged, Undeclared::Stranger { transition: stranger.transition() })),
        None => Ok(log.records()),
    }
}

fn is_of<E: 'static>(record: &TransitionRecord, logged: &Logged<E>) -> bool {
    record.machine() == logged.facts().graph.machine
}

/// That no other state is stored than the one from which the transitions lead: where no version says so, the states do. A stored
/// text that is no name counts for the state that it is read as.
pub(super) fn unmoved<E: Entity>(entity: &E) -> Vec<Node> {
    let guard = |logged: &Logged<E>| {
        let stored = logged.stored(entity)?;
        let others = logged.facts().graph.states.iter().filter(|state| state.name != stored);
        let names = others.flat_map(|state| std::iter::once(&state.name).chain(state.aliases.iter()));
        let values: Vec<_> = names.map(|name| crate::entity::Value::Text(name.to_string().into())).collect();
        let place = logged.place();
        let test = |value| Node::Not(Box::new(Node::Cmp { place, test: Test::Eq, value }));
        Some(Node::All(values.into_iter().map(test).collect()))
    };
    E::LOGS.iter().filter_map(guard).collect()
}

fn refused<E: Entity>(entity: &E, logged: &Logged<E>, why: Undeclared) -> Error {
    let (machine, id) = (&*logged.facts().graph.machine, entity.id().to_string());
    undeclared(logged.code(), UndeclaredTransition { machine, id, why })
}
