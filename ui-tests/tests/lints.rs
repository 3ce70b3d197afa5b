//! Clippy does not see the cases, which are compiled while the tests run; here it sees one of them.

#[path = "../pass/state_machine/pedantic.rs"]
pub mod pedantic;

#[test]
fn a_machine_under_pedantic_lints_runs() {
    pedantic::main();
}
