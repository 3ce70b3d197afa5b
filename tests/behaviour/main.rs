//! What the framework promises, as sentences, from outside.

mod allocations;
mod attempts;
mod bus;
mod by_hand;
mod commands;
mod delivery;
mod emission;
mod faults;
mod followers;
mod foreign_logs;
mod history;
mod machines;
mod machines_aggregate;
mod mediator;
mod mysql_store;
mod projected;
mod projections;
mod rebuild;
mod relay;
mod relay_chance;
mod snapshots;
mod spans;
mod stored;
mod subscription;
mod subscription_faults;
mod unit_of_work;
