-- Times are microseconds since 1970, UTC. A tenant of '' means none. Metadata is JSON, NULL when there is none. Kinds:
-- 0 domain, 1 notification, 2 state transfer. Texts that are compared go by their bytes, whatever the database's collation.

-- A position is drawn when a row is inserted and seen when its transaction commits, so that holes may still be filled:
-- whoever reads the global order asks who is still inserting.
CREATE TABLE bw_event (
    position bigint   GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    version  bigint   NOT NULL,
    time     bigint   NOT NULL,
    checksum bigint   NOT NULL, -- of all other columns but the position
    message  uuid     NOT NULL,
    schema   bigint   NOT NULL,
    kind     smallint NOT NULL,
    tenant   text     COLLATE "C" NOT NULL,
    category text     COLLATE "C" NOT NULL,
    stream   text     COLLATE "C" NOT NULL,
    name     text     COLLATE "C" NOT NULL,
    key      text     COLLATE "C",
    metadata text,
    payload  bytea    NOT NULL,
    -- The stream first: most comparisons end there. All four are always given.
    CONSTRAINT bw_event_version UNIQUE (stream, category, tenant, version),
    CONSTRAINT bw_event_message UNIQUE (message)
);

CREATE FUNCTION bw_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME;
END $$;
CREATE TRIGGER bw_event_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON bw_event
    FOR EACH STATEMENT EXECUTE FUNCTION bw_append_only();

CREATE TABLE bw_outbox (
    seq      bigint   GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    time     bigint   NOT NULL,
    message  uuid     NOT NULL,
    schema   bigint   NOT NULL,
    kind     smallint NOT NULL,
    topic    text     NOT NULL,
    name     text     NOT NULL,
    key      text,
    metadata text,
    payload  bytea    NOT NULL
);

CREATE TABLE bw_inbox (
    message  uuid   NOT NULL,
    at       bigint NOT NULL,
    consumer text   COLLATE "C" NOT NULL,
    CONSTRAINT bw_inbox_message PRIMARY KEY (message, consumer)
);

CREATE TABLE bw_snapshot (
    version  bigint  NOT NULL,
    schema   bigint NOT NULL,
    tenant   text    COLLATE "C" NOT NULL,
    category text    COLLATE "C" NOT NULL,
    stream   text    COLLATE "C" NOT NULL,
    state    bytea   NOT NULL,
    PRIMARY KEY (stream, category, tenant)
);

CREATE TABLE bw_checkpoint (
    position bigint NOT NULL,
    name     text   COLLATE "C" PRIMARY KEY
);

-- Every write of a row takes the next revision, so that none comes twice, also for a row that was deleted.
CREATE SEQUENCE bw_revision;
CREATE TABLE bw_read_model (
    revision   bigint NOT NULL DEFAULT nextval('bw_revision'),
    generation bigint NOT NULL,
    tenant     text   COLLATE "C" NOT NULL,
    model      text   COLLATE "C" NOT NULL,
    key        text   COLLATE "C" NOT NULL,
    value      bytea  NOT NULL,
    CONSTRAINT bw_read_model_key PRIMARY KEY (model, generation, tenant, key)
) WITH (fillfactor = 90);

-- Which generation of a read model is live, and whose the model is. One that is not here has generation 0.
CREATE TABLE bw_model (
    live  bigint NOT NULL DEFAULT 0,
    model text   COLLATE "C" PRIMARY KEY,
    owner text   COLLATE "C" NOT NULL
);

CREATE TABLE bw_command (
    no           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    started_at   bigint NOT NULL,
    duration     bigint NOT NULL,
    id           uuid   NOT NULL,
    undo_of      uuid,
    undone_by    uuid,
    tenant       text   NOT NULL,
    actor        text,
    name         text   NOT NULL,
    metadata     text,
    input        text   NOT NULL,
    outcome      text   NOT NULL,
    error        text,
    undo_command text,
    undo_output  text,
    CONSTRAINT bw_command_id UNIQUE (id)
);

-- Transitions of entities, written with them as rows of theirs.
CREATE TABLE bw_transition_audit (
    id             uuid         PRIMARY KEY,
    correlation_id uuid,
    at             timestamptz  NOT NULL,
    version        bigint       NOT NULL,
    seq            bigint       NOT NULL,
    tenant         varchar(64)  COLLATE "C",
    entity_type    varchar(200) COLLATE "C" NOT NULL,
    entity_id      varchar(700) COLLATE "C" NOT NULL,
    machine        varchar(200) COLLATE "C" NOT NULL,
    transition     varchar(200) COLLATE "C" NOT NULL,
    from_state     varchar(700) COLLATE "C" NOT NULL,
    to_state       varchar(700) COLLATE "C" NOT NULL,
    actor          varchar(200) COLLATE "C",
    reason         varchar(4000) COLLATE "C"
);
CREATE INDEX bw_transition_audit_entity ON bw_transition_audit (tenant, entity_type, entity_id);
CREATE INDEX bw_transition_audit_at ON bw_transition_audit (at);
CREATE TRIGGER bw_transition_audit_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON bw_transition_audit
    FOR EACH STATEMENT EXECUTE FUNCTION bw_append_only();

-- Source: 0 outbox, 1 inbox of the consumer, 2 projection of that name. State: 0 failed, 1 behind, 2 requeued.
CREATE TABLE bw_dead (
    no        bigint   GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    parked_at bigint   NOT NULL,
    time      bigint   NOT NULL,
    message   uuid     NOT NULL,
    attempts  bigint   NOT NULL,
    schema    bigint   NOT NULL,
    source    smallint NOT NULL,
    state     smallint NOT NULL,
    kind      smallint NOT NULL,
    consumer  text     COLLATE "C" NOT NULL,
    topic     text     NOT NULL,
    code      text     NOT NULL,
    error     text     NOT NULL,
    name      text     NOT NULL,
    key       text,
    metadata  text,
    payload   bytea    NOT NULL,
    UNIQUE (message, source, consumer)
);

-- A lease that was given back has no holder.
CREATE TABLE bw_lease (
    fence    bigint NOT NULL,
    expires  bigint NOT NULL,
    resource text   COLLATE "C" PRIMARY KEY,
    holder   text
);
