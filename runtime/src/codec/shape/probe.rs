//! One run of a `Deserialize`, down to one place: what is asked for there ends it.

use std::{any::type_name, fmt};

use serde::de::{self, Deserializer, Visitor};

use super::{
    super::marks,
    access::{Chosen, Entry, Field, Items},
};

/// One step down.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Step {
    Field(usize),
    Variant(usize),
    Place(usize),
    Item,
    Key,
    Value,
    Some,
    Sensitive,
}

/// What was asked for at the end of the path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Asked {
    Word(&'static str),
    Identifier,
    Option,
    Sensitive,
    List,
    Map,
    Tuple(usize),
    Struct(&'static [&'static str]),
    Enum(&'static [&'static str]),
}

/// By what a type is known again below itself: two instances of a generic type have visitors of two types.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Key {
    visitor: &'static str,
    name: &'static str,
    fields: &'static [&'static str],
}

/// The end of a run. It is no failure: the answer lies in [`Run::asked`].
#[derive(Debug)]
pub(super) struct Halt;

impl fmt::Display for Halt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the place was reached")
    }
}

impl std::error::Error for Halt {}

impl de::Error for Halt {
    fn custom<T: fmt::Display>(_: T) -> Self {
        Self
    }
}

/// Newtypes in a row, beyond which a type holds nothing but itself.
const HOPS: usize = 32;

/// One run.
#[derive(Debug)]
pub(super) struct Run<'p> {
    pub(super) path: &'p [Step],
    at: usize,
    /// Which dummies stand in for what must be read before the place is reached.
    pub(super) attempt: usize,
    /// The named types met since the last step: newtypes, then the struct or enum that was asked for.
    pub(super) keys: Vec<Key>,
    pub(super) asked: Option<Asked>,
}

impl<'p> Run<'p> {
    pub(super) fn new(path: &'p [Step], attempt: usize) -> Self {
        Self { path, at: 0, attempt, keys: Vec::new(), asked: None }
    }

    /// The next step; at the end of the path, notes what is asked for there.
    pub(super) fn step(&mut self, asked: Asked) -> Result<Step, Halt> {
        let step = self.path.get(self.at).copied();
        match step {
            Some(step) => {
                self.at += 1;
                self.keys.clear();
                Ok(step)
            }
            None => {
                self.asked.get_or_insert(asked);
                Err(Halt)
            }
        }
    }

    fn meet<V>(&mut self, name: &'static str, fields: &'static [&'static str]) {
        self.keys.push(Key { visitor: type_name::<V>(), name, fields });
    }

    fn leaf<T>(&mut self, word: &'static str) -> Result<T, Halt> {
        self.step(Asked::Word(word)).and(Err(Halt))
    }
}

/// The reader that is no reader.
pub(super) struct Probe<'r, 'p>(pub(super) &'r mut Run<'p>);

macro_rules! leaves {
    ($($method:ident $word:literal)*) => {
        $(fn $method<V: Visitor<'de>>(self, _: V) -> Result<V::Value, Halt> { self.0.leaf($word) })*
    };
}

impl<'de> Deserializer<'de> for Probe<'_, '_> {
    type Error = Halt;

    leaves! {
        deserialize_any "any"
        deserialize_bool "bool"
        deserialize_i8 "i8"
        deserialize_i16 "i16"
        deserialize_i32 "i32"
        deserialize_i64 "i64"
        deserialize_i128 "i128"
        deserialize_u8 "u8"
        deserialize_u16 "u16"
        deserialize_u32 "u32"
        deserialize_u64 "u64"
        deserialize_u128 "u128"
        deserialize_f32 "f32"
        deserialize_f64 "f64"
        deserialize_char "char"
        deserialize_str "text"
        deserialize_string "text"
        deserialize_bytes "bytes"
        deserialize_byte_buf "bytes"
        deserialize_unit "null"
        deserialize_ignored_any "any"
    }

    fn deserialize_identifier<V: Visitor<'de>>(self, _: V) -> Result<V::Value, Halt> {
        self.0.step(Asked::Identifier).and(Err(Halt))
    }

    fn deserialize_unit_struct<V: Visitor<'de>>(self, _: &'static str, _: V) -> Result<V::Value, Halt> {
        self.0.leaf("null")
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Halt> {
        self.0.step(Asked::Option)?;
        visitor.visit_some(self)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, name: &'static str, visitor: V) -> Result<V::Value, Halt> {
        if name == marks::NEWTYPE {
            self.0.step(Asked::Sensitive)?;
            return visitor.visit_newtype_struct(self);
        }
        if self.0.keys.len() == HOPS {
            return self.0.leaf("…");
        }
        self.0.meet::<V>(name, &[]);
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Halt> {
        self.0.step(Asked::List)?;
        visitor.visit_seq(Items::new(self.0, 0))
    }

    fn deserialize_tuple<V: Visitor<'de>>(self, length: usize, visitor: V) -> Result<V::Value, Halt> {
        match self.0.step(Asked::Tuple(length))? {
            Step::Place(place) => visitor.visit_seq(Items::new(self.0, place)),
            _ => Err(Halt),
        }
    }

    fn deserialize_tuple_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        length: usize,
        visitor: V,
    ) -> Result<V::Value, Halt> {
        self.0.meet::<V>(name, &[]);
        self.deserialize_tuple(length, visitor)
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Halt> {
        let step = self.0.step(Asked::Map)?;
        visitor.visit_map(Entry { run: self.0, step, begun: false })
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Halt> {
        self.0.meet::<V>(name, fields);
        match self.0.step(Asked::Struct(fields))? {
            Step::Field(field) => visitor.visit_map(Field::new(self.0, fields, field)),
            _ => Err(Halt),
        }
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Halt> {
        self.0.meet::<V>(name, variants);
        match self.0.step(Asked::Enum(variants))? {
            Step::Variant(index) => {
                visitor.visit_enum(Chosen { run: self.0, variant: variants.get(index).ok_or(Halt)? })
            }
            _ => Err(Halt),
        }
    }
}
