//! What the user meant: the events of one type.

use proc_macro2::{Ident, Span, TokenStream};
use syn::{Attribute, Data, DeriveInput, Field, Fields, Member, Type, Variant};

use super::args::{self, Args, EventKind, Key};
use crate::{
    faults::Faults,
    names,
    paths::Root,
    syntax::{self, Options, Word, refuse_lifetimes, serde_words, wrong_item},
};

/// One type of events.
pub(crate) struct Model {
    /// The way to the runtime.
    pub(super) root: Root,
    /// The item.
    pub(super) input: DeriveInput,
    /// Whether the item is an enum.
    pub(super) is_enum: bool,
    /// Its events, in order.
    pub(super) events: Vec<Event>,
}

/// One event: a struct, or a variant.
pub(super) struct Event {
    /// The name of the struct or variant.
    pub(super) ident: Ident,
    /// The options.
    pub(super) args: Args,
    /// The names or numbers of the fields.
    pub(super) fields: Vec<Member>,
    /// The fields that hide their values, and those whose type says so.
    pub(super) hidden: Vec<Hidden>,
    /// What serde is told about it.
    pub(super) serde: Vec<Word>,
}

/// A field that is marked `sensitive`, or whose type is `Sensitive`.
pub(super) struct Hidden {
    /// The field.
    pub(super) member: Member,
    /// Its type.
    pub(super) ty: Type,
    /// Where it is marked.
    pub(super) mark: Option<Span>,
}

impl Model {
    /// Reads the item.
    pub(super) fn read(item: TokenStream, faults: &mut Faults) -> Option<Self> {
        let input = syntax::parse(item, faults)?;
        let (mut options, is_enum) = match &input.data {
            Data::Struct(_) => (Options::of(&args::STRUCT, &input.attrs, faults), false),
            Data::Enum(_) => (Options::of(&args::ENUM, &input.attrs, faults), true),
            Data::Union(_) => {
                wrong_item(&input, "an enum or a struct", faults);
                return None;
            }
        };
        let root = Root::read(options.take("crate"), faults);
        refuse_lifetimes(&input, "the payload of an event", faults);
        let events = match &input.data {
            Data::Struct(data) => {
                vec![Event::read((&input.ident, &input.attrs, &data.fields), &mut options, faults)]
            }
            Data::Enum(data) => data.variants.iter().map(|variant| Event::of_variant(variant, faults)).collect(),
            Data::Union(_) => Vec::new(),
        };
        Some(Self { root, input, is_enum, events })
    }

    /// What serde is told about the whole type.
    pub(super) fn serde(&self) -> Vec<Word> {
        serde_words(&self.input.attrs)
    }
}

impl Event {
    fn of_variant(variant: &Variant, faults: &mut Faults) -> Self {
        let mut options = Options::of(&args::VARIANT, &variant.attrs, faults);
        Self::read((&variant.ident, &variant.attrs, &variant.fields), &mut options, faults)
    }

    fn read(
        (ident, attributes, fields): (&Ident, &[Attribute], &Fields),
        options: &mut Options,
        faults: &mut Faults,
    ) -> Self {
        let hidden = fields.iter().zip(fields.members()).filter_map(|field| Hidden::read(field, faults)).collect();
        let args = Args::read(options, ident, faults);
        let (fields, serde) = (fields.members().collect(), serde_words(attributes));
        Self { ident: ident.clone(), args, fields, hidden, serde }
    }

    /// The version that is written.
    pub(super) fn version(&self) -> u32 {
        self.args.version.map_or(1, |(version, _)| version)
    }

    /// Whether the event is for other services.
    pub(super) fn remote(&self) -> Option<EventKind> {
        self.args.kind.map(|(kind, _)| kind).filter(|kind| *kind != EventKind::Domain)
    }

    /// The key as a member with the span of the option, if there is such a field.
    pub(super) fn key(&self) -> Option<Member> {
        self.field(self.args.key.as_ref())
    }

    /// Whose data the sensitive fields are, likewise.
    pub(super) fn subject(&self) -> Option<Member> {
        self.field(self.args.subject.as_ref())
    }

    /// The fields that are marked.
    pub(super) fn sensitive(&self) -> impl Iterator<Item = (&Hidden, Span)> {
        self.hidden.iter().filter_map(|hidden| Some((hidden, hidden.mark?)))
    }

    fn field(&self, key: Option<&Key>) -> Option<Member> {
        let member = key?.member()?;
        self.fields.contains(&member).then_some(member)
    }
}

impl Hidden {
    fn read((field, member): (&Field, Member), faults: &mut Faults) -> Option<Self> {
        let mut options = Options::of(&args::FIELD, &field.attrs, faults);
        let mark = options.take("sensitive").filter(|entry| entry.flag(faults)).map(|entry| entry.name.span());
        let hides = matches!(&field.ty, Type::Path(path)
            if path.path.segments.last().is_some_and(|last| last.ident == "Sensitive"));
        (mark.is_some() || hides && !options.spoilt()).then(|| Self { member, ty: field.ty.clone(), mark })
    }
}

impl Key {
    /// The word or number, as a member.
    pub(super) fn member(&self) -> Option<Member> {
        match self {
            Self::Named(ident) => Some(Member::Named(ident.clone())),
            Self::Indexed(index) => {
                let number = index.base10_parse().ok()?;
                Some(Member::Unnamed(syn::Index { index: number, span: index.span() }))
            }
        }
    }

    /// The text of the option.
    pub(super) fn text(&self) -> String {
        match self {
            Self::Named(ident) => ident.to_string(),
            Self::Indexed(index) => index.to_string(),
        }
    }

    /// Where it stands.
    pub(super) fn span(&self) -> proc_macro2::Span {
        match self {
            Self::Named(ident) => ident.span(),
            Self::Indexed(index) => index.span(),
        }
    }
}

/// The name or the number of a field.
pub(super) fn member_text(member: &Member) -> String {
    match member {
        Member::Named(ident) => names::text(ident),
        Member::Unnamed(index) => index.index.to_string(),
    }
}
