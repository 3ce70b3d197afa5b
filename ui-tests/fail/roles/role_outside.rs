// errors: 8
use bailiwick::roles::{apply, authorize, execute, handle, project, subscribe, undo, validate};

#[handle]
fn handle() {}

#[apply]
fn apply() {}

#[validate]
fn validate() {}

#[authorize]
fn authorize() {}

#[execute]
fn execute() {}

#[undo]
fn undo() {}

#[subscribe]
fn subscribe() {}

#[project]
fn project() {}

fn main() {}
