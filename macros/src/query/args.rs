//! The options of `#[query(…)]`.

use syn::{LitStr, Type};

use crate::{
    faults::Faults,
    paths::{CRATE, Root},
    syntax::{Grammar, Opt, Options},
};

const NAME: Opt = Opt::new("name", "name = \"room.free\"");
const OUTPUT: Opt = Opt::new("output", "output = Vec<Room>");

/// Of the struct.
pub(super) static STRUCT: Grammar = Grammar::new("#[query]", &[NAME, OUTPUT, CRATE]);

/// The options of the struct.
pub(super) struct Args {
    /// The name in traces and errors; the Rust name unless given.
    pub(super) name: Option<LitStr>,
    /// What the handler answers: declared here, the handler must answer the same.
    pub(super) output: Option<Type>,
    /// The way to the runtime.
    pub(super) root: Root,
}

impl Args {
    /// Reads them.
    pub(super) fn read(mut options: Options, faults: &mut Faults) -> Self {
        let name = options.take("name").and_then(|name| name.stored_name(faults));
        let output = options.take("output").and_then(|output| output.read(faults));
        Self { name, output, root: Root::read(options.take("crate"), faults) }
    }
}
