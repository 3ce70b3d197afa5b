//! The catalogue is leafed through, forwards and back.

use std::io::Write;

use bailiwick::{
    Error,
    repository::{Count, Page, PageRequest, Scoped},
    specification::Spec,
};

use super::Street;
use crate::{
    Outcome,
    product::{Product, product},
};

const SIZE: u64 = 4;

/// The dearest first. The id decides between two of one price, so that each product has one place.
async fn page(shop: &Scoped, request: PageRequest) -> Result<Page<Product>, Error> {
    shop.repository::<Product>().find(Spec::all()).sort(Product::price().desc()).page(request).await
}

fn print(to: &mut impl Write, name: &str, page: &Page<Product>) -> Outcome {
    let titles = page.items.iter().map(|product| product.title.as_str()).collect::<Vec<_>>();
    Ok(writeln!(to, "   {name:<18} {}", titles.join(" | "))?)
}

/// A cursor is a place in the order, not a number of rows: what is put in before it moves nothing.
pub(crate) async fn pages(street: &Street, to: &mut impl Write) -> Outcome {
    writeln!(to, "3. Pages of {SIZE}, forwards and back\n")?;
    let acme = street.shop("acme", "ada")?;
    let first = page(&acme, Page::first(SIZE).count(Count::Capped(5))).await?;
    print(to, "first", &first)?;
    writeln!(to, "   {:<18} {:?}", "counted to 5", first.total)?;
    let new = acme.repository::<Product>().insert(product("A-10", "Cannon", 99_900, 1)).await?;
    writeln!(to, "   {:<18} {new}", "meanwhile")?;
    let second = page(&acme, Page::after(first.next, SIZE)).await?;
    print(to, "second", &second)?;
    let third = page(&acme, Page::after(second.next, SIZE)).await?;
    print(to, "third", &third)?;
    writeln!(to, "   {:<18} {}", "another behind it", third.next.is_some())?;
    let second = page(&acme, Page::before(third.prev, SIZE)).await?;
    print(to, "back to the second", &second)?;
    let first = page(&acme, Page::before(second.prev, SIZE)).await?;
    print(to, "back to the first", &first)?;
    print(to, "before that", &page(&acme, Page::before(first.prev, SIZE)).await?)?;
    Ok(writeln!(to)?)
}
