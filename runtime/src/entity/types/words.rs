//! The types of the framework that are texts: states, tenants, actors.

use std::borrow::Cow;

use super::{ColumnType, Operand, misfit};
use crate::{
    actor::ActorId,
    entity::{Kind, Value},
    error::Error,
    state_machine::{State, StateNode},
    tenant::TenantId,
    value_object::Invalid,
};

impl<S: State> ColumnType for S {
    type Plain = Self;
    const KIND: Kind = Kind::Text;
    const MAX: Option<u32> = Some(longest(S::FACTS));

    fn texts() -> Vec<&'static str> {
        let mut texts: Vec<&'static str> = S::ALL.iter().map(|state| state.name()).collect();
        texts.extend(S::FACTS.iter().flat_map(|node| node.aliases.iter()).map(|alias| &**alias));
        texts
    }

    fn to_value(&self) -> Value<'_> {
        Value::Text(Cow::Borrowed(self.name()))
    }

    fn from_value(value: Value<'_>) -> Result<Self, Invalid> {
        let Value::Text(text) = value else { return Err(misfit::<Self>(&value)) };
        S::from_name(&text).map_err(|unknown| Invalid::new(std::any::type_name::<S>(), unknown.to_string()))
    }
}

const fn longest(nodes: &[StateNode]) -> u32 {
    let (mut at, mut longest) = (0, 0);
    while at < nodes.len() {
        longest = longer(&nodes[at].name, longest);
        let mut alias = 0;
        if let Cow::Borrowed(aliases) = &nodes[at].aliases {
            while alias < aliases.len() {
                longest = longer(&aliases[alias], longest);
                alias += 1;
            }
        }
        at += 1;
    }
    if longest > 700 { 700 } else { longest as u32 }
}

#[expect(clippy::ptr_arg, reason = "a constant cannot look through it")]
const fn longer(name: &Cow<'static, str>, than: usize) -> usize {
    match name {
        Cow::Borrowed(name) if name.len() > than => name.len(),
        _ => than,
    }
}

macro_rules! texts {
    ($($ty:ty, $max:expr => $read:expr;)*) => {
        $(impl ColumnType for $ty {
            type Plain = Self;
            const KIND: Kind = Kind::Text;
            const MAX: Option<u32> = Some($max);

            fn to_value(&self) -> Value<'_> {
                Value::Text(Cow::Borrowed(self.as_str()))
            }

            fn from_value(value: Value<'_>) -> Result<Self, Invalid> {
                let Value::Text(text) = value else { return Err(misfit::<Self>(&value)) };
                let read: fn(&str) -> Result<Self, Error> = $read;
                read(&text).map_err(|error| Invalid::new(std::any::type_name::<Self>(), error.to_string()))
            }
        })*
    };
}

texts! {
    TenantId, 64 => |text| TenantId::new(text);
    ActorId, 200 => |text| Ok(ActorId::new(text));
}

impl Operand<ActorId> for &str {
    fn operand(self) -> Value<'static> {
        Value::Text(Cow::Owned(self.to_owned()))
    }
}
