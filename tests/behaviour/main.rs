//! What the framework promises, as sentences, from outside.

mod bus;
mod commands;
mod faults;
mod mediator;
mod projections;
mod spans;
mod unit_of_work;
