//! A file as a flat row of tokens: it holds every path, also those in expressions, types and the bodies of macros.

use proc_macro2::{Delimiter, Group, LineColumn, Spacing, TokenStream, TokenTree};

/// One token. Delimiters are tokens of their own, `::` is one token, documentation is left out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token {
    pub text: String,
    pub line: usize,
    /// In how many inline modules it stands.
    pub depth: usize,
    pub literal: bool,
}

/// The tokens of a file in their order.
pub fn flatten(stream: TokenStream) -> Vec<Token> {
    let mut row = Row { tokens: Vec::new(), depth: 0 };
    row.stream(stream);
    row.tokens
}

struct Row {
    tokens: Vec<Token>,
    depth: usize,
}

impl Row {
    fn stream(&mut self, stream: TokenStream) {
        let mut trees = stream.into_iter().peekable();
        while let Some(tree) = trees.next() {
            match tree {
                TokenTree::Group(group) => self.group(&group),
                TokenTree::Punct(punct) if punct.as_char() == ':' && punct.spacing() == Spacing::Joint => {
                    trees.next();
                    self.push("::", punct.span().start(), false);
                }
                TokenTree::Literal(literal) => self.push(&literal.to_string(), literal.span().start(), true),
                other => self.push(&other.to_string(), other.span().start(), false),
            }
        }
    }

    fn group(&mut self, group: &Group) {
        if self.ends_with_attribute() && group.stream().to_string().starts_with("doc") {
            return;
        }
        let (open, close) = match group.delimiter() {
            Delimiter::Brace => ("{", "}"),
            Delimiter::Bracket => ("[", "]"),
            Delimiter::Parenthesis => ("(", ")"),
            Delimiter::None => ("", ""),
        };
        let module = open == "{" && self.before_last(1) == "mod";
        self.push(open, group.span_open().start(), false);
        self.depth += usize::from(module);
        self.stream(group.stream());
        self.depth -= usize::from(module);
        self.push(close, group.span_close().start(), false);
    }

    fn ends_with_attribute(&self) -> bool {
        self.before_last(0) == "#" || (self.before_last(0) == "!" && self.before_last(1) == "#")
    }

    fn before_last(&self, back: usize) -> &str {
        self.tokens.iter().rev().nth(back).map_or("", |token| token.text.as_str())
    }

    fn push(&mut self, text: &str, at: LineColumn, literal: bool) {
        self.tokens.push(Token { text: text.to_owned(), line: at.line, depth: self.depth, literal });
    }
}

/// The names that a path or a `use` tree has directly after the `::` before `at`.
pub fn heads(tokens: &[Token], at: usize) -> Vec<&Token> {
    match tokens.get(at) {
        Some(open) if open.text == "{" => heads_of_group(&tokens[at + 1..]),
        Some(name) => vec![name],
        None => Vec::new(),
    }
}

fn heads_of_group(tokens: &[Token]) -> Vec<&Token> {
    let mut heads = Vec::new();
    let (mut level, mut fresh) = (0_usize, true);
    for token in tokens {
        match token.text.as_str() {
            "}" if level == 0 => break,
            "{" => level += 1,
            "}" => level -= 1,
            "," if level == 0 => fresh = true,
            _ if fresh && level == 0 => {
                heads.push(token);
                fresh = false;
            }
            _ => {}
        }
    }
    heads
}

/// Whether the texts of the tokens from `at` on are `texts`.
pub fn is(tokens: &[Token], at: usize, texts: &[&str]) -> bool {
    texts.iter().enumerate().all(|(offset, text)| tokens.get(at + offset).is_some_and(|token| token.text == *text))
}
