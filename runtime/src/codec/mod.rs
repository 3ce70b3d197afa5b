//! The one place that knows JSON: how payloads become bytes, and how old payloads become new ones.
//!
//! The payload of an event is the JSON of its fields alone. Which event it is stands beside it, as a registered name and
//! a version; so a struct event and an enum variant with the same fields have the same payload, and renaming a Rust type
//! changes nothing that is stored.

mod diff;
mod json;
mod marks;
mod parts;
mod raw;
mod redact;
mod shape;
mod upcast;
mod variant;

pub use diff::{Change, Diff};
pub(crate) use diff::{json, lost_place, same_places};
pub use json::{decode, encode, misfit};
pub(crate) use json::{read, read_with};
pub(crate) use marks::{HIDDEN, Marked, Token, reading, redacting, writing};
pub(crate) use parts::{Instead, Part, may_be_marked, rewrite};
pub(crate) use raw::{RawValue, base64, from_base64, from_url, line, raw, to_url};
pub use redact::redact;
pub use serde_json::Value as Json;
pub use shape::{Shape, ShapeChange};
pub use upcast::{Upcast, upcast};
pub use variant::{decode_variant, encode_variant, misfit_of_variant};
