//! Flaws of what tenants share, and of what they do not.

use bailiwick::{TenantId, store::Commit};

use super::flaws::Flaw;

/// Spoils a commit.
pub fn spoil(flaw: Flaw, commit: &mut Commit) {
    let Some(tenant) = commit.tenant.clone() else { return };
    match flaw {
        // What one tenant writes and sees, all do.
        Flaw::SeenOfAllTenants => commit.tenant = None,
        Flaw::IdsOfEachTenant if tenant != first() => {
            let fresh = || bailiwick::Clock::system().message_id();
            commit.appends.iter_mut().flat_map(|append| &mut append.events).for_each(|event| event.id = fresh());
            commit.commands.iter_mut().for_each(|record| record.id = fresh());
        }
        Flaw::CheckpointsOfTenants => {
            commit.checkpoints.iter_mut().for_each(|moved| moved.name = format!("{tenant}/{}", moved.name));
        }
        _ => {}
    }
}

fn first() -> TenantId {
    TenantId::new("acme").unwrap()
}
