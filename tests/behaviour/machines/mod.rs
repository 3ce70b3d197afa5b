//! State machines: what a transition does and in which order, what refuses it, and what a refusal leaves behind.

mod concurrent;
mod costs;
mod hooks;
mod order;
mod random;
mod reasons;
mod refusals;
mod several;
mod waiting;
