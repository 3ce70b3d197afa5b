//! Dummies for what must be read before the place that is asked for: the places of a tuple before it, the key of a map.

use serde::{
    de::{DeserializeSeed, Deserializer, EnumAccess, IntoDeserializer, MapAccess, SeqAccess, VariantAccess, Visitor},
    forward_to_deserialize_any,
};

use super::probe::Halt;

/// A type that checks what it reads takes one of these, or its neighbours stay unseen.
const TEXTS: &[&str] = &[
    "",
    "a",
    "0",
    "1",
    "2000-01-01",
    "2000-01-01T00:00:00Z",
    "00000000-0000-0000-0000-000000000000",
    "00:00:00",
    "a@example.org",
    "127.0.0.1",
    "https://example.org/",
];

/// How many dummies there are to try.
pub(super) const ATTEMPTS: usize = TEXTS.len();

const DEPTH: usize = 32;

/// A value for whoever asks.
#[derive(Debug, Clone, Copy)]
pub(super) struct Filler {
    attempt: usize,
    depth: usize,
}

impl Filler {
    pub(super) fn new(attempt: usize) -> Self {
        Self { attempt, depth: 0 }
    }

    fn deeper(self) -> Result<Self, Halt> {
        if self.depth < DEPTH { Ok(Self { depth: self.depth + 1, ..self }) } else { Err(Halt) }
    }

    fn number(self) -> u8 {
        u8::try_from(self.attempt).unwrap_or_default()
    }

    fn text(self) -> &'static str {
        TEXTS.get(self.attempt).copied().unwrap_or_default()
    }
}

macro_rules! values {
    ($($method:ident $visit:ident $value:expr;)*) => {
        $(fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Halt> {
            let value: fn(Filler) -> _ = $value;
            visitor.$visit(value(self))
        })*
    };
}

impl<'de> Deserializer<'de> for Filler {
    type Error = Halt;

    values! {
        deserialize_bool visit_bool |_| false;
        deserialize_i8 visit_i8 |filler| filler.number() as i8;
        deserialize_i16 visit_i16 |filler| filler.number().into();
        deserialize_i32 visit_i32 |filler| filler.number().into();
        deserialize_i64 visit_i64 |filler| filler.number().into();
        deserialize_i128 visit_i128 |filler| filler.number().into();
        deserialize_u8 visit_u8 |filler| filler.number();
        deserialize_u16 visit_u16 |filler| filler.number().into();
        deserialize_u32 visit_u32 |filler| filler.number().into();
        deserialize_u64 visit_u64 |filler| filler.number().into();
        deserialize_u128 visit_u128 |filler| filler.number().into();
        deserialize_f32 visit_f32 |filler| filler.number().into();
        deserialize_f64 visit_f64 |filler| filler.number().into();
        deserialize_char visit_char |_| 'a';
        deserialize_str visit_borrowed_str Filler::text;
        deserialize_string visit_borrowed_str Filler::text;
        deserialize_bytes visit_bytes |filler| filler.text().as_bytes();
        deserialize_byte_buf visit_bytes |filler| filler.text().as_bytes();
    }

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Halt> {
        visitor.visit_unit()
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Halt> {
        visitor.visit_none()
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, _: &'static str, visitor: V) -> Result<V::Value, Halt> {
        visitor.visit_newtype_struct(self.deeper()?)
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Halt> {
        visitor.visit_seq(Fill { filler: self.deeper()?, names: [].iter(), items: 0 })
    }

    fn deserialize_tuple<V: Visitor<'de>>(self, length: usize, visitor: V) -> Result<V::Value, Halt> {
        visitor.visit_seq(Fill { filler: self.deeper()?, names: [].iter(), items: length })
    }

    fn deserialize_tuple_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        length: usize,
        visitor: V,
    ) -> Result<V::Value, Halt> {
        self.deserialize_tuple(length, visitor)
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Halt> {
        visitor.visit_map(Fill { filler: self.deeper()?, names: [].iter(), items: 0 })
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Halt> {
        visitor.visit_map(Fill { filler: self.deeper()?, names: fields.iter(), items: 0 })
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Halt> {
        visitor.visit_enum(Fill { filler: self.deeper()?, names: variants.iter(), items: 0 })
    }

    forward_to_deserialize_any! { unit unit_struct identifier ignored_any }
}

/// Dummies for what holds others.
struct Fill {
    filler: Filler,
    names: std::slice::Iter<'static, &'static str>,
    items: usize,
}

impl<'de> SeqAccess<'de> for Fill {
    type Error = Halt;

    fn next_element_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<Option<S::Value>, Halt> {
        let Some(left) = self.items.checked_sub(1) else { return Ok(None) };
        self.items = left;
        seed.deserialize(self.filler).map(Some)
    }
}

impl<'de> MapAccess<'de> for Fill {
    type Error = Halt;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, Halt> {
        self.names.next().map(|name| seed.deserialize((*name).into_deserializer())).transpose()
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, Halt> {
        seed.deserialize(self.filler)
    }
}

impl<'de> EnumAccess<'de> for Fill {
    type Error = Halt;
    type Variant = Self;

    fn variant_seed<S: DeserializeSeed<'de>>(mut self, seed: S) -> Result<(S::Value, Self), Halt> {
        let variant = *self.names.next().ok_or(Halt)?;
        Ok((seed.deserialize(variant.into_deserializer())?, self))
    }
}

impl<'de> VariantAccess<'de> for Fill {
    type Error = Halt;

    fn unit_variant(self) -> Result<(), Halt> {
        Ok(())
    }

    fn newtype_variant_seed<S: DeserializeSeed<'de>>(self, seed: S) -> Result<S::Value, Halt> {
        seed.deserialize(self.filler)
    }

    fn tuple_variant<V: Visitor<'de>>(self, length: usize, visitor: V) -> Result<V::Value, Halt> {
        self.filler.deserialize_tuple(length, visitor)
    }

    fn struct_variant<V: Visitor<'de>>(self, fields: &'static [&'static str], visitor: V) -> Result<V::Value, Halt> {
        self.filler.deserialize_struct("", fields, visitor)
    }
}
