//! What the shapes of types are.

use std::collections::{BTreeMap, HashMap};

use serde::{Deserialize, Deserializer, de::Error as _};

use super::Shape;

macro_rules! types {
    ($($item:item)*) => {
        $(#[derive(Debug, serde::Deserialize)] #[allow(dead_code, reason = "only its shape is looked at")] $item)*
    };
}

fn text<T: serde::de::DeserializeOwned>() -> String {
    Shape::of::<T>().to_string()
}

/// A text that only its own form gives.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
struct Sku;

impl<'de> Deserialize<'de> for Sku {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        if text.starts_with("sku-") { Ok(Self) } else { Err(D::Error::custom("no sku")) }
    }
}

types! {
    enum Status {
        Open,
        Paid(u64),
        Sent { at: i64, by: Option<String> },
        Back(u8, bool),
        Void(()),
    }
    struct Node { value: u8, children: Vec<Node> }
    struct Pair<T> { left: T, right: u8 }
    struct Deep(Vec<Deep>);
    struct Endless(Box<Endless>);
    struct Marker;
    struct Wide<T> { a: T, b: T, c: T, d: T, e: T, f: T, g: T, h: T }
    struct Renamed { #[serde(rename = "a b.c: d")] odd: u8, #[serde(skip)] cache: u8, #[serde(default, alias = "tardy")] late: u8 }
    struct Flat { own: u8, #[serde(flatten)] rest: Marked }
    struct Marked { mark: u8 }
    #[serde(untagged)]
    enum Loose { Text(String), Number(u64) }
    #[serde(tag = "type")]
    enum Tagged { A { a: u8 } }
    #[serde(try_from = "u32")]
    struct Even(u32);
    struct Checked { skus: BTreeMap<Sku, Sku>, first: (Even, Sku, bool), after: (Sku, u8), both: HashMap<String, Vec<Sku>> }
}

impl TryFrom<u32> for Even {
    type Error = String;

    fn try_from(number: u32) -> Result<Self, String> {
        if number.is_multiple_of(2) && number > 0 { Ok(Self(number)) } else { Err("odd".into()) }
    }
}

#[test]
fn each_form_of_a_variant_has_its_kind() {
    let expected = ".: enum\n::Back: tuple\n::Back.0: u8\n::Back.1: bool\n::Open: unit\n::Paid: u64\n::Sent: struct\n\
        ::Sent.at: i64\n::Sent.by: option\n::Sent.by?: text\n::Void: null\n";
    assert_eq!(text::<Status>(), expected);
}

#[test]
fn the_content_of_one_variant_has_a_shape_of_its_own() {
    assert_eq!(Shape::of_variant::<Status>(0).to_string(), ".: unit\n");
    assert_eq!(Shape::of_variant::<Status>(2).to_string(), ".: struct\n.at: i64\n.by: option\n.by?: text\n");
    assert_eq!(Shape::of_variant::<Status>(9).to_string(), ".: unseen\n");
}

#[test]
fn a_type_inside_itself_ends() {
    assert_eq!(
        text::<Node>(),
        ".: struct\n.children: list\n.children[]: recursive 2\n.value: u8\n",
        "by the name of the struct"
    );
    assert_eq!(text::<Deep>(), ".: list\n[]: recursive 1\n", "by the name of the newtype");
    assert_eq!(text::<Endless>(), ".: …\n");
}

#[test]
fn one_generic_type_inside_another_instance_is_no_recursion() {
    assert_eq!(text::<Pair<Pair<u64>>>(), ".: struct\n.left: struct\n.left.left: u64\n.left.right: u8\n.right: u8\n");
}

#[test]
fn what_checks_its_values_is_seen_like_all_else() {
    let expected = ".: struct\n.after: tuple\n.after.0: text\n.after.1: unseen\n.both: map\n.both{key}: text\n.both{}: list\n\
        .both{}[]: text\n.first: tuple\n.first.0: u32\n.first.1: text\n.first.2: unseen\n.skus: map\n.skus{key}: text\n\
        .skus{}: text\n";
    assert_eq!(text::<Checked>(), expected, "but what stands in a tuple behind a value that no dummy satisfies");
}

#[test]
fn what_serde_buffers_is_any() {
    for shape in [text::<Flat>(), text::<Loose>(), text::<Tagged>(), text::<crate::codec::Json>()] {
        assert_eq!(shape, ".: any\n");
    }
}

#[test]
fn names_are_those_of_the_json() {
    let expected = ".: struct\n.\"a b.c: d\": u8\n.late: u8\n.tardy: u8\n";
    assert_eq!(text::<Renamed>(), expected);
    assert_eq!(expected.parse::<Shape>().unwrap(), Shape::of::<Renamed>());
    assert_eq!(text::<Marker>(), ".: null\n");
    assert_eq!(text::<[u8; 2]>(), ".: tuple\n.0: u8\n.1: u8\n");
}

#[test]
fn what_does_not_show_in_json_does_not_count() {
    mod before {
        types! { pub(super) struct Money(u64); pub(super) struct Account { owner: String, balance: Money } }
    }
    mod after {
        types! { pub(super) struct Konto { balance: u64, owner: String } }
    }
    let (before, after) = (Shape::of::<before::Account>(), Shape::of::<after::Konto>());
    assert_eq!(before, after, "the names of types, newtypes, the order of fields");
    assert_eq!(before.fingerprint(), after.fingerprint());
}

#[test]
fn changes_are_told_by_their_places() {
    mod after {
        types! {
            pub(super) enum Status { Open, Paid(i64), Sent { at: i64, by: String, via: u8 }, Back(u8), Lost }
        }
    }
    let changes = Shape::of::<after::Status>().changes_since(&Shape::of::<Status>());
    let changes: Vec<String> = changes.iter().map(ToString::to_string).collect();
    assert_eq!(
        changes,
        [
            "::Back: tuple → u8",
            "::Back.0: removed, was u8",
            "::Back.1: removed, was bool",
            "::Lost: added, unit",
            "::Paid: u64 → i64",
            "::Sent.by: option → text",
            "::Sent.by?: removed, was text",
            "::Sent.via: added, u8",
            "::Void: removed, was null",
        ]
    );
    assert_eq!(Shape::of::<Status>().changes_since(&Shape::of::<Status>()), []);
}

#[test]
fn a_type_without_end_in_width_is_cut() {
    let shape = Shape::of::<Wide<Wide<Wide<Wide<Wide<u8>>>>>>();
    let cut = shape.facts().filter(|(_, kind)| *kind == "…").count();
    assert!(shape.facts().count() <= 4_096 && cut > 0, "{} facts, {cut} of them cut", shape.facts().count());
    assert_eq!(shape, Shape::of::<Wide<Wide<Wide<Wide<Wide<u8>>>>>>());
}

#[test]
fn the_fingerprint_is_the_same_on_each_platform() {
    assert_eq!(Shape::of::<Node>().fingerprint(), 13_441_194_700_721_259_062);
    assert_ne!(Shape::of::<u8>().fingerprint(), Shape::of::<u16>().fingerprint());
}

#[test]
fn a_text_that_is_no_shape_is_refused() {
    assert_eq!("cents".parse::<Shape>().unwrap_err().code(), "shape/unreadable");
}
