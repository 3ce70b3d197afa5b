//! The machine of a ticket.

use bailiwick::{State, state_machine};

/// Where a ticket is.
#[derive(State, Debug, Clone, Copy, PartialEq, Eq)]
pub enum TicketStatus {
    #[state(initial)]
    Open,
    Assigned,
    WaitingCustomer,
    Escalated,
    Resolved,
    Reopened,
    #[state(terminal)]
    Closed,
    #[state(terminal)]
    Rejected,
}

/// A ticket, from the first call until it is closed.
#[derive(Debug)]
pub struct Ticket {
    status: TicketStatus,
    agent: Option<String>,
    duplicate_of: Option<u64>,
    days: u32,
    satisfied: bool,
}

impl Ticket {
    /// A new ticket; of a `duplicate_of` another one, if it is.
    #[must_use]
    pub fn open(duplicate_of: Option<u64>) -> Self {
        Self { status: TicketStatus::INITIAL, agent: None, duplicate_of, days: 0, satisfied: true }
    }

    /// Who works on it.
    #[must_use]
    pub fn agent(&self) -> Option<&str> {
        self.agent.as_deref()
    }
}

#[state_machine(states = TicketStatus, field = status)]
impl Ticket {
    /// An agent takes it.
    #[transition(Open | Reopened => Assigned)]
    pub fn assign(&mut self, agent: &str) {
        self.agent = Some(agent.to_owned());
    }

    /// It is one that exists already.
    #[transition(Open if duplicate => Rejected)]
    pub fn reject(&mut self) {}

    /// The agent asks the customer.
    #[transition(Assigned | Escalated => WaitingCustomer)]
    pub fn ask(&mut self) {
        self.days = 0;
    }

    /// The customer answers.
    #[transition(WaitingCustomer => Assigned)]
    pub fn answer(&mut self) {}

    /// It took too long.
    #[transition(Assigned if overdue => Escalated)]
    pub fn escalate(&mut self) {}

    /// The agent has an answer.
    #[transition(Assigned | Escalated => Resolved)]
    pub fn resolve(&mut self, satisfied: bool) {
        self.satisfied = satisfied;
    }

    /// The customer does not agree.
    #[transition(Resolved if !satisfied => Reopened)]
    pub fn reopen(&mut self) {
        self.agent = None;
    }

    /// The customer agrees, or says nothing more.
    #[transition(Resolved => Closed)]
    pub fn close(&mut self) {}

    /// The customer does not answer.
    #[transition(WaitingCustomer if silent => Closed)]
    pub fn give_up(&mut self) {}

    /// A day has passed.
    #[transition(_ => _)]
    pub fn wait(&mut self) {
        self.days += 1;
    }

    fn duplicate(&self) -> bool {
        self.duplicate_of.is_some()
    }

    fn overdue(&self) -> bool {
        self.days > 3
    }

    fn satisfied(&self) -> bool {
        self.satisfied
    }

    fn silent(&self) -> bool {
        self.days > 30
    }
}
