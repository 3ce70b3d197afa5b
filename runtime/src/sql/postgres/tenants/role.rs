//! Whom the server does not keep from the rows of other tenants.

use sqlx::{PgConnection, Row as _};

use super::{super::classify::Failure, policy::POLICY};
use crate::error::{Error, ErrorKind};

/// Who is connected, and the tables with our policy from which it keeps him not. A member of the owner counts as the owner.
const ASKED: &str = "SELECT r.rolname::text, r.rolsuper, r.rolbypassrls,
    (SELECT string_agg(c.oid::regclass::text, ', ' ORDER BY c.oid::regclass::text)
    FROM pg_policy p JOIN pg_class c ON c.oid = p.polrelid WHERE p.polname = $1
    AND NOT (c.relrowsecurity AND (c.relforcerowsecurity OR NOT pg_has_role(c.relowner, 'USAGE'))))
    FROM pg_roles r WHERE r.rolname = current_user";

/// Refuses a user whom the server lets reach the rows of all tenants; or, where somebody must, a user whom it does not.
pub(in super::super) async fn admit(db: &mut PgConnection, reaches_all: bool) -> Result<(), Failure> {
    let row = sqlx::query(ASKED).bind(POLICY).fetch_one(db).await?;
    let (name, superuser, bypasses): (String, bool, bool) = (row.try_get(0)?, row.try_get(1)?, row.try_get(2)?);
    let open: Option<String> = row.try_get(3)?;
    let refused = |message: &'static str| Err(Error::new(ErrorKind::Config, "db/config", message).with("user", &name));
    let admitted = match (reaches_all, open) {
        (true, _) if superuser || bypasses => Ok(()),
        (true, _) => refused(
            "the user of `system_url` does not reach the rows of all tenants: ALTER ROLE … BYPASSRLS, as a superuser",
        ),
        (false, _) if superuser => refused(
            "a superuser is not kept from the rows of other tenants: connect as a user without SUPERUSER and BYPASSRLS, who \
             owns the tables or has rights on them",
        ),
        (false, _) if bypasses => refused(
            "a user with BYPASSRLS is not kept from the rows of other tenants: ALTER ROLE … NOBYPASSRLS, or connect as another",
        ),
        (false, Some(tables)) => {
            let message = "the user is not kept from the rows of other tenants in tables that he owns: ALTER TABLE … ENABLE ROW \
                           LEVEL SECURITY, FORCE ROW LEVEL SECURITY, or connect as another";
            refused(message).map_err(|error| error.with("tables", tables))
        }
        (false, None) => Ok(()),
    };
    Ok(admitted?)
}
