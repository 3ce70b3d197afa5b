//! What is asked of a text before the program runs.

use super::{
    Flavour,
    pieces::{Piece, is_word, next, stands},
};

/// What a statement may begin with. It changes no tables, and begins and ends no transaction.
const FIRST: [&[u8]; 8] = [b"select", b"with", b"values", b"insert", b"update", b"delete", b"replace", b"merge"];

const BEGINS: &str = "a statement reads or writes rows: it begins with SELECT, WITH, VALUES, INSERT, UPDATE, DELETE, REPLACE or \
                      MERGE; tables are changed by migrations, transactions begun by units of work";
const SHARED: &str =
    "OR ROLLBACK and OR FAIL would undo what others have done, or keep half of this: write OR ABORT, or leave it out";
const CHANGED: &str = "rows of this entity belong to a tenant: after WHERE the statement must hold those that it changes against \
                       `:tenant`";
const TAKEN: &str = "REPLACE and ON DUPLICATE KEY would overwrite another tenant's row of the same key: use `upsert`, or ON CONFLICT \
                     with a WHERE that names `:tenant`";
const TENANT: &str = "rows of this entity belong to a tenant: the statement must hold them against `:tenant`, such as `WHERE \
                      tenant_id = :tenant`";

/// Refuses a text that is no statement, and one of a tenant's rows that does not speak of the tenant.
///
/// # Panics
/// In a constant, and thereby at compile time.
#[track_caller]
pub(crate) const fn check(text: &str, flavour: Flavour, of_tenant: bool) {
    let bytes = text.as_bytes();
    let (mut at, mut begun, mut before, mut tenant) = (0, false, (0, 0), Tenant::new(of_tenant));
    loop {
        let (piece, end) = match next(bytes, at, flavour) {
            Ok(next) => next,
            Err(why) => panic!("{}", why),
        };
        match piece {
            Piece::End => break,
            Piece::Word => {
                assert!(begun || is_first(bytes, (at, end)), "{}", BEGINS);
                let ends = is_word(bytes, (at, end), b"rollback") || is_word(bytes, (at, end), b"fail");
                assert!(!ends || !is_word(bytes, before, b"or"), "{}", SHARED);
                tenant = tenant.word(bytes, before, (at, end));
                (begun, before) = (true, (at, end));
            }
            Piece::Param if end == at + 7 && stands(bytes, at, b":tenant") => tenant = tenant.named(),
            _ => {}
        }
        at = end;
    }
    assert!(begun, "{}", BEGINS);
    tenant.check();
}

/// What a text of a tenant's rows has said so far.
#[derive(Clone, Copy)]
struct Tenant {
    wanted: bool,
    named: bool,
    /// It changes rows that are there.
    changes: bool,
    /// A condition has begun since, and whether it names the tenant.
    condition: bool,
    held: bool,
}

impl Tenant {
    const fn new(wanted: bool) -> Self {
        Self { wanted, named: false, changes: false, condition: false, held: false }
    }

    const fn named(self) -> Self {
        Self { named: true, held: self.held || self.condition, ..self }
    }

    #[track_caller]
    const fn word(self, text: &[u8], before: (usize, usize), word: (usize, usize)) -> Self {
        if is_word(text, word, b"where") {
            return Self { condition: true, ..self };
        }
        let overwrites = is_word(text, word, b"replace") && (before.1 == 0 || is_word(text, before, b"or"))
            || is_word(text, word, b"duplicate") && is_word(text, before, b"on");
        assert!(!self.wanted || !overwrites, "{}", TAKEN);
        let verb = is_word(text, word, b"update") || is_word(text, word, b"delete") || is_word(text, word, b"merge");
        let locks = is_word(text, before, b"for") || is_word(text, before, b"key") || is_word(text, before, b"on");
        if verb && !locks { Self { changes: true, condition: false, held: false, ..self } } else { self }
    }

    #[track_caller]
    const fn check(self) {
        assert!(!self.wanted || self.named, "{}", TENANT);
        assert!(!self.wanted || !self.changes || self.held, "{}", CHANGED);
    }
}

const fn is_first(text: &[u8], place: (usize, usize)) -> bool {
    let mut at = 0;
    while at < FIRST.len() {
        if is_word(text, place, FIRST[at]) {
            return true;
        }
        at += 1;
    }
    false
}

/// Words that write; not INSERT, which is a function, too, and is followed by INTO where it writes.
const WRITES: [&[u8]; 4] = [b"update", b"delete", b"merge", b"into"];

/// What stands before UPDATE where it says how rows are locked.
const LOCKS: [&[u8]; 2] = [b"for", b"key"];

/// Whether a text that has been checked reads and does nothing else, as far as its words say.
pub(crate) fn reads_alone((text, flavour): (&'static str, Flavour)) -> bool {
    let bytes = text.as_bytes();
    let among = |place, words: &[&[u8]]| words.iter().any(|word| is_word(bytes, place, word));
    let (mut at, mut before) = (0, None);
    while let Ok((piece, end)) = next(bytes, at, flavour) {
        let place = (std::mem::replace(&mut at, end), end);
        match (piece, before) {
            (Piece::End, _) => break,
            (Piece::Word, None) if !among(place, &FIRST[..3]) => return false,
            (Piece::Word, Some(before)) if among(place, &WRITES) && !among(before, &LOCKS) => return false,
            (Piece::Word, _) => before = Some(place),
            _ => {}
        }
    }
    true
}
