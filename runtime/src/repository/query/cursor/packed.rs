//! Values as bytes, in a cursor: a tag and the value, nothing that depends on the platform.

use crate::{
    entity::{Kind, Value, parse_decimal},
    id::Uuid,
    timestamp::Timestamp,
};

/// An optional time, then the values.
pub(super) fn pack(until: Option<Timestamp>, values: &[Value<'_>]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(16 + 16 * values.len());
    bytes.push(u8::from(until.is_some()));
    if let Some(until) = until {
        bytes.extend(until.as_micros().to_be_bytes());
    }
    for value in values {
        put(&mut bytes, value);
    }
    bytes
}

fn put(bytes: &mut Vec<u8>, value: &Value<'_>) {
    let (tag, payload): (u8, Vec<u8>) = match value {
        Value::Null(kind) => (0, vec![kind_tag(*kind)]),
        Value::Bool(flag) => (1, vec![u8::from(*flag)]),
        Value::Int(number) => (2, number.to_be_bytes().into()),
        Value::Float(number) => (3, number.to_bits().to_be_bytes().into()),
        Value::Text(text) | Value::Json(text) => (4, text.as_bytes().into()),
        Value::Bytes(own) => (5, own.to_vec()),
        Value::Uuid(uuid) => (6, uuid.as_bytes().into()),
        Value::Time(time) => (7, time.as_micros().to_be_bytes().into()),
        Value::Date(date) => (8, date.to_string().into()),
        Value::Decimal(decimal) => (9, decimal.to_string().into()),
        Value::Unfit(kind, _) => (0, vec![kind_tag(*kind)]),
    };
    bytes.push(tag);
    bytes.extend(u16::try_from(payload.len()).unwrap_or(u16::MAX).to_be_bytes());
    bytes.extend(payload.iter().take(usize::from(u16::MAX)));
}

/// What [`pack`] has written; `None` if it is anything else.
pub(super) fn unpack(mut bytes: &[u8]) -> Option<(Option<Timestamp>, Vec<Value<'static>>)> {
    let until = match take::<1>(&mut bytes)? {
        [0] => None,
        [1] => Some(Timestamp::from_micros(i64::from_be_bytes(take(&mut bytes)?))),
        _ => return None,
    };
    let mut values = Vec::new();
    while !bytes.is_empty() {
        values.push(get(&mut bytes)?);
    }
    Some((until, values))
}

fn take<const N: usize>(bytes: &mut &[u8]) -> Option<[u8; N]> {
    let (taken, rest) = bytes.split_first_chunk::<N>()?;
    *bytes = rest;
    Some(*taken)
}

fn get(bytes: &mut &[u8]) -> Option<Value<'static>> {
    let [tag] = take(bytes)?;
    let length = usize::from(u16::from_be_bytes(take(bytes)?));
    let (payload, rest) = bytes.split_at_checked(length)?;
    *bytes = rest;
    let text = || std::str::from_utf8(payload).ok().map(ToOwned::to_owned);
    match (tag, payload) {
        (0, [kind]) => KINDS.get(usize::from(*kind)).map(|kind| Value::Null(*kind)),
        (1, [flag]) => Some(Value::Bool(*flag == 1)),
        (2, _) => Some(Value::Int(i64::from_be_bytes(payload.try_into().ok()?))),
        (3, _) => Some(Value::Float(f64::from_bits(u64::from_be_bytes(payload.try_into().ok()?)))),
        (4, _) => Some(Value::Text(text()?.into())),
        (5, _) => Some(Value::Bytes(payload.to_vec().into())),
        (6, _) => Uuid::from_slice(payload).ok().map(Value::Uuid),
        (7, _) => Some(Value::Time(Timestamp::from_micros(i64::from_be_bytes(payload.try_into().ok()?)))),
        (8, _) => text()?.parse().ok().map(Value::Date),
        (9, _) => parse_decimal(&text()?).ok().map(Value::Decimal),
        _ => None,
    }
}

const KINDS: [Kind; 10] = [
    Kind::Bool,
    Kind::Int,
    Kind::Float,
    Kind::Text,
    Kind::Bytes,
    Kind::Uuid,
    Kind::Time,
    Kind::Date,
    Kind::Decimal,
    Kind::Json,
];

fn kind_tag(kind: Kind) -> u8 {
    KINDS.iter().position(|own| *own == kind).and_then(|at| u8::try_from(at).ok()).unwrap_or(u8::MAX)
}
