//! The options of `#[value(…)]`.

use proc_macro2::Span;
use syn::Path;

use crate::{
    faults::Faults,
    paths::{CRATE, Root},
    syntax::{Grammar, Opt, Options},
};

const CHECK: Opt = Opt::new("check", "check = is_email");

/// Of the struct.
pub(super) static STRUCT: Grammar = Grammar::new("#[value]", &[CHECK, CRATE]);

/// The options of the struct.
pub(super) struct Args {
    /// A function that takes each field by reference, in order, and returns `bool` or `Result<(), E>`. Required.
    pub(super) check: Option<Path>,
    /// The way to the runtime.
    pub(super) root: Root,
}

impl Args {
    /// Reads them; `place` is where a missing one is reported if there is no attribute.
    pub(super) fn read(mut options: Options, place: Span, faults: &mut Faults) -> Self {
        options.require("check", place, faults);
        let check = options.take("check").and_then(|check| check.read(faults));
        Self { check, root: Root::read(options.take("crate"), faults) }
    }
}
