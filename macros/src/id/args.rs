//! The options of `#[id(…)]`.

use crate::{paths::CRATE, syntax::Grammar};

/// Of the struct.
pub(super) static STRUCT: Grammar = Grammar::new("#[id]", &[CRATE]);
