//! `BAILIWICK_SHOW=Order cargo check` prints what macros write; it never changes it.

use proc_macro2::{Delimiter, TokenStream, TokenTree};

use crate::codes::Owner;

/// Prints the expansion, if `BAILIWICK_SHOW` selects the macro or the item.
pub(crate) fn show(owner: &Owner, item: &TokenStream, output: &TokenStream) {
    let Some(wanted) = std::env::var_os("BAILIWICK_SHOW") else { return };
    let name = item_name(item).unwrap_or_default();
    if wanted == "all" || wanted == owner.name || wanted == name.as_str() {
        eprintln!("// {} {name}\n{}", owner.shown, lines(output));
    }
}

/// The name of the type, function or implemented type.
fn item_name(item: &TokenStream) -> Option<String> {
    let mut tokens = item.clone().into_iter();
    let keyword = tokens.by_ref().find_map(|token| match token {
        TokenTree::Ident(ident) => Some(ident.to_string()).filter(|word| is_keyword(word)),
        _ => None,
    })?;
    let mut depth = 0_i32;
    let mut name = None;
    for token in tokens {
        match token {
            TokenTree::Punct(punct) if punct.as_char() == '<' => depth += 1,
            TokenTree::Punct(punct) if punct.as_char() == '>' => depth -= 1,
            TokenTree::Ident(ident) if ident == "where" => break,
            TokenTree::Ident(ident) if depth == 0 => name = Some(ident.to_string()),
            TokenTree::Group(_) => break,
            _ => {}
        }
        if keyword != "impl" && name.is_some() {
            break;
        }
    }
    name
}

fn is_keyword(word: &str) -> bool {
    matches!(word, "struct" | "enum" | "union" | "fn" | "trait" | "impl")
}

/// The tokens with a line break after `{`, `}` and `;`.
fn lines(tokens: &TokenStream) -> String {
    let mut text = String::new();
    for token in tokens.clone() {
        match token {
            TokenTree::Group(group) if group.delimiter() == Delimiter::Brace => {
                text.push_str(&format!("{{\n{}}}\n", lines(&group.stream())));
            }
            TokenTree::Punct(punct) => {
                text.push(punct.as_char());
                if punct.as_char() == ';' {
                    text.push('\n');
                }
                if punct.spacing() == proc_macro2::Spacing::Alone && punct.as_char() != ';' {
                    text.push(' ');
                }
            }
            other => text.push_str(&format!("{other} ")),
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use quote::quote;

    use super::{item_name, lines};

    #[test]
    fn items_have_names() {
        assert_eq!(
            item_name(&quote!(
                pub struct Order<T> {
                    a: T,
                }
            ))
            .as_deref(),
            Some("Order")
        );
        assert_eq!(
            item_name(&quote!(
                impl<T> shop::Order<T> where T: Copy {}
            ))
            .as_deref(),
            Some("Order")
        );
        assert_eq!(
            item_name(&quote!(
                #[doc = "x"]
                async fn load(a: u8) {}
            ))
            .as_deref(),
            Some("load")
        );
        assert_eq!(item_name(&quote!(;)), None);
    }

    #[test]
    fn the_text_is_rust() {
        let item = quote! { impl A { fn a<'a>(&'a self) -> ::core::option::Option<u8> { let x = 1; None } } };
        let text = lines(&item);
        assert!(text.contains(";\n"));
        assert_eq!(text.parse::<proc_macro2::TokenStream>().unwrap().to_string(), item.to_string());
    }
}
