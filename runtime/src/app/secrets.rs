//! The keys of an application's subjects.

use super::{App, AppBuilder};
use crate::{
    error::{Error, ErrorKind},
    event::EventSpec,
    mediator::{Request, Wiring},
    sensitive::{AnyKeys, KeyStore, MasterKey, Subject, Vault},
    store::{AnyStore, StoreKeys, count_forgotten},
    tenant::TenantId,
    unit_of_work::Units,
};

/// What was given to seal with.
#[derive(Default)]
pub(super) struct Secrets {
    master: Option<MasterKey>,
    keys: Option<AnyKeys>,
}

impl Secrets {
    /// The store, with what opens and seals.
    pub(super) fn open(self, store: AnyStore) -> Result<AnyStore, Error> {
        let Some(master) = self.master else { return Ok(store) };
        let keys = self.keys.unwrap_or_else(|| AnyKeys::new(StoreKeys::new(store.clone())));
        Ok(store.with_vault(Vault::of(master, keys)?))
    }

    /// Adds a line if there are sensitive fields and no master key.
    pub(super) fn check(&self, wiring: &Wiring, findings: &mut Vec<String>) {
        let own = wiring.events.iter().filter(|table| !table.from_broker).flat_map(|table| table.specs);
        let sealed = |spec: &&EventSpec| !spec.sensitive.is_empty();
        let names: Vec<_> = own.chain(wiring.projected.iter().copied().flatten()).filter(sealed).collect();
        match (&self.master, &self.keys, names.first()) {
            (None, _, Some(spec)) => findings.push(format!(
                "`{}` has sensitive fields, and there is no key to seal them: add `.master_key(…)`, or leave the mark out",
                spec.name
            )),
            (None, Some(_), None) => {
                findings.push("`.key_store(…)` keeps keys that a master key wraps: add `.master_key(…)`".into());
            }
            _ => {}
        }
    }
}

impl<U, S> AppBuilder<U, S> {
    /// The key that wraps the keys of subjects, for events with sensitive fields. It comes from outside, such as an environment
    /// variable, and lies in no store: who has the store without it reads nothing sensitive.
    pub fn master_key(mut self, key: MasterKey) -> Self {
        self.secrets.master = Some(key);
        self
    }

    /// Keeps the keys of subjects elsewhere than in the event store, with backups of their own.
    pub fn key_store(mut self, keys: impl KeyStore) -> Self {
        self.secrets.keys = Some(AnyKeys::new(keys));
        self
    }
}

impl App {
    /// Forgets a subject for ever: destroys the key that its sensitive values are sealed by. From the next read on, in every
    /// process, each of them is [forgotten](crate::Sensitive::is_forgotten); later events with sensitive fields of the
    /// subject are refused (`sensitive/forgotten_subject`). To forget twice is to forget.
    ///
    /// It does not reach copies: backups that hold the key, what a program has taken out with `expose()` and stored; nor what
    /// was stored as plain text before its field was sensitive. See the [guide](crate::guide::sensitive).
    ///
    /// # Errors
    /// `sensitive/subject`, `sensitive/no_master_key`; what the store of keys answers. Call it again then.
    ///
    /// # Cancel safety
    /// Dropping the future forgets or does not; call it again.
    pub async fn forget(&self, subject: impl Into<String>) -> Result<(), Error> {
        self.dispatch(Request::new()).forget(subject).await
    }

    /// Wraps the keys of all subjects by the newest master key, and says how many were wrapped by an older one. Then no key
    /// needs the older one any more. Subjects of a tenant are wrapped in [`Dispatch::rewrap`](super::Dispatch::rewrap).
    ///
    /// # Errors
    /// `sensitive/unknown_master` if a key was wrapped by a master key that is not given, `sensitive/no_master_key`; what the
    /// store of keys answers. Call it again then: what is wrapped is done.
    ///
    /// # Cancel safety
    /// What was wrapped stays so.
    pub async fn rewrap(&self) -> Result<u64, Error> {
        self.dispatch(Request::new()).rewrap().await
    }
}

pub(super) async fn forget(units: &Units, tenant: Option<TenantId>, subject: String) -> Result<(), Error> {
    let subject = Subject::new(tenant, subject)?;
    let vault = vault(units)?;
    count_forgotten(units.store()).await?; // who is cut off after the key went has at least told rebuilds of before
    vault.forget(subject, units.clock().now()).await?;
    count_forgotten(units.store()).await
}

pub(super) async fn rewrap(units: &Units, tenant: Option<TenantId>) -> Result<u64, Error> {
    vault(units)?.rewrap(tenant).await
}

fn vault(units: &Units) -> Result<&Vault, Error> {
    let message = "the application has no keys: add `.master_key(…)`";
    units.store().vault().ok_or_else(|| Error::new(ErrorKind::Config, "sensitive/no_master_key", message))
}
