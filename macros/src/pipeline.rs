//! The one road of every macro: args → model → check → emit. It survives its own panics, and keeps the user's item.

use std::panic::{AssertUnwindSafe, catch_unwind};

use proc_macro2::{Span, TokenStream};
use quote::quote;

use crate::{
    codes::{INTERNAL_FAULT, Owner},
    faults::Faults,
    output::{fallback, show},
};

/// Whether the user's item has no faults.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Health {
    /// None.
    Sound,
    /// Some: signatures are still written, so that nothing else fails in their wake.
    Faulty,
}

impl Health {
    /// Whether there are no faults.
    pub(crate) fn is_sound(self) -> bool {
        self == Self::Sound
    }
}

/// What a macro is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A derive: rustc keeps the item, the macro adds to it.
    Derive,
    /// An attribute: the macro writes the item again.
    Attribute,
}

/// One macro.
pub(crate) trait Macro {
    /// Its row in the table of codes.
    const OWNER: &'static Owner;
    /// Derive or attribute.
    const KIND: Kind;
    /// Attributes on members that it takes off, also from the fallback item.
    const ROLES: &'static [&'static str];
    /// The options of the attribute.
    type Args;
    /// What the user meant.
    type Model;

    /// Reads the options, without a look at the item.
    fn args(tokens: TokenStream, faults: &mut Faults) -> Self::Args;

    /// Reads the item; `None` only if it is of the wrong kind.
    fn model(args: Self::Args, item: TokenStream, faults: &mut Faults) -> Option<Self::Model>;

    /// Judges the model, every rule on every sound element.
    fn check(model: &Self::Model, faults: &mut Faults);

    /// Writes. An attribute writes the item first.
    fn emit(model: &Self::Model, health: Health) -> TokenStream;
}

/// Runs a macro.
pub(crate) fn run<M: Macro>(args: TokenStream, item: TokenStream) -> TokenStream {
    let mut faults = Faults::new(M::OWNER);
    let road = AssertUnwindSafe(|| walk::<M>(args, item.clone(), &mut faults));
    let written = catch_unwind(road).unwrap_or_else(|panic| {
        report_panic(&mut faults, &*panic);
        None
    });
    let kept = || match M::KIND {
        Kind::Derive => TokenStream::new(),
        Kind::Attribute => fallback::without_roles(item.clone(), M::ROLES),
    };
    let written = written.unwrap_or_else(kept);
    let errors = faults.into_tokens();
    let output = quote!(#written #errors);
    show::show(M::OWNER, &item, &output);
    output
}

/// Runs a derive: a macro without args of its own.
pub(crate) fn derive<M: Macro>(item: TokenStream) -> TokenStream {
    run::<M>(TokenStream::new(), item)
}

fn walk<M: Macro>(args: TokenStream, item: TokenStream, faults: &mut Faults) -> Option<TokenStream> {
    let args = M::args(args, faults);
    let model = M::model(args, item, faults)?;
    M::check(&model, faults);
    let health = if faults.any() { Health::Faulty } else { Health::Sound };
    Some(M::emit(&model, health))
}

#[allow(clippy::disallowed_methods, reason = "the attribute itself is what is wrong")]
fn report_panic(faults: &mut Faults, panic: &(dyn std::any::Any + Send)) {
    let reason = panic.downcast_ref::<String>().map(String::as_str).or_else(|| panic.downcast_ref::<&str>().copied());
    let text = format!("internal error in `{}`; please report it", faults.owner().shown);
    faults.at(Span::call_site(), INTERNAL_FAULT, text).help(reason.unwrap_or("the panic has no text").to_owned());
}

#[cfg(test)]
mod tests {
    use proc_macro2::TokenStream;
    use quote::quote;

    use super::{Health, Kind, Macro, run};
    use crate::{
        codes::{EVENT, Owner, UNKNOWN_NAME},
        faults::Faults,
    };

    /// Reports a fault, then panics.
    struct Broken;

    impl Macro for Broken {
        const OWNER: &'static Owner = &EVENT;
        const KIND: Kind = Kind::Attribute;
        const ROLES: &'static [&'static str] = &["handle"];
        type Args = ();
        type Model = ();

        fn args(_tokens: TokenStream, _faults: &mut Faults) {}

        fn model((): (), item: TokenStream, faults: &mut Faults) -> Option<()> {
            faults.on(&item, UNKNOWN_NAME, "the user's own mistake");
            Some(())
        }

        fn check((): &(), _faults: &mut Faults) {
            panic!("the ladder is too short");
        }

        fn emit((): &(), _health: Health) -> TokenStream {
            TokenStream::new()
        }
    }

    #[test]
    fn internal_fault() {
        let output =
            run::<Broken>(TokenStream::new(), quote!(impl Order { #[handle] fn a(&self) { self. } })).to_string();
        assert!(output.starts_with(&quote!(impl Order { fn a(&self) { self. } }).to_string()), "{output}");
        assert!(output.contains("internal error in `#[derive(Event)]`; please report it [BW0319]"), "{output}");
        assert!(output.contains("= help: the ladder is too short"), "{output}");
        assert!(output.contains("the user's own mistake"), "{output}");
    }

    #[test]
    #[should_panic(expected = "1 faults of #[derive(Event)] were dropped unread")]
    fn faults_are_not_dropped_unread() {
        let mut faults = Faults::new(&EVENT);
        faults.on(&quote!(a), UNKNOWN_NAME, "nobody reads this");
    }
}
