//! Names that the machine writes itself.

use crate::{
    codes::state_machine::NAME_TAKEN,
    faults::Faults,
    names,
    state_machine::model::{Model, Transition},
    syntax::{impl_block::Method, returns::Answer},
};

/// The facade's own methods.
const OF_THE_FACADE: [&str; 2] = ["get", "into_inner"];

pub(super) fn all(model: &Model, faults: &mut Faults) {
    for method in model.block.methods().filter(|method| method.is_always()) {
        name_taken(model, method, faults);
    }
}

/// What is written for the machine or for a transition has a name that the user gave to a method.
fn name_taken(model: &Model, method: &Method, faults: &mut Faults) {
    let name = names::text(method.name());
    let always = || model.transitions.iter().filter(|one| one.method.is_always());
    if let Some(transition) = always().find(|one| one.asks().contains(&name)) {
        let text = format!("`{name}` is written for the transition `{}`", transition.text());
        faults
            .at(method.span(), NAME_TAKEN, text)
            .and(transition.name().span(), format!("`{}` is here", transition.text()))
            .help("give one of them another name");
    } else if let Some(option) = model.own_method(&name) {
        faults
            .at(method.span(), NAME_TAKEN, format!("`{name}` is written by {option}"))
            .help("give the method another name");
    } else if model.args.typestate.is_some() && always().any(|one| one.text() == name) {
        of_the_facade(model, method, &name, faults);
    }
}

/// A transition is a method of the facade's types too.
fn of_the_facade(model: &Model, method: &Method, name: &str, faults: &mut Faults) {
    let always = || model.transitions.iter().filter(|one| one.method.is_always());
    let answers = |one: &&Transition| !matches!(Answer::of(&one.method.sig.output), Answer::Nothing);
    let returning = |one: &&Transition| name.strip_suffix("_returning").is_some_and(|rest| rest == one.text());
    if OF_THE_FACADE.contains(&name) {
        let text = format!("`{name}` is a method of the typestate facade, and its types have each transition");
        faults.at(method.span(), NAME_TAKEN, text).help("give the transition another name, or leave out `typestate`");
    } else if let Some(other) = always().find(|one| returning(one) && answers(one)) {
        let text = format!("`{name}` is written on the typestate facade, for the output of `{}`", other.text());
        faults
            .at(method.span(), NAME_TAKEN, text)
            .and(other.name().span(), format!("`{}` is here", other.text()))
            .help("give one of them another name, or leave out `typestate`");
    }
}

impl Model {
    /// What writes a method of this name beside the transitions.
    fn own_method(&self, name: &str) -> Option<&'static str> {
        let prefix = self.args.name.as_ref().map(|name| format!("{}_", names::text(name))).unwrap_or_default();
        match name.strip_prefix(prefix.as_str())? {
            "available" => Some("`#[state_machine]`"),
            "trigger" if self.args.trigger.is_some() => Some("the option `trigger`"),
            "typed" if self.args.typestate.is_some() => Some("the option `typestate`"),
            _ => None,
        }
    }

    /// Whether the user gave this name to a method, so that it is not written a second time beside the fault.
    pub(in crate::state_machine) fn has_method(&self, name: &str) -> bool {
        self.block.methods().any(|method| method.is_always() && names::text(method.name()) == name)
    }
}

impl Transition {
    /// The methods that ask for it.
    pub(in crate::state_machine) fn asks(&self) -> [String; 2] {
        [format!("check_{}", self.text()), format!("can_{}", self.text())]
    }

    /// Whether the facade has a method of its own in this one's place.
    pub(in crate::state_machine) fn hides_the_facade(&self) -> bool {
        OF_THE_FACADE.contains(&self.text().as_str())
    }
}

impl Method {
    /// Whether no `cfg` may remove it.
    fn is_always(&self) -> bool {
        self.cfgs().is_empty()
    }
}
