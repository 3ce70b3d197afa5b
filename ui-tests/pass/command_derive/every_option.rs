//! Every option of a command; the derive's `#[command]` and the attribute of the same name live together.

use bailiwick::{Command, command};
use serde::Serialize;

#[derive(Command, Debug, Clone, Serialize)]
#[command(name = "room.rename")]
struct Rename<T: Clone + Send + Sync + 'static> {
    #[target]
    room: u64,
    name: T,
    #[audit(redact)]
    note: String,
    #[audit(redact)]
    #[serde(rename = "phone-number")]
    phone: String,
}

#[derive(Command, Debug, Clone)]
struct Close(#[target] String);

#[derive(Command, Debug, Clone)]
struct Tidy;

fn main() {
    let rename = Rename { room: 7, name: "a", note: String::new(), phone: String::new() };
    assert_eq!(rename.target().as_deref(), Some("7"));
    assert_eq!(<Rename<u8> as Command>::NAME, "room.rename");
    assert_eq!(<Rename<u8> as Command>::REDACTED, ["note", "phone-number"]);
    assert_eq!(Close("r-1".into()).target().as_deref(), Some("r-1"));
    assert_eq!((Tidy::NAME, Tidy.target()), ("Tidy", None));
    let _ = (rename.name, rename.note, rename.phone);
}

#[allow(unused_imports, reason = "only its name is of interest")]
use command as _;
