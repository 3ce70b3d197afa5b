//! What `build()` checks before anything is opened.

use std::collections::BTreeSet;

use crate::{
    bus::Topic,
    mediator::{Wants, Wiring},
    projection::{AnyProjection, Mode},
};

/// Adds a line for every gap and contradiction.
pub(super) fn run(wiring: &Wiring, projections: Vec<&'static str>, brokers: usize, findings: &mut Vec<String>) {
    event_names(wiring, findings);
    reserved_names(wiring, findings);
    subscription_names(wiring, findings);
    patterns(wiring, findings);
    twice("projection", projections, findings);
    brokers_for_topics(wiring, brokers, findings);
}

/// Adds a line for every projection that follows the log for events that are not in it.
pub(super) fn unlogged(wiring: &Wiring, projections: &[AnyProjection], findings: &mut Vec<String>) {
    for projection in projections.iter().filter(|projection| projection.mode() == Mode::Async) {
        for table in &wiring.unlogged {
            if let Some(spec) = table.specs.iter().find(|spec| projection.reads_name(spec.name)) {
                findings.push(format!(
                    "the projection `{}` follows the log for `{}`, which `{}` (`persist = entity`) does not keep there: make \
                     it inline",
                    projection.name(),
                    spec.name,
                    table.type_name
                ));
            }
        }
    }
}

fn event_names(wiring: &Wiring, findings: &mut Vec<String>) {
    let mut seen: Vec<(&str, &str)> = Vec::new();
    for table in &wiring.events {
        for spec in table.specs {
            for name in std::iter::once(&spec.name).chain(spec.aliases) {
                match seen.iter().find(|(known, _)| known == name) {
                    Some((_, other)) => findings.push(format!(
                        "the event name `{name}` belongs to `{other}` and to `{}`: rename one",
                        table.type_name
                    )),
                    None => seen.push((name, table.type_name)),
                }
            }
        }
    }
}

fn reserved_names(wiring: &Wiring, findings: &mut Vec<String>) {
    let tables = wiring.events.iter().map(|table| table.specs).chain(wiring.projected.iter().copied());
    let names = tables.flatten().flat_map(|spec| std::iter::once(&spec.name).chain(spec.aliases));
    let reserved: BTreeSet<&str> = names.copied().filter(|name| name.starts_with("bailiwick.")).collect();
    findings.extend(reserved.into_iter().map(|name| {
        format!(
            "the event name `{name}` begins with `bailiwick.`, as those of the framework do: name it after your domain"
        )
    }));
}

fn subscription_names(wiring: &Wiring, findings: &mut Vec<String>) {
    let local = wiring.local.iter().map(|subscription| subscription.name);
    let remote = wiring.remote.iter().map(|subscription| subscription.name);
    twice("subscription", local.chain(remote).collect(), findings);
}

fn twice(what: &str, mut names: Vec<&'static str>, findings: &mut Vec<String>) {
    names.sort_unstable();
    let mut reported = None;
    for pair in names.windows(2) {
        if pair[0] == pair[1] && reported != Some(pair[0]) {
            findings.push(format!("two {what}s are named `{}`: give one another name", pair[0]));
            reported = Some(pair[0]);
        }
    }
}

fn patterns(wiring: &Wiring, findings: &mut Vec<String>) {
    let tables = wiring.events.iter().map(|table| table.specs).chain(wiring.projected.iter().copied());
    let names: Vec<&str> = tables.flatten().map(|spec| spec.name).collect();
    for subscription in &wiring.local {
        let Wants::Pattern(pattern) = subscription.wants else { continue };
        match Topic::compile(pattern) {
            Ok(topic) if names.iter().any(|name| topic.matches(name)) => {}
            Ok(_) => findings.push(format!(
                "`{}` subscribes to `{pattern}`, which no known event name matches (known: {})",
                subscription.name,
                if names.is_empty() { "none".into() } else { names.join(", ") }
            )),
            Err(error) => findings.push(format!("`{}` subscribes to `{pattern}`: {error}", subscription.name)),
        }
    }
}

fn brokers_for_topics(wiring: &Wiring, brokers: usize, findings: &mut Vec<String>) {
    if brokers > 1 {
        findings.push("there are two brokers: remove one `.broker(…)`".into());
    }
    if brokers > 0 {
        return;
    }
    let specs = wiring.events.iter().flat_map(|table| table.specs);
    let published = specs.filter_map(|spec| Some(format!("`{}` is published to `{}`", spec.name, spec.topic?)));
    let subscribed = wiring.remote.iter().map(|remote| format!("`{}` subscribes to a broker", remote.name));
    let reasons: Vec<String> = published.chain(subscribed).collect();
    if !reasons.is_empty() {
        findings.push(format!("there is no `.broker(…)`, but {}", reasons.join(", ")));
    }
}

/// Adds a line for every domain event that nothing in this process hears.
pub(super) fn unheard(wiring: &Wiring, findings: &mut Vec<String>) {
    for spec in wiring.events.iter().flat_map(|table| table.specs).filter(|spec| !spec.kind.is_remote()) {
        let heard = wiring.local.iter().any(|subscription| match subscription.wants {
            Wants::Events(specs) => specs.iter().any(|own| own.name == spec.name),
            Wants::Pattern(pattern) => Topic::compile(pattern).is_ok_and(|topic| topic.matches(spec.name)),
        });
        if !heard {
            findings.push(format!("nothing subscribes to the domain event `{}`", spec.name));
        }
    }
}
