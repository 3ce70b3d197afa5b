//! The item under a macro on behaviour: an inherent `impl` of a type with a name, its roles taken off.

use proc_macro2::TokenStream;

use crate::{
    codes::{CFG_NOT_COUNTED, CONFLICT, DUPLICATE, SYNTAX, WRONG_ITEM},
    faults::Faults,
    names,
    pipeline::Macro,
    syntax::{
        impl_block::{self, ImplBlock, Method},
        roles::Role,
    },
};

/// Roles that one method may have several times.
const REPEATED: [&str; 4] = ["apply", "transition", "on_enter", "on_exit"];

/// Roles that one method may have together.
const TOGETHER: [&str; 2] = ["on_enter", "on_exit"];

/// Reads the item; `None` after a fault that leaves nothing to read.
pub(crate) fn read<M: Macro>(item: TokenStream, faults: &mut Faults) -> Option<ImplBlock> {
    let (kind, place) = impl_block::describe(&item);
    if kind != impl_block::IMPL {
        wrong_item(&place, &format!("this is {kind}"), faults);
        return None;
    }
    let mut block = syn::parse2::<ImplBlock>(item).map_err(|error| faults.syntax(&error, SYNTAX)).ok()?;
    if let Some(trait_) = &block.trait_ {
        wrong_item(trait_, "this one implements a trait", faults);
        return None;
    }
    if block.type_name().is_none() {
        wrong_item(&block.self_ty, "this type has no name", faults);
        return None;
    }
    block.broken.iter().for_each(|error| faults.syntax(error, SYNTAX));
    block.take_roles(M::ROLES);
    block.methods().for_each(|method| judge_roles(method, faults));
    Some(block)
}

fn wrong_item(place: &impl quote::ToTokens, what: &str, faults: &mut Faults) {
    let shown = faults.owner().shown;
    faults
        .on(place, WRONG_ITEM, format!("`{shown}` belongs on an inherent `impl`, and {what}"))
        .help(format!("put `{shown}` above `impl YourType {{ … }}`; derives go on data"));
}

/// One role per method; some may be repeated, or stand together.
fn judge_roles(method: &Method, faults: &mut Faults) {
    for role in &method.hidden_roles {
        let text = format!("`#[{}]` inside `cfg_attr` is not seen", role.name);
        faults
            .at(role.span, CFG_NOT_COUNTED, text)
            .help("the macro runs before the condition is known; write `#[cfg(…)]` above the whole method");
    }
    let Some((first, others)) = method.roles.split_first() else { return };
    for other in others {
        if [first, other].iter().all(|role| TOGETHER.contains(&role.name)) {
            continue;
        }
        if other.name != first.name {
            clash(first, other, method, faults);
        } else if !REPEATED.contains(&other.name) {
            faults
                .at(other.span, DUPLICATE, format!("`#[{}]` is given twice", other.name))
                .and(first.span, format!("`#[{}]` is first given here", first.name))
                .help("keep one of them");
        }
    }
}

fn clash(first: &Role, other: &Role, method: &Method, faults: &mut Faults) {
    let name = names::text(method.name());
    let text = format!("`{name}` has two roles, `#[{}]` and `#[{}]`", first.name, other.name);
    faults
        .at(other.span, CONFLICT, text)
        .and(first.span, format!("`#[{}]` is given here", first.name))
        .help(format!("write a method of its own for `#[{}]`", other.name));
}
