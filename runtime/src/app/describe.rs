//! What is wired, for people and for tests.

use std::fmt;

use serde::Serialize;

use crate::{
    codec,
    error::Error,
    mediator::{MessageKind, Wants, Wiring},
    projection::{AnyProjection, Mode},
};

/// Everything that is wired, in the order of registration.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Description {
    /// Commands and queries.
    pub messages: Vec<MessageLine>,
    /// Event names.
    pub events: Vec<EventLine>,
    /// Subscriptions, to this process and to the broker.
    pub subscriptions: Vec<SubscriptionLine>,
    /// Projections.
    pub projections: Vec<ProjectionLine>,
}

/// A command or a query.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct MessageLine {
    /// Its name.
    pub name: &'static str,
    /// `command` or `query`.
    pub kind: &'static str,
    /// The type that handles it.
    pub home: &'static str,
    /// The behaviours around it, outermost first.
    pub behaviours: Vec<&'static str>,
}

/// An event.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct EventLine {
    /// Its name.
    pub name: &'static str,
    /// The version that is written.
    pub version: u32,
    /// Where it is published.
    pub topic: Option<&'static str>,
}

/// A subscription.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SubscriptionLine {
    /// Its name.
    pub name: &'static str,
    /// `process` or `broker`.
    pub source: &'static str,
    /// The events, or the pattern.
    pub wants: Vec<&'static str>,
}

/// A projection.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ProjectionLine {
    /// Its name.
    pub name: &'static str,
    /// `inline` or `async`.
    pub mode: &'static str,
}

impl Description {
    pub(super) fn of(wiring: &Wiring, projections: &[AnyProjection]) -> Self {
        Self {
            messages: messages(wiring),
            events: events(wiring),
            subscriptions: subscriptions(wiring),
            projections: projections.iter().map(projection).collect(),
        }
    }

    /// The same as JSON.
    ///
    /// # Errors
    /// None that is known: everything in it can be written.
    pub fn to_json(&self) -> Result<String, Error> {
        codec::encode(self).map(|bytes| String::from_utf8_lossy(&bytes).into_owned())
    }
}

fn projection(projection: &AnyProjection) -> ProjectionLine {
    let mode = match projection.mode() {
        Mode::Inline => "inline",
        Mode::Async => "async",
    };
    ProjectionLine { name: projection.name(), mode }
}

fn messages(wiring: &Wiring) -> Vec<MessageLine> {
    let line = |message: &crate::mediator::Message| MessageLine {
        name: message.name,
        kind: match message.kind {
            MessageKind::Command => "command",
            MessageKind::Query => "query",
        },
        home: message.home,
        behaviours: message.behaviours.clone(),
    };
    wiring.messages.iter().map(line).collect()
}

fn events(wiring: &Wiring) -> Vec<EventLine> {
    let specs = wiring.events.iter().flat_map(|table| table.specs);
    specs.map(|spec| EventLine { name: spec.name, version: spec.version, topic: spec.topic }).collect()
}

fn subscriptions(wiring: &Wiring) -> Vec<SubscriptionLine> {
    let local = wiring.local.iter().map(|subscription| SubscriptionLine {
        name: subscription.name,
        source: "process",
        wants: match subscription.wants {
            Wants::Events(specs) => specs.iter().map(|spec| spec.name).collect(),
            Wants::Pattern(pattern) => vec![pattern],
        },
    });
    let remote = wiring.remote.iter().map(|subscription| SubscriptionLine {
        name: subscription.name,
        source: "broker",
        wants: subscription.events.iter().map(|spec| spec.name).collect(),
    });
    local.chain(remote).collect()
}

impl fmt::Display for Description {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for line in &self.messages {
            write!(f, "{} {} -> {}", line.kind, line.name, line.home)?;
            if !line.behaviours.is_empty() {
                write!(f, " through {}", line.behaviours.join(", "))?;
            }
            writeln!(f)?;
        }
        for line in &self.events {
            write!(f, "event {} v{}", line.name, line.version)?;
            if let Some(topic) = line.topic {
                write!(f, " to topic {topic}")?;
            }
            writeln!(f)?;
        }
        for line in &self.subscriptions {
            writeln!(f, "subscription {} <- {}: {}", line.name, line.source, line.wants.join(", "))?;
        }
        for line in &self.projections {
            writeln!(f, "projection {} ({})", line.name, line.mode)?;
        }
        Ok(())
    }
}
