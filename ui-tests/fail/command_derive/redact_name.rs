// errors: 1
use bailiwick::Command;

#[derive(Command, Clone, serde::Serialize)]
#[serde(rename_all = "camelCase")]
struct Open {
    #[audit(redact)]
    door_code: String,
}

fn main() {}
