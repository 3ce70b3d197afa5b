//! An enum variant as the JSON of its fields, without the variant's name.
//!
//! serde writes an enum as `{"Opened": {…}}`. The name of an event stands beside its payload, so the adapter here hands the
//! inside of the variant to `serde_json` and leaves the tag out; reading, it tells serde which variant the payload is. The
//! user's own `#[serde(…)]` attributes on fields and variants keep their meaning.

use serde::{
    Deserialize, Serialize,
    de::{self, DeserializeOwned, DeserializeSeed, EnumAccess, IntoDeserializer, VariantAccess, Visitor},
    ser::{self, Impossible},
};
use serde_json::{Deserializer as JsonReader, Serializer as JsonWriter};
use serde_path_to_error::{Deserializer as Located, Track};

use super::json::{undecodable, unencodable};
use crate::error::Error;

/// Writes the fields of an enum's variant as JSON: an object, an array, the one unnamed field, or `null`.
///
/// # Errors
/// `message/unencodable` if its `Serialize` refuses, or writes no plain externally tagged variant.
pub fn encode_variant<T: Serialize + ?Sized>(value: &T) -> Result<Vec<u8>, Error> {
    let mut bytes = Vec::with_capacity(128);
    value.serialize(Untagged(&mut JsonWriter::new(&mut bytes))).map_err(unencodable)?;
    Ok(bytes)
}

/// Reads the fields of the variant at `index`, in the order of declaration.
///
/// # Errors
/// `message/undecodable` with the reason.
pub fn decode_variant<T: DeserializeOwned>(index: usize, bytes: &[u8]) -> Result<T, Error> {
    let mut reader = JsonReader::from_slice(bytes);
    let value = T::deserialize(Tagged { index, reader: &mut reader }).map_err(undecodable)?;
    reader.end().map_err(undecodable)?;
    Ok(value)
}

/// Finds where [`decode_variant`] fails: the place in the payload, `.` for the whole; `None` if it does not.
#[must_use]
pub fn misfit_of_variant<T: DeserializeOwned>(index: usize, bytes: &[u8]) -> Option<String> {
    let mut track = Track::new();
    let mut reader = JsonReader::from_slice(bytes);
    T::deserialize(Tagged { index, reader: Located::new(&mut reader, &mut track) }).err()?;
    Some(track.path().to_string())
}

struct Untagged<'a, 'b>(&'a mut JsonWriter<&'b mut Vec<u8>>);

type Writer<'a, 'b> = &'a mut JsonWriter<&'b mut Vec<u8>>;

fn not_an_enum<T>() -> Result<T, serde_json::Error> {
    Err(ser::Error::custom(
        "an event enum is serialised as serde's default does: without tag, content, untagged or into",
    ))
}

macro_rules! refuse {
    ($($method:ident($($name:ident: $type:ty),*) -> $answer:ty;)*) => {
        $(fn $method(self, $($name: $type),*) -> Result<$answer, serde_json::Error> { $(let _ = $name;)* not_an_enum() })*
    };
}

impl<'a, 'b> ser::Serializer for Untagged<'a, 'b> {
    type Ok = ();
    type Error = serde_json::Error;
    type SerializeSeq = Impossible<(), serde_json::Error>;
    type SerializeTuple = Impossible<(), serde_json::Error>;
    type SerializeTupleStruct = Impossible<(), serde_json::Error>;
    type SerializeTupleVariant = Inside<<Writer<'a, 'b> as ser::Serializer>::SerializeTuple>;
    type SerializeMap = Impossible<(), serde_json::Error>;
    type SerializeStruct = Impossible<(), serde_json::Error>;
    type SerializeStructVariant = Inside<<Writer<'a, 'b> as ser::Serializer>::SerializeStruct>;

