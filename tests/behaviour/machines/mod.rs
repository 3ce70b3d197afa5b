//! State machines: what a transition does and in which order, what refuses it, and what a refusal leaves behind.

mod by_name;
mod concurrent;
mod costs;
mod facade;
mod hooks;
mod moved;
mod nested;
mod order;
mod own_error;
mod panics;
mod random;
mod reasons;
mod refusals;
mod several;
mod waiting;
