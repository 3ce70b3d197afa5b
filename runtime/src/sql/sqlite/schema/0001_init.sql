-- Times are microseconds since 1970, UTC. A tenant of '' means none. Message ids are the 16 bytes of a UUID.
-- Metadata is JSON, NULL when there is none. Kinds: 0 domain, 1 notification, 2 state transfer.

-- Without AUTOINCREMENT, whose own table is one more page in each commit: a position is one above the highest, and as no
-- row is ever deleted, none comes twice.
CREATE TABLE bw_event (
    position INTEGER PRIMARY KEY,
    checksum INTEGER NOT NULL, -- of all other columns but the position
    tenant   TEXT    NOT NULL,
    category TEXT    NOT NULL,
    stream   TEXT    NOT NULL,
    version  INTEGER NOT NULL,
    message  BLOB    NOT NULL UNIQUE,
    name     TEXT    NOT NULL,
    schema   INTEGER NOT NULL,
    kind     INTEGER NOT NULL,
    time     INTEGER NOT NULL,
    key      TEXT,
    metadata TEXT,
    payload  BLOB    NOT NULL,
    -- The stream first: most comparisons end there. All four are always given.
    UNIQUE (stream, category, tenant, version)
) STRICT;

-- The log is only appended to; the positions rely on it. Triggers on UPDATE and DELETE cost an INSERT nothing.
CREATE TRIGGER bw_event_no_update BEFORE UPDATE ON bw_event
BEGIN SELECT RAISE(ABORT, 'bw_event is append-only'); END;
CREATE TRIGGER bw_event_no_delete BEFORE DELETE ON bw_event
BEGIN SELECT RAISE(ABORT, 'bw_event is append-only'); END;

CREATE TABLE bw_outbox (
    seq      INTEGER PRIMARY KEY AUTOINCREMENT,
    topic    TEXT    NOT NULL,
    message  BLOB    NOT NULL,
    name     TEXT    NOT NULL,
    schema   INTEGER NOT NULL,
    kind     INTEGER NOT NULL,
    time     INTEGER NOT NULL,
    key      TEXT,
    metadata TEXT,
    payload  BLOB    NOT NULL
) STRICT;

CREATE TABLE bw_inbox (
    consumer TEXT    NOT NULL,
    message  BLOB    NOT NULL,
    at       INTEGER NOT NULL,
    PRIMARY KEY (consumer, message)
) STRICT, WITHOUT ROWID;

CREATE TABLE bw_snapshot (
    tenant   TEXT    NOT NULL,
    category TEXT    NOT NULL,
    stream   TEXT    NOT NULL,
    version  INTEGER NOT NULL,
    schema   INTEGER NOT NULL,
    state    BLOB    NOT NULL,
    PRIMARY KEY (tenant, category, stream)
) STRICT;

CREATE TABLE bw_checkpoint (
    name     TEXT    NOT NULL PRIMARY KEY,
    position INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Which generation of a read model is live, and whose the model is. One that is not here has generation 0.
CREATE TABLE bw_model (
    model TEXT    NOT NULL PRIMARY KEY,
    owner TEXT    NOT NULL,
    live  INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;

-- With row numbers: a change rewrites the row and leaves the index of the keys alone.
CREATE TABLE bw_read_model (
    no         INTEGER PRIMARY KEY,
    model      TEXT    NOT NULL,
    generation INTEGER NOT NULL,
    tenant     TEXT    NOT NULL,
    key        TEXT    NOT NULL,
    revision   INTEGER NOT NULL,
    value      BLOB    NOT NULL,
    UNIQUE (model, generation, tenant, key)
) STRICT;

-- 'revision': no row of a read model that was deleted had a higher one; a row that comes anew begins above it. What is
-- told has the row's generation above 40 bits of this, so that no revision is that of another generation.
-- 'witness': counted up after a COMMIT in doubt, to overwrite what it left in the log.
CREATE TABLE bw_counter (
    name  TEXT    NOT NULL PRIMARY KEY,
    value INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO bw_counter (name, value) VALUES ('revision', 0), ('witness', 0);

CREATE TABLE bw_command (
    no           INTEGER PRIMARY KEY AUTOINCREMENT,
    id           BLOB    NOT NULL UNIQUE,
    tenant       TEXT    NOT NULL,
    actor        TEXT,
    name         TEXT    NOT NULL,
    metadata     TEXT,
    input        TEXT    NOT NULL,
    outcome      TEXT    NOT NULL,
    error        TEXT,
    started_at   INTEGER NOT NULL,
    duration     INTEGER NOT NULL,
    undo_command TEXT,
    undo_output  TEXT,
    undo_of      BLOB,
    undone_by    BLOB
) STRICT;

-- Transitions of entities, written with them as rows of theirs.
CREATE TABLE bw_transition_audit (
    id             BLOB    NOT NULL PRIMARY KEY,
    tenant         TEXT,
    entity_type    TEXT    NOT NULL,
    entity_id      TEXT    NOT NULL,
    machine        TEXT    NOT NULL,
    transition     TEXT    NOT NULL,
    from_state     TEXT    NOT NULL,
    to_state       TEXT    NOT NULL,
    actor          TEXT,
    correlation_id BLOB,
    reason         TEXT,
    at             INTEGER NOT NULL,
    version        INTEGER NOT NULL,
    seq            INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX bw_transition_audit_entity ON bw_transition_audit (tenant, entity_type, entity_id);
CREATE INDEX bw_transition_audit_at ON bw_transition_audit (at);
CREATE TRIGGER bw_transition_audit_no_update BEFORE UPDATE ON bw_transition_audit
BEGIN SELECT RAISE(ABORT, 'bw_transition_audit is append-only'); END;
CREATE TRIGGER bw_transition_audit_no_delete BEFORE DELETE ON bw_transition_audit
BEGIN SELECT RAISE(ABORT, 'bw_transition_audit is append-only'); END;

-- Source: 0 outbox, 1 inbox of the consumer, 2 projection of that name. State: 0 failed, 1 behind, 2 requeued.
CREATE TABLE bw_dead (
    no        INTEGER PRIMARY KEY AUTOINCREMENT,
    source    INTEGER NOT NULL,
    consumer  TEXT    NOT NULL,
    state     INTEGER NOT NULL,
    topic     TEXT    NOT NULL,
    attempts  INTEGER NOT NULL,
    code      TEXT    NOT NULL,
    error     TEXT    NOT NULL,
    parked_at INTEGER NOT NULL,
    message   BLOB    NOT NULL,
    name      TEXT    NOT NULL,
    schema    INTEGER NOT NULL,
    kind      INTEGER NOT NULL,
    time      INTEGER NOT NULL,
    key       TEXT,
    metadata  TEXT,
    payload   BLOB    NOT NULL,
    UNIQUE (source, consumer, message)
) STRICT;

-- A lease that was given back has no holder.
CREATE TABLE bw_lease (
    resource TEXT    NOT NULL PRIMARY KEY,
    holder   TEXT,
    fence    INTEGER NOT NULL,
    expires  INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