    fn serialize_unit_variant(self, _: &'static str, _: u32, _: &'static str) -> Result<(), Self::Error> {
        self.0.serialize_unit()
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        value: &T,
    ) -> Result<(), Self::Error> {
        value.serialize(self.0)
    }

    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        length: usize,
    ) -> Result<Self::SerializeTupleVariant, Self::Error> {
        self.0.serialize_tuple(length).map(Inside)
    }

    fn serialize_struct_variant(
        self,
        name: &'static str,
        _: u32,
        _: &'static str,
        length: usize,
    ) -> Result<Self::SerializeStructVariant, Self::Error> {
        self.0.serialize_struct(name, length).map(Inside)
    }

    refuse! {
        serialize_bool(value: bool) -> ();
        serialize_i8(value: i8) -> ();
        serialize_i16(value: i16) -> ();
        serialize_i32(value: i32) -> ();
        serialize_i64(value: i64) -> ();
        serialize_u8(value: u8) -> ();
        serialize_u16(value: u16) -> ();
        serialize_u32(value: u32) -> ();
        serialize_u64(value: u64) -> ();
        serialize_f32(value: f32) -> ();
        serialize_f64(value: f64) -> ();
        serialize_char(value: char) -> ();
        serialize_str(value: &str) -> ();
        serialize_bytes(value: &[u8]) -> ();
        serialize_none() -> ();
        serialize_unit() -> ();
        serialize_unit_struct(name: &'static str) -> ();
        serialize_seq(length: Option<usize>) -> Self::SerializeSeq;
        serialize_tuple(length: usize) -> Self::SerializeTuple;
        serialize_tuple_struct(name: &'static str, length: usize) -> Self::SerializeTupleStruct;
        serialize_map(length: Option<usize>) -> Self::SerializeMap;
        serialize_struct(name: &'static str, length: usize) -> Self::SerializeStruct;
    }

    fn serialize_some<T: Serialize + ?Sized>(self, _: &T) -> Result<(), Self::Error> {
        not_an_enum()
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(self, _: &'static str, _: &T) -> Result<(), Self::Error> {
        not_an_enum()
    }
}

/// The fields of a variant, written as those of a plain tuple or struct: its end closes no tag.
struct Inside<W>(W);

impl<W: ser::SerializeTuple> ser::SerializeTupleVariant for Inside<W> {
    type Ok = W::Ok;
    type Error = W::Error;

    fn serialize_field<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), W::Error> {
        self.0.serialize_element(value)
    }

    fn end(self) -> Result<W::Ok, W::Error> {
        self.0.end()
    }
}

impl<W: ser::SerializeStruct> ser::SerializeStructVariant for Inside<W> {
    type Ok = W::Ok;
    type Error = W::Error;

    fn serialize_field<T: Serialize + ?Sized>(&mut self, name: &'static str, value: &T) -> Result<(), W::Error> {
        self.0.serialize_field(name, value)
    }

    fn skip_field(&mut self, name: &'static str) -> Result<(), W::Error> {
        self.0.skip_field(name)
    }

    fn end(self) -> Result<W::Ok, W::Error> {
        self.0.end()
    }
}

/// A reader of the fields, and which variant's they are.
struct Tagged<R> {
    index: usize,
    reader: R,
}

impl<'de, R: de::Deserializer<'de, Error = serde_json::Error>> de::Deserializer<'de> for Tagged<R> {
    type Error = serde_json::Error;

    fn deserialize_any<V: Visitor<'de>>(self, _: V) -> Result<V::Value, Self::Error> {
        Err(de::Error::custom(
            "an event enum is deserialised as serde's default does: without tag, content or untagged",
        ))
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Self::Error> {
        let Some(variant) = variants.get(self.index).copied() else {
            return Err(de::Error::custom("the event table and the enum differ; is a variant marked `serde(skip)`?"));
        };
        visitor.visit_enum(Chosen { variant, reader: self.reader })
    }

    serde::forward_to_deserialize_any! {
        bool i8 i16 i32 i64 u8 u16 u32 u64 f32 f64 char str string bytes byte_buf option unit unit_struct
        newtype_struct seq tuple tuple_struct map struct identifier ignored_any
    }
}

struct Chosen<R> {
    variant: &'static str,
    reader: R,
}

impl<'de, R: de::Deserializer<'de, Error = serde_json::Error>> EnumAccess<'de> for Chosen<R> {
    type Error = serde_json::Error;
    type Variant = Content<R>;

    fn variant_seed<S: DeserializeSeed<'de>>(self, seed: S) -> Result<(S::Value, Self::Variant), Self::Error> {
        let name: de::value::StrDeserializer<'_, serde_json::Error> = self.variant.into_deserializer();
        Ok((seed.deserialize(name)?, Content(self.reader)))
    }
}

struct Content<R>(R);

impl<'de, R: de::Deserializer<'de, Error = serde_json::Error>> VariantAccess<'de> for Content<R> {
    type Error = serde_json::Error;

    fn unit_variant(self) -> Result<(), Self::Error> {
        de::IgnoredAny::deserialize(self.0).map(|_| ())
    }

    fn newtype_variant_seed<S: DeserializeSeed<'de>>(self, seed: S) -> Result<S::Value, Self::Error> {
        seed.deserialize(self.0)
    }

    fn tuple_variant<V: Visitor<'de>>(self, length: usize, visitor: V) -> Result<V::Value, Self::Error> {
        de::Deserializer::deserialize_tuple(self.0, length, visitor)
    }

    fn struct_variant<V: Visitor<'de>>(
        self,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Self::Error> {
        de::Deserializer::deserialize_struct(self.0, "variant", fields, visitor)
    }
}
