//! The tests are in `tests/ui.rs`; the cases in `fail/` and `pass/`.
