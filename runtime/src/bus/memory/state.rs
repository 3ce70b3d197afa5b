//! Which messages are owed to which groups.

use std::{
    collections::{BTreeMap, HashMap, HashSet, VecDeque},
    sync::Arc,
};

use super::Fault;
use crate::{
    bus::broker::{Delivery, InletSpec, Receipt},
    id::MessageId,
    store::OutboxMessage,
};

pub(super) type Refuse = dyn Fn(&OutboxMessage) -> bool + Send + Sync;

/// Everything. A message has one number as long as it is on its way; for each group it has a ticket, in the order of
/// publishing.
#[derive(Default)]
pub(super) struct State {
    pub(super) closed: bool,
    pub(super) down: bool,
    pub(super) faults: VecDeque<Fault>,
    pub(super) refuse: Option<Arc<Refuse>>,
    entries: HashMap<u64, Entry>,
    numbers: HashMap<(String, MessageId), u64>,
    last: u64,
    last_ticket: u64,
    groups: HashMap<String, Group>,
    last_inlet: u64,
}

/// A message on its way.
struct Entry {
    message: OutboxMessage,
    shares: HashMap<String, Share>,
    /// How many calls of `publish` wait for it.
    publishers: usize,
}

/// What a group has to do with a message.
struct Share {
    /// Its place among the group's messages, and the receipt of its deliveries.
    ticket: u64,
    settled: bool,
    attempts: u32,
}

#[derive(Default)]
struct Group {
    topics: HashSet<String>,
    /// The first one gets the messages.
    inlets: VecDeque<u64>,
    /// Messages by ticket.
    ready: BTreeMap<u64, u64>,
    handed: BTreeMap<u64, u64>,
}

impl State {
    pub(super) fn unsettled(&self) -> usize {
        self.entries.len()
    }

    pub(super) fn is_settled(&self, number: u64) -> bool {
        !self.entries.contains_key(&number)
    }

    /// Takes a message in for every group that wants it, on behalf of one publisher. One that is on its way already is
    /// not taken twice. `None` if nobody wants it.
    pub(super) fn take_in(&mut self, message: &OutboxMessage) -> Option<u64> {
        let name = (message.topic.clone(), message.envelope.id);
        let number = self.numbers.get(&name).copied().unwrap_or(self.last + 1);
        if !self.entries.contains_key(&number) && !self.groups.values().any(|group| group.wants(message)) {
            return None;
        }
        self.last = self.last.max(number);
        self.numbers.insert(name, number);
        self.owe(number, message).publishers += 1;
        Some(number)
    }

    /// Takes a message in once more, on behalf of nobody.
    pub(super) fn take_in_again(&mut self, message: &OutboxMessage) {
        self.last += 1;
        self.owe(self.last, message);
        self.forget_settled(self.last);
    }

    fn owe(&mut self, number: u64, message: &OutboxMessage) -> &mut Entry {
        let new = || Entry { message: message.clone(), shares: HashMap::new(), publishers: 0 };
        let entry = self.entries.entry(number).or_insert_with(new);
        for (name, group) in self.groups.iter_mut().filter(|(_, group)| group.wants(message)) {
            if !entry.shares.contains_key(name) {
                self.last_ticket += 1;
                let share = Share { ticket: self.last_ticket, settled: false, attempts: 0 };
                group.ready.insert(share.ticket, number);
                entry.shares.insert(name.clone(), share);
            }
        }
        entry
    }

    /// Lets a publisher go. What nobody waits for any more is withdrawn where it was not handed out.
    pub(super) fn withdraw(&mut self, number: u64) {
        let Some(entry) = self.entries.get_mut(&number) else { return };
        entry.publishers = entry.publishers.saturating_sub(1);
        if entry.publishers > 0 {
            return;
        }
        // Not settled but gone: published again, it goes to these groups again.
        let groups = &mut self.groups;
        entry.shares.retain(|name, share| {
            groups.get_mut(name).is_some_and(|group| group.ready.remove(&share.ticket).is_none())
        });
        self.forget_settled(number);
    }

    /// Lets a publisher go and the message on its way.
    pub(super) fn let_go(&mut self, number: u64) {
        if let Some(entry) = self.entries.get_mut(&number) {
            entry.publishers = entry.publishers.saturating_sub(1);
        }
    }

