//! The guide by topic: what the first page leaves out.

#[doc = include_str!("events.md")]
pub mod events {}

#[doc = include_str!("states.md")]
pub mod states {}

#[doc = include_str!("machines.md")]
pub mod machines {}

#[doc = include_str!("reading.md")]
pub mod reading {}

#[doc = include_str!("tenants.md")]
pub mod tenants {}

#[doc = include_str!("delivery.md")]
pub mod delivery {}

#[doc = include_str!("sensitive.md")]
pub mod sensitive {}

#[doc = include_str!("archives.md")]
pub mod archives {}

#[doc = include_str!("trouble.md")]
pub mod trouble {}

#[doc = include_str!("tests.md")]
pub mod tests {}

#[doc = include_str!("errors.md")]
pub mod errors {}
