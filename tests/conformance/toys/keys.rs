//! Stores of keys in memory with one flaw each.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Arc, Mutex, MutexGuard},
};

use bailiwick::{
    Error, TenantId, Timestamp,
    sensitive::{KeyEntry, KeyStore, StoredKey, Subject, WrappedKey},
    testing::conformance::{self, KeysSubject},
};
use tokio::task::yield_now;

/// A promise that a toy breaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Flaw {
    Nothing,
    CutsKeys,
    SecondKeyCounts,
    ReadsThenInserts,
    ReplacesUnseen,
    ComparesIds,
    ReplacesWhatIsNotThere,
    ReadsThenReplaces,
    ForgetsByDeleting,
    LaterForgetCounts,
    ForgetsOnlyTheKnown,
    Caches,
    FoldsCase,
    OneTenantForAll,
    HidesTheForgotten,
    IgnoresLimit,
    PagesFromIncluded,
    AnswersManyWithoutTheForgotten,
    AnswersManyInPart,
}

use Flaw::*;

/// Each flaw and the cases that name it. Others may fail as well.
const FLAWS: &[(Flaw, &[&str])] = &[
    (CutsKeys, &["entries::a_key_comes_back_as_it_was"]),
    (SecondKeyCounts, &["entries::the_first_key_stays"]),
    (ReadsThenInserts, &["races::of_all_who_insert_at_once_one_does"]),
    (ReplacesUnseen, &["entries::a_key_is_replaced_by_who_knows_it"]),
    (ComparesIds, &["entries::a_key_is_replaced_by_who_knows_it"]),
    (ReplacesWhatIsNotThere, &["entries::what_is_not_there_is_not_replaced"]),
    (ReadsThenReplaces, &["races::of_all_who_replace_at_once_one_does", "races::a_forget_amid_others_wins"]),
    (
        ForgetsByDeleting,
        &["entries::a_forgotten_key_is_gone_and_nothing_brings_it_back", "races::a_forget_amid_others_wins"],
    ),
    (LaterForgetCounts, &["entries::the_time_of_the_first_forget_stays"]),
    (ForgetsOnlyTheKnown, &["entries::who_was_never_known_is_forgotten_beforehand"]),
    (Caches, &["entries::what_one_process_forgets_no_other_reads"]),
    (FoldsCase, &["pages::subjects_are_apart", "pages::a_page_follows_the_bytes_of_the_names"]),
    (OneTenantForAll, &["pages::tenants_have_subjects_of_their_own"]),
    (HidesTheForgotten, &["pages::a_page_follows_the_bytes_of_the_names"]),
    (IgnoresLimit, &["pages::a_page_keeps_its_bounds"]),
    (PagesFromIncluded, &["pages::a_page_keeps_its_bounds"]),
    (AnswersManyWithoutTheForgotten, &["pages::many_are_answered_as_each_is"]),
    (AnswersManyInPart, &["races::many_subjects_at_once_lose_nothing"]),
];

type Entries = BTreeMap<Subject, StoredKey>;

/// Keeps the contract but for its flaw. Clones share the keys, and not what they have cached.
#[derive(Debug)]
struct ToyKeys {
    flaw: Flaw,
    keys: Arc<Mutex<Entries>>,
    cached: Mutex<Entries>,
}

impl ToyKeys {
    fn subject(flaw: Flaw) -> KeysSubject {
        let keys = Arc::new(Mutex::new(Entries::new()));
        let [here, there] = [Arc::clone(&keys), keys].map(|keys| Self { flaw, keys, cached: Mutex::default() });
        KeysSubject::new(here, there)
    }

    fn keys(&self) -> MutexGuard<'_, Entries> {
        self.keys.lock().unwrap()
    }

    fn bent(&self, of: Subject) -> Subject {
        match self.flaw {
            FoldsCase => Subject::new(of.tenant().cloned(), of.name().to_lowercase()).unwrap(),
            OneTenantForAll => Subject::new(None, of.name()).unwrap(),
            _ => of,
        }
    }
}

impl KeyStore for ToyKeys {
    async fn get(&self, of: Subject) -> Result<Option<KeyEntry>, Error> {
        let of = self.bent(of);
        let mut found = self.keys().get(&of).cloned();
        if let (Caches, Some(stored)) = (self.flaw, &found) {
            found = Some(self.cached.lock().unwrap().entry(of).or_insert_with(|| stored.clone()).clone());
        }
        Ok(found.map(|stored| KeyEntry { stored, revision: None }))
    }

