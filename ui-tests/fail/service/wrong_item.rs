// errors: 2
use bailiwick::service;

#[service]
struct Meetings;

#[service]
fn meetings() {}

fn main() {
    let _ = (Meetings, meetings());
}
