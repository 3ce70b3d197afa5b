//! Flaws of what is read, and of leases.

use bailiwick::{
    Error, Store, Version,
    store::{Lease, LeaseRequest, Load, Loaded, ModelKey, ModelRow, Scan, Snapshot, Until},
};

use super::{flaws::Flaw, store::Toy};

pub async fn load(toy: &Toy, mut load: Load) -> Result<Loaded, Error> {
    if toy.flaw == Flaw::LoadsFromTheStart {
        load.after = Version::NONE;
    }
    let until = load.until;
    if matches!(toy.flaw, Flaw::LoadsToTheHead | Flaw::TimesEachEvent) {
        load.until = Until::Head;
    }
    let mut loaded = toy.inner().load(load.clone()).await?;
    let whole = Load { snapshot: None, ..load.clone() };
    match toy.flaw {
        Flaw::InventsStreams if loaded == Loaded::default() => {
            let Some(schema) = load.snapshot else { return Ok(loaded) };
            let state = b"{}".to_vec();
            loaded.snapshot = Some(Snapshot { stream: load.stream, version: Version::NONE, schema, state });
        }
        Flaw::TimesEachEvent => match until {
            Until::Time(time) => loaded.events.retain(|event| event.envelope.time <= time),
            until => loaded = toy.inner().load(Load { until, ..load }).await?,
        },
        Flaw::SnapshotBeyondEnd => {
            let all = toy.inner().load(Load { until: Until::Head, ..load }).await?;
            loaded = Loaded { snapshot: all.snapshot, ..loaded };
        }
        Flaw::SnapshotWithWholeTail => loaded.events = toy.inner().load(whole).await?.events,
        Flaw::SnapshotBeforeLoad if loaded.snapshot.is_none() => {
            loaded.snapshot = toy.inner().load(Load { after: Version::NONE, ..load }).await?.snapshot;
        }
        Flaw::SnapshotGoesBack | Flaw::SnapshotOfAnySchema => {
            let kept = toy.aside.lock().unwrap().snapshots.get(&(load.tenant.clone(), load.stream.clone())).cloned();
            let any = toy.flaw == Flaw::SnapshotOfAnySchema && load.snapshot.is_some();
            let Some(kept) = kept.filter(|kept| any || load.snapshot == Some(kept.schema)) else { return Ok(loaded) };
            let events = toy.inner().load(Load { after: kept.version, ..whole }).await?.events;
            loaded = Loaded { snapshot: Some(kept), events };
        }
        _ => {}
    }
    Ok(loaded)
}

pub async fn scan(toy: &Toy, scan: Scan) -> Result<Vec<(String, ModelRow)>, Error> {
    let mut rows = toy.inner().scan(scan.clone()).await?;
    if toy.flaw == Flaw::ScansInNoOrder {
        rows.sort_by_key(|(key, _)| key.to_lowercase());
    }
    if let (Flaw::ScanIncludesAfter, Some(key)) = (toy.flaw, scan.after) {
        let of = ModelKey { tenant: scan.tenant, model: scan.model, key: key.clone(), generation: None };
        if let Some(row) = toy.inner().model(of).await? {
            rows.insert(0, (key, row));
        }
    }
    Ok(rows)
}

pub async fn lease(toy: &Toy, mut request: LeaseRequest) -> Result<Option<Lease>, Error> {
    let (resource, holder) = (request.resource.clone(), request.holder.clone());
    let former = toy.aside.lock().unwrap().leases.get(&resource).filter(|lease| lease.holder == holder).cloned();
    match (toy.flaw, former) {
        (Flaw::RenewalGrowsFence, Some(former)) => toy.inner().release(former).await?,
        (Flaw::RenewalKeepsTerm, Some(former)) => return Ok(Some(former)),
        (Flaw::LeasesToAll, _) => request.holder = "all".into(),
        _ => {}
    }
    let lease = toy.inner().lease(request).await?;
    let fence = |lease: &Lease| if toy.flaw == Flaw::SameFenceForAll { 1 } else { lease.fence };
    let lease = lease.map(|lease| Lease { fence: fence(&lease), holder, ..lease });
    if let Some(lease) = &lease {
        toy.aside.lock().unwrap().leases.insert(resource, lease.clone());
    }
    Ok(lease)
}