    async fn get_many(&self, mut subjects: Vec<Subject>) -> Result<Vec<(Subject, KeyEntry)>, Error> {
        if self.flaw == AnswersManyInPart {
            subjects.truncate(100);
        }
        let mut found = Vec::new();
        for of in subjects {
            found.extend(self.get(of.clone()).await?.map(|entry| (of, entry)));
        }
        if self.flaw == AnswersManyWithoutTheForgotten {
            found.retain(|(_, entry)| matches!(entry.stored, StoredKey::Wrapped(_)));
        }
        Ok(found)
    }

    async fn insert(&self, of: Subject, mut key: WrappedKey) -> Result<bool, Error> {
        let of = self.bent(of);
        let free = !self.keys().contains_key(&of);
        match self.flaw {
            CutsKeys => key.data.truncate(255),
            ReadsThenInserts => yield_now().await,
            _ => {}
        }
        let mut keys = self.keys();
        let free = if self.flaw == ReadsThenInserts { free } else { !keys.contains_key(&of) };
        if free || self.flaw == SecondKeyCounts {
            keys.insert(of, StoredKey::Wrapped(key));
        }
        Ok(free)
    }

    async fn replace(&self, of: Subject, old: WrappedKey, new: WrappedKey) -> Result<bool, Error> {
        let of = self.bent(of);
        let fits = |stored: Option<&StoredKey>| match (self.flaw, stored) {
            (ReplacesUnseen, Some(StoredKey::Wrapped(_))) | (ReplacesWhatIsNotThere, None) => true,
            (ComparesIds, Some(StoredKey::Wrapped(stored))) => stored.id == old.id,
            (_, stored) => stored == Some(&StoredKey::Wrapped(old.clone())),
        };
        let fitted = fits(self.keys().get(&of));
        if self.flaw == ReadsThenReplaces {
            yield_now().await;
        }
        let mut keys = self.keys();
        let fits = if self.flaw == ReadsThenReplaces { fitted } else { fits(keys.get(&of)) };
        if fits {
            keys.insert(of, StoredKey::Wrapped(new));
        }
        Ok(fits)
    }

    async fn forget(&self, of: Subject, at: Timestamp) -> Result<(), Error> {
        let (of, mut keys) = (self.bent(of), self.keys());
        let first = !matches!(keys.get(&of), Some(StoredKey::Forgotten(_)));
        match self.flaw {
            ForgetsByDeleting => drop(keys.remove(&of)),
            ForgetsOnlyTheKnown if !keys.contains_key(&of) => {}
            flaw if first || flaw == LaterForgetCounts => drop(keys.insert(of, StoredKey::Forgotten(at))),
            _ => {}
        }
        Ok(())
    }

    async fn page(
        &self,
        tenant: Option<TenantId>,
        after: Option<String>,
        limit: usize,
    ) -> Result<Vec<(String, StoredKey)>, Error> {
        let limit = if self.flaw == IgnoresLimit { usize::MAX } else { limit };
        let tenant = tenant.filter(|_| self.flaw != OneTenantForAll);
        let begins = |name: &str| match (&after, self.flaw) {
            (Some(after), PagesFromIncluded) => name >= after.as_str(),
            (Some(after), _) => name > after.as_str(),
            (None, _) => true,
        };
        let keys = self.keys();
        let own = keys.iter().filter(|(of, _)| of.tenant() == tenant.as_ref() && begins(of.name()));
        let seen = own.filter(|(_, stored)| self.flaw != HidesTheForgotten || matches!(stored, StoredKey::Wrapped(_)));
        Ok(seen.take(limit).map(|(of, stored)| (of.name().to_owned(), stored.clone())).collect())
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_flaw_of_a_store_of_keys_is_named_by_its_cases() {
    let mut wrong = Vec::new();
    for (flaw, cases) in FLAWS {
        for case in conformance::keys_cases().iter().filter(|case| cases.contains(&case.name())) {
            if case.run(ToyKeys::subject(*flaw)).await.is_ok() {
                wrong.push(format!("{flaw:?} was not seen by {case:?}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_toy_of_keys_without_a_flaw_keeps_the_contract() {
    conformance::keys(async || ToyKeys::subject(Nothing)).await;
}

#[test]
fn each_case_for_stores_of_keys_has_a_flaw_that_it_names() {
    let reached: BTreeSet<&str> = FLAWS.iter().flat_map(|(_, cases)| cases.iter().copied()).collect();
    let all: BTreeSet<&str> = conformance::keys_cases().iter().map(|case| case.name()).collect();
    assert_eq!(reached, all);
}
