//! What the macros on `impl` blocks share.

pub(crate) mod calls;
pub(crate) mod inherent;
pub(crate) mod receiver;
pub(crate) mod rules;

use proc_macro2::Span;

use crate::{codes::MISSING_OPTION, faults::Faults, suggest::list, syntax::Options};

/// Reports the required options that are missing, all at once, with a complete example.
#[allow(clippy::disallowed_methods, reason = "the attribute itself is what is wrong")]
pub(crate) fn missing(options: &Options, required: &[&str], example: &str, faults: &mut Faults) {
    let absent = |name: &&str| !options.written(name);
    let missing: Vec<&str> = required.iter().copied().filter(absent).collect();
    if missing.is_empty() {
        return;
    }
    let word = if missing.len() == 1 { "option" } else { "options" };
    let text = format!("`{}` needs the {word} {}", faults.owner().shown, list(missing));
    faults.at(Span::call_site(), MISSING_OPTION, text).help(format!("write `{example}`"));
}
