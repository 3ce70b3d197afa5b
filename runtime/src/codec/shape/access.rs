//! The way through what holds other values: straight to the one that is asked for.

use serde::de::{
    DeserializeSeed, EnumAccess, IntoDeserializer, MapAccess, SeqAccess, VariantAccess, Visitor, value::StrDeserializer,
};

use super::{
    filler::Filler,
    probe::{Asked, Halt, Probe, Run, Step},
};

/// The items of a list or tuple; those before the one that is asked for get dummies.
pub(super) struct Items<'r, 'p> {
    run: &'r mut Run<'p>,
    before: usize,
}

impl<'r, 'p> Items<'r, 'p> {
    pub(super) fn new(run: &'r mut Run<'p>, before: usize) -> Self {
        Self { run, before }
    }
}

impl<'de> SeqAccess<'de> for Items<'_, '_> {
    type Error = Halt;

    fn next_element_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<Option<S::Value>, Halt> {
        if self.before > 0 {
            self.before -= 1;
            return seed.deserialize(Filler::new(self.run.attempt)).map(Some);
        }
        seed.deserialize(Probe(self.run)).map(Some)
    }
}

/// The one entry of a map.
pub(super) struct Entry<'r, 'p> {
    pub(super) run: &'r mut Run<'p>,
    pub(super) step: Step,
    pub(super) begun: bool,
}

impl<'de> MapAccess<'de> for Entry<'_, '_> {
    type Error = Halt;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, Halt> {
        match (self.step, std::mem::replace(&mut self.begun, true)) {
            (_, true) => Ok(None),
            (Step::Key, false) => seed.deserialize(Probe(self.run)).map(Some),
            (_, false) => seed.deserialize(Filler::new(self.run.attempt)).map(Some),
        }
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, Halt> {
        seed.deserialize(Probe(self.run))
    }

    /// The maps of the standard library ask for both at once, so that a value needs no key.
    fn next_entry_seed<K: DeserializeSeed<'de>, V: DeserializeSeed<'de>>(
        &mut self,
        key: K,
        value: V,
    ) -> Result<Option<(K::Value, V::Value)>, Halt> {
        match self.step {
            Step::Key => key.deserialize(Probe(self.run)).and(Err(Halt)),
            _ => value.deserialize(Probe(self.run)).and(Err(Halt)),
        }
    }
}

/// The one field of a struct that is asked for.
pub(super) struct Field<'r, 'p> {
    run: &'r mut Run<'p>,
    name: Option<&'static str>,
}

impl<'r, 'p> Field<'r, 'p> {
    pub(super) fn new(run: &'r mut Run<'p>, fields: &'static [&'static str], index: usize) -> Self {
        Self { run, name: fields.get(index).copied() }
    }
}

impl<'de> MapAccess<'de> for Field<'_, '_> {
    type Error = Halt;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, Halt> {
        self.name.take().map(|name| seed.deserialize(text(name))).transpose()
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, Halt> {
        seed.deserialize(Probe(self.run))
    }
}

/// A variant and its content.
pub(super) struct Chosen<'r, 'p> {
    pub(super) run: &'r mut Run<'p>,
    pub(super) variant: &'static str,
}

impl<'de> EnumAccess<'de> for Chosen<'_, '_> {
    type Error = Halt;
    type Variant = Self;

    fn variant_seed<S: DeserializeSeed<'de>>(self, seed: S) -> Result<(S::Value, Self), Halt> {
        Ok((seed.deserialize(text(self.variant))?, self))
    }
}

impl<'de> VariantAccess<'de> for Chosen<'_, '_> {
    type Error = Halt;

    fn unit_variant(self) -> Result<(), Halt> {
        self.run.step(Asked::Word("unit")).and(Err(Halt))
    }

    fn newtype_variant_seed<S: DeserializeSeed<'de>>(self, seed: S) -> Result<S::Value, Halt> {
        seed.deserialize(Probe(self.run))
    }

    fn tuple_variant<V: Visitor<'de>>(self, length: usize, visitor: V) -> Result<V::Value, Halt> {
        serde::Deserializer::deserialize_tuple(Probe(self.run), length, visitor)
    }

    fn struct_variant<V: Visitor<'de>>(self, fields: &'static [&'static str], visitor: V) -> Result<V::Value, Halt> {
        match self.run.step(Asked::Struct(fields))? {
            Step::Field(field) => visitor.visit_map(Field::new(self.run, fields, field)),
            _ => Err(Halt),
        }
    }
}

fn text(name: &'static str) -> StrDeserializer<'static, Halt> {
    name.into_deserializer()
}
