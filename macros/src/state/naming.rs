//! `rename_all`: how the name of a variant becomes the text that is stored.

use syn::LitStr;

use crate::{codes::LITERAL_FORMAT, faults::Faults, suggest, syntax::Entry};

/// One of the eight spellings, as serde has them, letter for letter.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum Naming {
    /// `intransit`
    Lower,
    /// `INTRANSIT`
    Upper,
    /// `InTransit`
    Pascal,
    /// `inTransit`
    Camel,
    /// `in_transit`
    #[default]
    Snake,
    /// `IN_TRANSIT`
    ScreamingSnake,
    /// `in-transit`
    Kebab,
    /// `IN-TRANSIT`
    ScreamingKebab,
}

const SPELLINGS: [(&str, Naming); 8] = [
    ("lowercase", Naming::Lower),
    ("UPPERCASE", Naming::Upper),
    ("PascalCase", Naming::Pascal),
    ("camelCase", Naming::Camel),
    ("snake_case", Naming::Snake),
    ("SCREAMING_SNAKE_CASE", Naming::ScreamingSnake),
    ("kebab-case", Naming::Kebab),
    ("SCREAMING-KEBAB-CASE", Naming::ScreamingKebab),
];

impl Naming {
    /// Reads `rename_all = "…"`.
    pub(super) fn read(entry: &Entry, faults: &mut Faults) -> Option<Self> {
        let text: LitStr = entry.read(faults)?;
        let word = text.value();
        let known = SPELLINGS.iter().find(|(name, _)| *name == word);
        if known.is_none() {
            let names = || SPELLINGS.iter().map(|(name, _)| *name);
            let said = format!("unknown spelling `{word}`{}", suggest::did_you_mean(&word, names()));
            faults.at(text.span(), LITERAL_FORMAT, said).help(format!("the spellings are {}", suggest::list(names())));
        }
        known.map(|(_, naming)| *naming)
    }

    /// The stored text of a variant.
    pub(super) fn apply(self, variant: &str) -> String {
        match self {
            Self::Lower => variant.to_ascii_lowercase(),
            Self::Upper => variant.to_ascii_uppercase(),
            Self::Pascal => variant.to_owned(),
            Self::Camel => {
                let mut letters = variant.chars();
                letters.next().map(|first| first.to_ascii_lowercase()).into_iter().chain(letters).collect()
            }
            Self::Snake => words(variant, '_'),
            Self::ScreamingSnake => words(variant, '_').to_ascii_uppercase(),
            Self::Kebab => words(variant, '-'),
            Self::ScreamingKebab => words(variant, '-').to_ascii_uppercase(),
        }
    }
}

/// Small letters, with `gap` before each that was a capital.
fn words(variant: &str, gap: char) -> String {
    let mut text = String::new();
    for (at, letter) in variant.chars().enumerate() {
        if at > 0 && letter.is_uppercase() {
            text.push(gap);
        }
        text.push(letter.to_ascii_lowercase());
    }
    if gap == '_' { text } else { text.replace('_', &gap.to_string()) }
}

#[cfg(test)]
mod tests {
    use super::{Naming, SPELLINGS};

    #[test]
    fn the_spellings_are_those_of_serde() {
        let spelt = |variant: &str| SPELLINGS.map(|(_, naming)| naming.apply(variant));
        let plain = "intransit INTRANSIT InTransit inTransit in_transit IN_TRANSIT in-transit IN-TRANSIT";
        assert_eq!(spelt("InTransit").join(" "), plain);
        let odd = "http2_ok HTTP2_OK HTTP2_Ok hTTP2_Ok h_t_t_p2__ok H_T_T_P2__OK h-t-t-p2--ok H-T-T-P2--OK";
        assert_eq!(spelt("HTTP2_Ok").join(" "), odd);
        assert_eq!((spelt("Épris")[0].as_str(), spelt("Épris")[4].as_str()), ("Épris", "Épris"));
        assert_eq!(Naming::default().apply("A"), "a");
    }
}
