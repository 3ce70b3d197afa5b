//! What must hold of rows, and of those that hang together with them.

use sea_query::{Alias, BinOper, Expr, Query, UnOper};

use super::{
    Dialect, column,
    condition::{Conditions, binary},
    name, own_name,
};
use crate::{
    entity::Role,
    plan::{Reach, Related},
};

impl<D: Dialect> Conditions<D> {
    /// What must hold, each part as an expression of its own.
    pub(super) fn parts(&mut self, reach: &Reach) -> Vec<Expr> {
        let parts: Vec<Expr> = reach.parts.iter().map(|part| self.condition(part)).collect();
        parts.into_iter().chain(reach.related.iter().map(|related| self.related(related))).collect()
    }

    /// The part that keeps to a tenant, once more.
    pub(super) fn tenant(&mut self, reach: &Reach) -> Option<Expr> {
        let place = reach.table.place(Role::Tenant)?;
        let own = self.value(place, reach.value_at(place)?.clone());
        Some(binary(self.column(place), BinOper::Equal, own))
    }

    /// `EXISTS (SELECT 1 FROM other AS "bw related" WHERE column = "own"."column" AND …)`: what is not said to be of the outer table
    /// is of the inner one.
    fn related(&mut self, related: &Related) -> Expr {
        let outer = self.enter(related.reach.table);
        let mut rows = Query::select();
        rows.expr(self.constant(1)).from_as(name::<D>(related.reach.table), Alias::new("bw related"));
        for (own, other) in &related.pairs {
            if let Some(own) = outer.columns().get(*own) {
                let own = Expr::Column((own_name::<D>(outer), column(own)).into());
                rows.and_where(binary(self.column(*other), BinOper::Equal, own));
            }
        }
        for part in self.parts(&related.reach) {
            rows.and_where(part);
        }
        self.enter(outer);
        let exists = Expr::exists(rows);
        if related.lacking { Expr::Unary(UnOper::Not, Box::new(exists)) } else { exists }
    }
}
