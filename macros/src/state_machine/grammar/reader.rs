//! Reads roles, and says what does not fit.

use proc_macro2::{Ident, Span, TokenStream};
use syn::{
    Token,
    ext::IdentExt,
    parse::{ParseStream, Parser, discouraged::Speculative},
    token::Paren,
};

use super::{Edge, Guard, Source, Target};
use crate::{
    codes::{DUPLICATE, LITERAL_FORMAT, Rule, UNKNOWN_OPTION},
    faults::{Fault, Faults},
    names,
    state_machine::check,
    suggest::did_you_mean,
    syntax::roles::Role,
};

/// Words that later versions may need.
const RESERVED_OPTIONS: [&str; 7] = ["parent", "group", "region", "history", "defer", "after", "priority"];
const OPTIONS: [&str; 2] = ["fallible", "no_trigger"];
const FORM: &str = "write `#[transition(Pending | Paid if guard => Shipped)]`";

/// A reader that reports what is wrong itself.
struct Reader<'a, 'b> {
    input: ParseStream<'a>,
    role: &'b Role,
    faults: &'b mut Faults,
}

/// Reads a `#[transition(…)]`; `None` after a fault.
pub(in crate::state_machine) fn transition(role: &Role, faults: &mut Faults) -> Option<Edge> {
    read(role, faults, |reader| reader.edge())
}

/// Reads the states of `#[on_enter(…)]` or `#[on_exit(…)]`; `None` after a fault.
pub(in crate::state_machine) fn hook(role: &Role, faults: &mut Faults) -> Option<Vec<Ident>> {
    read(role, faults, |reader| reader.hook())
}

fn read<T>(role: &Role, faults: &mut Faults, parse: fn(&mut Reader<'_, '_>) -> Option<T>) -> Option<T> {
    let whole = |input: ParseStream<'_>| {
        let read = parse(&mut Reader { input, role, faults });
        input.parse::<TokenStream>()?;
        Ok(read)
    };
    whole.parse2(role.tokens.clone()).ok().flatten()
}

impl Reader<'_, '_> {
    fn edge(&mut self) -> Option<Edge> {
        let sources = self.sources()?;
        let guard = if self.input.parse::<Token![if]>().is_ok() { Some(self.any()?) } else { None };
        if self.input.parse::<Token![=>]>().is_err() {
            self.wrong("needs `=>` and the state it leads to");
            return None;
        }
        let target = self.target()?;
        let mut edge = Edge { role: self.role.span, sources, guard, target, fallible: None, no_trigger: None };
        self.options(&mut edge)?;
        Some(edge)
    }

    fn sources(&mut self) -> Option<Vec<Source>> {
        let mut sources = Vec::new();
        loop {
            match self.input.parse::<Token![_]>() {
                Ok(any) => sources.push(Source::Any(any.span)),
                Err(_) => sources.push(Source::State(self.state("starts from states")?)),
            }
            if self.input.peek(Token![||]) || self.input.parse::<Token![|]>().is_err() {
                return Some(sources);
            }
        }
    }

    fn target(&mut self) -> Option<Target> {
        let target = match self.input.parse::<Token![_]>() {
            Ok(_) => Target::Internal,
            Err(_) => Target::State(self.state("leads to a state")?),
        };
        if self.input.parse::<Token![|]>().is_ok() {
            let place = if self.input.is_empty() { self.role.span } else { self.input.span() };
            check::many_targets(place, self.faults);
            return None;
        }
        Some(target)
    }

    /// A bare variant name.
    fn state(&mut self, what: &str) -> Option<Ident> {
        let ahead = self.input.fork();
        let Some(name) = ahead.call(Ident::parse_any).ok().filter(is_name) else {
            self.wrong(what);
            return None;
        };
        self.input.advance_to(&ahead);
        let text = names::text(&name);
        if self.input.peek(Paren) {
            check::reserved(name.span(), &format!("`{text}(…)`"), "a state is the bare name of a variant", self.faults);
            return None;
        }
        if self.input.peek(Token![::]) {
            let _ = self.input.parse::<Token![::]>();
            let last = self.input.call(Ident::parse_any).map_or_else(|_| "Paid".into(), |last| names::text(&last));
            let help = format!("write `{last}`: a state is the bare name of a variant");
            check::reserved(name.span(), &format!("`{text}::{last}`"), &help, self.faults);
            return None;
        }
        Some(name)
    }

    fn any(&mut self) -> Option<Guard> {
        let mut parts = vec![self.all()?];
        while self.input.parse::<Token![||]>().is_ok() {
            parts.push(self.all()?);
        }
        Some(single(parts, Guard::Any))
    }

    fn all(&mut self) -> Option<Guard> {
        let mut parts = vec![self.one()?];
        while self.input.parse::<Token![&&]>().is_ok() {
            parts.push(self.one()?);
        }
        Some(single(parts, Guard::All))
    }

