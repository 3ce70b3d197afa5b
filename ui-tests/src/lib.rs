//! The reference pages of the macros, whose examples run as tests of this crate; the pages' own crate cannot run them,
//! because it stands below the runtime. The cases in `fail/` and `pass/` run from `tests/ui.rs`.

#[doc = include_str!("../../macros/src/docs/event.md")]
pub mod event {}
#[doc = include_str!("../../macros/src/docs/command_derive.md")]
pub mod command_derive {}
#[doc = include_str!("../../macros/src/docs/query.md")]
pub mod query {}
#[doc = include_str!("../../macros/src/docs/id.md")]
pub mod id {}
#[doc = include_str!("../../macros/src/docs/entity.md")]
pub mod entity {}
#[doc = include_str!("../../macros/src/docs/state.md")]
pub mod state {}
#[doc = include_str!("../../macros/src/docs/value_object.md")]
pub mod value_object {}
#[doc = include_str!("../../macros/src/docs/state_machine.md")]
pub mod state_machine {}
#[doc = include_str!("../../macros/src/docs/aggregate.md")]
pub mod aggregate {}
#[doc = include_str!("../../macros/src/docs/command.md")]
pub mod command {}
#[doc = include_str!("../../macros/src/docs/service.md")]
pub mod service {}
#[doc = include_str!("../../macros/src/docs/projection.md")]
pub mod projection {}
