//! The implementation of `Entity`, and the constants behind it.

use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote_spanned};
use syn::spanned::Spanned as _;

use super::{
    args::Key,
    column::{Column, Role},
    logs,
    model::Model,
    users,
};
use crate::{names, names::code, pipeline::Health};

/// All of it; nothing if the item has parameters, because the trait cannot hold then.
pub(super) fn emit(model: &Model, health: Health) -> TokenStream {
    if !model.input.generics.params.is_empty() {
        return TokenStream::new();
    }
    let [types, functions] = [users::types(model), users::functions(model)];
    let patch = users::patch(model, health);
    let logs = health.is_sound().then(|| logs::traits(model));
    let (marks, body) = (marks(model), if health.is_sound() { sound(model) } else { faulty() });
    let columns = health.is_sound().then(|| columns(model));
    let (p, ident) = (names::door(), &model.input.ident);
    let id = model.id().map_or_else(|| code!(#p::Uuid), |ty| code!(#ty));
    let (new, change) = match model.args.read_only {
        true => (code!(#p::Unwritten<Self>), code!(#p::Unwritten<Self>)),
        false => {
            let (new, patch) = (users::new_name(model), users::patch_name(model));
            (code!(#new), code!(#patch))
        }
    };
    let block = model.args.root.block(&code! {
        #columns
        #[automatically_derived]
        impl #p::Entity for #ident {
            type Id = #id;
            type New = #new;
            type Patch = #change;
            #body
        }
        #marks
        #logs
        #functions
        #patch
    });
    code!(#types #block)
}

fn faulty() -> TokenStream {
    let p = names::door();
    code! {
        const TABLE: &'static #p::Table = #p::NO_TABLE;
        fn create(_: Self::New, _: &#p::Stamps) -> #p::Result<Self, #p::Error> { ::core::unimplemented!() }
        fn read(_: &mut #p::RowReader<'_>) -> #p::Result<Self, #p::Error> { ::core::unimplemented!() }
        fn id(&self) -> &Self::Id { ::core::unimplemented!() }
        fn value(&self, _: usize) -> #p::Value<'_> { ::core::unimplemented!() }
        fn stamp(&mut self, _: &#p::Stamps) {}
    }
}

fn sound(model: &Model) -> TokenStream {
    let p = names::door();
    let members: Vec<_> = model.fields.iter().map(|field| &field.ident).collect();
    let created = model.fields.iter().map(|field| created(model, field));
    let created = if model.args.read_only { code!(__new.never()) } else { code!(Self { #(#members: #created),* }) };
    let reads = model.fields.iter().map(|field| match place_of(model, field) {
        Some(place) => code!(#place.take(__row)?),
        None => absent(field),
    });
    let id = model.with_role(Role::Id).map(|column| &column.ident);
    let values = model.columns().enumerate().map(|(place, column)| {
        let (constant, member) = (constant(place), &column.ident);
        code!(#place => #constant.value(&self.#member),)
    });
    let stamps = model.columns().filter_map(|column| {
        let (role, _) =
            column.role.filter(|(role, _)| matches!(role, Role::Version | Role::UpdatedAt | Role::UpdatedBy))?;
        let (member, stamp) = (&column.ident, stamp(column, role));
        Some(code!(self.#member = #stamp;))
    });
    let logs = logs::constant(model);
    let read = logs::noted(&logs, &code!(Self { #(#members: #reads),* }));
    code! {
        const TABLE: &'static #p::Table = &__TABLE;
        #logs
        fn create(__new: Self::New, __stamps: &#p::Stamps) -> #p::Result<Self, #p::Error> { #p::Ok(#created) }
        fn read(__row: &mut #p::RowReader<'_>) -> #p::Result<Self, #p::Error> {
            #read
        }
        fn id(&self) -> &Self::Id { &self.#id }
        fn value(&self, __place: usize) -> #p::Value<'_> {
            match __place { #(#values)* _ => #p::NOTHING }
        }
        fn stamp(&mut self, __stamps: &#p::Stamps) { #(#stamps)* }
    }
}

/// The constant of the column at a place.
pub(super) fn constant(place: usize) -> Ident {
    names::local(&format!("C{place}"))
}

fn place_of(model: &Model, field: &Column) -> Option<Ident> {
    field.is_stored().then(|| model.place(&field.ident).map(constant))?
}

/// The value of a field that no column has.
fn absent(field: &Column) -> TokenStream {
    let (p, ty) = (names::at(&names::door(), field.ty.span()), &field.ty);
    quote_spanned!(names::spot(ty.span())=> <#ty as #p::Default>::default())
}

/// What a field of a new entity is.
fn created(model: &Model, field: &Column) -> TokenStream {
    let (p, member) = (names::door(), &field.ident);
    match field.role {
        _ if place_of(model, field).is_none() => absent(field),
        Some((Role::Id, _)) => code!(<Self::Id as #p::EntityId>::settle(__new.#member, __stamps.fresh)),
        Some((role, _)) => stamp(field, role),
        None => code!(__new.#member),
    }
}

/// What the framework writes into a column; the type of the field is judged at the field.
fn stamp(column: &Column, role: Role) -> TokenStream {
    let ty = &column.ty;
    let (maker, fails) = match role {
        Role::Id | Role::Version => ("stamp_version", None),
        Role::Tenant => ("stamp_tenant", Some(code!(?))),
        Role::CreatedAt | Role::UpdatedAt => ("stamp_time", None),
        Role::CreatedBy | Role::UpdatedBy => ("stamp_actor", None),
        Role::DeletedAt => ("never", None),
        Role::DeletedBy => ("nobody", None),
    };
    let at = names::spot(ty.span());
    let (p, maker) = (names::at(&names::door(), at), Ident::new(maker, at));
    quote_spanned!(at=> #p::#maker::<#ty>(__stamps)#fails)
}

fn columns(model: &Model) -> TokenStream {
    let p = names::door();
    let consts = model.columns().enumerate().map(|(place, column)| definition(place, column));
    let all = (0..model.columns().count()).map(constant);
    let (entity, table) = (names::text(&model.input.ident), model.table());
    let schema = model.args.schema.as_ref().map(|schema| code!(.schema(#schema)));
    let read_only = model.args.read_only.then(|| code!(.read_only()));
    let (unique, index) = (unique(model), index(model));
    code! {
        #(#consts)*
        const __COLUMNS: &[#p::ColumnDef] = &[#(#all.def),*];
        const __TABLE: #p::Table = #p::Table::new(#entity, #table, __COLUMNS)#schema #unique #index #read_only;
    }
}

/// `const __C3: Column<String> = column::<String>("label").max(200).checked();`, at the field.
fn definition(place: usize, column: &Column) -> TokenStream {
    let (at, args) = (names::spot(column.ident.span()), &column.args);
    let (p, constant) = (names::at(&names::door(), at), names::at(&constant(place), at));
    let (ty, name) = (&column.ty, names::text(&column.ident));
    let make = match () {
        () if args.json => format_ident!("json_column", span = at),
        () if args.whole => format_ident!("whole_column", span = at),
        () => format_ident!("column", span = at),
    };
    let role = column.role.map(|(role, _)| format_ident!("{role:?}", span = at)).into_iter();
    let (rename, max, digits) =
        (args.rename.iter(), args.max.iter(), args.decimal.iter().map(|(all, after)| code!(#all, #after)));
    let filter = args.filter.map(|(pattern, _)| if pattern { "pattern" } else { "filter" });
    let flags = [
        filter,
        args.sort.map(|_| "sort"),
        args.immutable.then_some("immutable"),
        args.sensitive.then_some("sensitive"),
    ];
    let flags = flags.into_iter().flatten().map(|flag| Ident::new(flag, at));
    let to = args.references.iter().map(|reference| &reference.to);
    quote_spanned! {at=>
        const #constant: #p::Column<#ty> = #p::#make::<#ty>(#name)
            #(.role(#p::Role::#role))* #(.column(#rename))* #(.max(#max))* #(.decimal(#digits))* #(.#flags())*
            #(.references::<#to>())* .checked();
    }
}

/// The places of a key's columns; on rows of a tenant that of the tenant first.
fn places(model: &Model, key: &Key) -> Vec<(usize, bool)> {
    let tenant =
        model.with_role(Role::Tenant).and_then(|column| model.place(&column.ident)).map(|place| (place, false));
    let own: Vec<_> = key.columns.iter().filter_map(|(name, down)| Some((model.place(name)?, *down))).collect();
    tenant
        .into_iter()
        .filter(|(tenant, _)| own.iter().all(|(place, _)| place != tenant))
        .chain(own.iter().copied())
        .collect()
}

fn unique(model: &Model) -> Option<TokenStream> {
    let at = names::spot(model.args.unique.first()?.word.span());
    let p = names::at(&names::door(), at);
    let keys = model.args.unique.iter().map(|key| {
        let places = places(model, key).into_iter().map(|(place, _)| place);
        quote_spanned!(at=> #p::Key { columns: &[#(#places),*] })
    });
    Some(quote_spanned!(at=> .keys(&[#(#keys),*])))
}

fn index(model: &Model) -> Option<TokenStream> {
    let p = names::door();
    let all = model.args.index.iter().map(|key| {
        let places = places(model, key).into_iter().map(|(place, down)| code!((#place, #down)));
        code!(#p::Index { columns: &[#(#places),*] })
    });
    (!model.args.index.is_empty()).then(|| code!(.indexes(&[#(#all),*])))
}

/// The traits by which methods know what the entity has.
fn marks(model: &Model) -> TokenStream {
    let (p, ident) = (names::door(), &model.input.ident);
    let tenant = if model.with_role(Role::Tenant).is_some() { code!(TenantEntity) } else { code!(GlobalEntity) };
    let version = match model.with_role(Role::Version) {
        Some(_) => code!(Versioned for #ident { fn version(&self) -> #p::Version { #p::version_of(self) } }),
        None => code!(Unversioned for #ident {}),
    };
    let deleted =
        model.with_role(Role::DeletedAt).map(|_| code!(#[automatically_derived] impl #p::SoftDelete for #ident {}));
    code! {
        #[automatically_derived]
        impl #p::#tenant for #ident {}
        #[automatically_derived]
        impl #p::#version
        #deleted
    }
}