    fn one(&mut self) -> Option<Guard> {
        if let Ok(not) = self.input.parse::<Token![!]>() {
            return Some(Guard::Not(not.span, Box::new(self.one()?)));
        }
        if self.input.peek(Paren) {
            let open = |input: ParseStream<'_>| {
                let content;
                syn::parenthesized!(content in input);
                content.parse::<TokenStream>()
            };
            return self.inside(open(self.input).unwrap_or_default());
        }
        let ahead = self.input.fork();
        match ahead.call(Ident::parse_any).ok().filter(is_name) {
            Some(name) if !ahead.peek(Paren) && !ahead.peek(Token![::]) => {
                self.input.advance_to(&ahead);
                Some(Guard::Method(name))
            }
            _ => {
                self.wrong("asks guards by their bare names: methods of the same block");
                None
            }
        }
    }

    fn inside(&mut self, tokens: TokenStream) -> Option<Guard> {
        let (role, faults) = (self.role, &mut *self.faults);
        let whole = |input: ParseStream<'_>| {
            let mut reader = Reader { input, role, faults };
            let guard = reader.any();
            if guard.is_some() && !input.is_empty() {
                reader.wrong("joins guards with `&&`, `||` and `!`");
                input.parse::<TokenStream>()?;
                return Ok(None);
            }
            input.parse::<TokenStream>()?;
            Ok(guard)
        };
        whole.parse2(tokens).ok().flatten()
    }

    fn options(&mut self, edge: &mut Edge) -> Option<()> {
        while !self.input.is_empty() {
            if self.input.parse::<Token![,]>().is_err() {
                self.wrong("has a comma before its options");
                return None;
            }
            if self.input.is_empty() {
                break;
            }
            let Ok(name) = self.input.call(Ident::parse_any) else {
                self.wrong("has options that are words");
                return None;
            };
            self.option(&name, edge)?;
        }
        Some(())
    }

    fn option(&mut self, name: &Ident, edge: &mut Edge) -> Option<()> {
        let text = names::text(name);
        let slot = match text.as_str() {
            "fallible" => &mut edge.fallible,
            "no_trigger" => &mut edge.no_trigger,
            _ => {
                self.unknown(name, &text);
                return None;
            }
        };
        if let Some(first) = slot.replace(name.span()) {
            self.fault(name.span(), DUPLICATE, format!("`{text}` is given twice"))
                .and(first, format!("`{text}` is first given here"))
                .help("keep one of them");
            return None;
        }
        Some(())
    }

    fn unknown(&mut self, name: &Ident, text: &str) {
        if RESERVED_OPTIONS.contains(&text) {
            let help = "a later version may give it a meaning; remove it";
            check::reserved(name.span(), &format!("the option `{text}`"), help, self.faults);
            return;
        }
        if self.input.peek(Token![=>]) || self.input.peek(Token![|]) || self.input.peek(Token![if]) {
            self.fault(name.span(), LITERAL_FORMAT, "one `#[transition]` has one transition".into())
                .help("write a further `#[transition(…)]` above the method");
            return;
        }
        let near = did_you_mean(text, OPTIONS);
        self.fault(name.span(), UNKNOWN_OPTION, format!("unknown `#[transition]` option `{text}`{near}"))
            .help("the options of `#[transition]` are `fallible`, `no_trigger`");
    }

    fn hook(&mut self) -> Option<Vec<Ident>> {
        let mut states = Vec::new();
        loop {
            let name = self.role.name;
            if self.input.peek(Token![_]) {
                let text = format!("`#[{name}]` names its states; `#[on_transition]` runs for all of them");
                self.fault(self.input.span(), LITERAL_FORMAT, text).help(format!("write `#[{name}(Paid | Shipped)]`"));
                return None;
            }
            states.push(self.state("names states")?);
            if self.input.is_empty() {
                return Some(states);
            }
            if self.input.parse::<Token![|]>().is_err() {
                self.wrong("names states with `|` between them");
                return None;
            }
        }
    }

    fn fault(&mut self, place: Span, rule: Rule, text: String) -> &mut Fault {
        self.faults.at(place, rule, text)
    }

    /// Reports that the next token does not fit: at the role's word, if there is none.
    fn wrong(&mut self, what: &str) {
        let place = if self.input.is_empty() { self.role.span } else { self.input.span() };
        let name = self.role.name;
        let help = if name == "transition" { FORM.to_owned() } else { format!("write `#[{name}(Paid | Shipped)]`") };
        self.fault(place, LITERAL_FORMAT, format!("`#[{name}]` {what}")).help(help);
    }
}

/// Whether a word can be a name: `if` and `self` are none.
fn is_name(word: &Ident) -> bool {
    syn::parse_str::<Ident>(&word.to_string()).is_ok()
}

fn single(mut parts: Vec<Guard>, join: fn(Vec<Guard>) -> Guard) -> Guard {
    match parts.pop() {
        Some(only) if parts.is_empty() => only,
        last => join(parts.into_iter().chain(last).collect()),
    }
}