    fn settle(&mut self, group: &str, number: u64) {
        if let Some(share) = self.entries.get_mut(&number).and_then(|entry| entry.shares.get_mut(group)) {
            share.settled = true;
        }
        self.forget_settled(number);
    }

    fn drop_share(&mut self, group: &str, number: u64) {
        if let Some(entry) = self.entries.get_mut(&number) {
            entry.shares.remove(group);
        }
        self.forget_settled(number);
    }

    fn forget_settled(&mut self, number: u64) {
        let Some(entry) = self.entries.get(&number).filter(|entry| entry.shares.values().all(|s| s.settled)) else {
            return;
        };
        let name = (entry.message.topic.clone(), entry.message.envelope.id);
        self.entries.remove(&number);
        if self.numbers.get(&name) == Some(&number) {
            self.numbers.remove(&name);
        }
    }

    pub(super) fn enter(&mut self, spec: InletSpec) -> u64 {
        self.last_inlet += 1;
        let group = self.groups.entry(spec.group).or_default();
        group.topics.extend(spec.topics);
        group.inlets.push_back(self.last_inlet);
        self.last_inlet
    }

    /// Takes an inlet out; what it was handed and did not settle goes back.
    pub(super) fn leave(&mut self, group: &str, inlet: u64) {
        let Some(state) = self.groups.get_mut(group) else { return };
        let led = state.inlets.front() == Some(&inlet);
        state.inlets.retain(|other| *other != inlet);
        if led {
            self.give_back(group);
        }
    }

    fn give_back(&mut self, group: &str) {
        let Some(handed) = self.groups.get_mut(group).map(|group| std::mem::take(&mut group.handed)) else { return };
        for (ticket, number) in handed {
            let wanted = self.entries.get(&number).is_some_and(|entry| entry.publishers > 0);
            if !wanted {
                self.drop_share(group, number); // its publisher was told to publish it again
            } else if let Some(group) = self.groups.get_mut(group) {
                group.ready.insert(ticket, number);
            }
        }
    }

    /// Hands out what is ready to the group's leading inlet.
    pub(super) fn hand_out(&mut self, name: &str, inlet: u64, limit: usize) -> Vec<Delivery> {
        let Some(group) = self.groups.get_mut(name).filter(|group| group.inlets.front() == Some(&inlet)) else {
            return Vec::new();
        };
        let mut deliveries = Vec::new();
        while deliveries.len() < limit.max(1) {
            let Some((ticket, number)) = group.ready.pop_first() else { break };
            let Some(entry) = self.entries.get_mut(&number) else { continue };
            let Some(share) = entry.shares.get_mut(name) else { continue };
            group.handed.insert(ticket, number);
            share.attempts += 1;
            let (message, attempt) = (entry.message.clone(), share.attempts);
            deliveries.push(Delivery { message, attempt, receipt: Receipt(ticket) });
        }
        deliveries
    }

    /// Settles what the group's leading inlet was handed; other receipts are old and mean nothing.
    pub(super) fn settle_all(&mut self, name: &str, inlet: u64, receipts: &[Receipt]) {
        for Receipt(ticket) in receipts {
            let group = self.groups.get_mut(name).filter(|group| group.inlets.front() == Some(&inlet));
            if let Some(number) = group.and_then(|group| group.handed.remove(ticket)) {
                self.settle(name, number);
            }
        }
    }

    pub(super) fn set_down(&mut self, down: bool) {
        self.down = down;
        if down {
            let names: Vec<String> = self.groups.keys().cloned().collect();
            names.iter().for_each(|name| self.give_back(name));
        }
    }

    pub(super) fn unsubscribe(&mut self, group: &str) {
        let Some(gone) = self.groups.remove(group) else { return };
        gone.ready.into_values().chain(gone.handed.into_values()).for_each(|number| self.drop_share(group, number));
    }

    pub(super) fn close(&mut self) {
        self.closed = true;
        self.groups.clear();
        self.entries.retain(|_, entry| entry.publishers > 0); // those who wait are told, and withdraw
    }
}

impl Group {
    fn wants(&self, message: &OutboxMessage) -> bool {
        self.topics.contains(&message.topic)
    }
}
