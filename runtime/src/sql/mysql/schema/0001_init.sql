-- Times are microseconds since 1970, UTC. A tenant of '' means none. Metadata is JSON, NULL when there is none. Kinds:
-- 0 domain, 1 notification, 2 state transfer. Texts are bytes of UTF-8: no collation pads or folds what is compared.
-- The server commits each statement by itself, so each can be repeated.

-- Whoever writes takes its turn: the row is locked first and until COMMIT. It holds the last position and the last
-- revision that were given, and the mark of the last transaction, by which one whose answer was lost is known.
CREATE TABLE IF NOT EXISTS bw_turn (
    no       TINYINT       NOT NULL PRIMARY KEY,
    position BIGINT        NOT NULL,
    revision BIGINT        NOT NULL,
    mark     VARBINARY(16) NOT NULL
) ENGINE = InnoDB;
INSERT IGNORE INTO bw_turn (no, position, revision, mark) VALUES (1, 0, 0, '');

CREATE TABLE IF NOT EXISTS bw_event (
    position BIGINT         NOT NULL PRIMARY KEY,
    version  BIGINT         NOT NULL,
    time     BIGINT         NOT NULL,
    checksum BIGINT         NOT NULL, -- of all other columns but the position
    `schema` BIGINT         NOT NULL,
    kind     SMALLINT       NOT NULL,
    message  BINARY(16)     NOT NULL,
    tenant   VARBINARY(64)  NOT NULL,
    category VARBINARY(255) NOT NULL,
    stream   VARBINARY(255) NOT NULL,
    name     VARBINARY(255) NOT NULL,
    `key`    BLOB,
    metadata LONGBLOB,
    payload  LONGBLOB       NOT NULL,
    -- The stream first: most comparisons end there. All four are always given.
    CONSTRAINT bw_event_version UNIQUE (stream, category, tenant, version),
    CONSTRAINT bw_event_message UNIQUE (message)
) ENGINE = InnoDB ROW_FORMAT = DYNAMIC;

DROP TRIGGER IF EXISTS bw_event_no_update;
CREATE TRIGGER bw_event_no_update BEFORE UPDATE ON bw_event FOR EACH ROW
    SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'bw_event is append-only';
DROP TRIGGER IF EXISTS bw_event_no_delete;
CREATE TRIGGER bw_event_no_delete BEFORE DELETE ON bw_event FOR EACH ROW
    SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'bw_event is append-only';

CREATE TABLE IF NOT EXISTS bw_outbox (
    seq      BIGINT         NOT NULL PRIMARY KEY AUTO_INCREMENT,
    time     BIGINT         NOT NULL,
    `schema` BIGINT         NOT NULL,
    kind     SMALLINT       NOT NULL,
    message  BINARY(16)     NOT NULL,
    topic    VARBINARY(255) NOT NULL,
    name     VARBINARY(255) NOT NULL,
    `key`    BLOB,
    metadata LONGBLOB,
    payload  LONGBLOB       NOT NULL
) ENGINE = InnoDB ROW_FORMAT = DYNAMIC;

CREATE TABLE IF NOT EXISTS bw_inbox (
    message  BINARY(16)     NOT NULL,
    at       BIGINT         NOT NULL,
    consumer VARBINARY(255) NOT NULL,
    PRIMARY KEY (message, consumer)
) ENGINE = InnoDB ROW_FORMAT = DYNAMIC;

CREATE TABLE IF NOT EXISTS bw_snapshot (
    version  BIGINT         NOT NULL,
    `schema` BIGINT         NOT NULL,
    tenant   VARBINARY(64)  NOT NULL,
    category VARBINARY(255) NOT NULL,
    stream   VARBINARY(255) NOT NULL,
    state    LONGBLOB       NOT NULL,
    PRIMARY KEY (stream, category, tenant)
) ENGINE = InnoDB ROW_FORMAT = DYNAMIC;

CREATE TABLE IF NOT EXISTS bw_checkpoint (
    position BIGINT         NOT NULL,
    name     VARBINARY(255) NOT NULL PRIMARY KEY
) ENGINE = InnoDB ROW_FORMAT = DYNAMIC;

CREATE TABLE IF NOT EXISTS bw_read_model (
    revision   BIGINT          NOT NULL,
    generation BIGINT          NOT NULL,
    tenant     VARBINARY(64)   NOT NULL,
    model      VARBINARY(255)  NOT NULL,
    `key`      VARBINARY(1024) NOT NULL,
    value      LONGBLOB        NOT NULL,
    PRIMARY KEY (model, generation, tenant, `key`)
) ENGINE = InnoDB ROW_FORMAT = DYNAMIC;

-- Which generation of a read model is live, and whose the model is. One that is not here has generation 0.
CREATE TABLE IF NOT EXISTS bw_model (
    live  BIGINT         NOT NULL DEFAULT 0,
    model VARBINARY(255) NOT NULL PRIMARY KEY,
    owner VARBINARY(255) NOT NULL
) ENGINE = InnoDB ROW_FORMAT = DYNAMIC;

CREATE TABLE IF NOT EXISTS bw_command (
    no           BIGINT         NOT NULL PRIMARY KEY AUTO_INCREMENT,
    started_at   BIGINT         NOT NULL,
    duration     BIGINT         NOT NULL,
    id           BINARY(16)     NOT NULL,
    undo_of      BINARY(16),
    undone_by    BINARY(16),
    tenant       VARBINARY(255) NOT NULL,
    actor        LONGBLOB,
    name         VARBINARY(255) NOT NULL,
    metadata     LONGBLOB,
    input        LONGBLOB       NOT NULL,
    outcome      VARBINARY(16)  NOT NULL,
    error        LONGBLOB,
    undo_command LONGBLOB,
    undo_output  LONGBLOB,
    CONSTRAINT bw_command_id UNIQUE (id)
) ENGINE = InnoDB ROW_FORMAT = DYNAMIC;

-- Transitions of entities, written with them as rows of theirs, and of the same types.
CREATE TABLE IF NOT EXISTS bw_transition_audit (
    id             BINARY(16)   NOT NULL PRIMARY KEY,
    correlation_id BINARY(16),
    at             DATETIME(6)  NOT NULL,
    version        BIGINT       NOT NULL,
    seq            BIGINT       NOT NULL,
    tenant         VARCHAR(64),
    entity_type    VARCHAR(200) NOT NULL,
    entity_id      VARCHAR(700) NOT NULL,
    machine        VARCHAR(200) NOT NULL,
    transition     VARCHAR(200) NOT NULL,
    from_state     VARCHAR(700) NOT NULL,
    to_state       VARCHAR(700) NOT NULL,
    actor          VARCHAR(200),
    reason         LONGTEXT,
    KEY bw_transition_audit_entity (tenant, entity_type, entity_id(300)),
    KEY bw_transition_audit_at (at)
) ENGINE = InnoDB ROW_FORMAT = DYNAMIC DEFAULT CHARACTER SET utf8mb4 /*M! COLLATE utf8mb4_nopad_bin */ /*!80000 COLLATE utf8mb4_0900_bin */;
DROP TRIGGER IF EXISTS bw_transition_audit_no_update;
CREATE TRIGGER bw_transition_audit_no_update BEFORE UPDATE ON bw_transition_audit FOR EACH ROW
    SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'bw_transition_audit is append-only';
DROP TRIGGER IF EXISTS bw_transition_audit_no_delete;
CREATE TRIGGER bw_transition_audit_no_delete BEFORE DELETE ON bw_transition_audit FOR EACH ROW
    SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'bw_transition_audit is append-only';

-- Source: 0 outbox, 1 inbox of the consumer, 2 projection of that name. State: 0 failed, 1 behind, 2 requeued.
CREATE TABLE IF NOT EXISTS bw_dead (
    no        BIGINT         NOT NULL PRIMARY KEY AUTO_INCREMENT,
    parked_at BIGINT         NOT NULL,
    time      BIGINT         NOT NULL,
    attempts  BIGINT         NOT NULL,
    `schema`  BIGINT         NOT NULL,
    source    SMALLINT       NOT NULL,
    state     SMALLINT       NOT NULL,
    kind      SMALLINT       NOT NULL,
    message   BINARY(16)     NOT NULL,
    consumer  VARBINARY(255) NOT NULL,
    topic     VARBINARY(255) NOT NULL,
    code      VARBINARY(255) NOT NULL,
    name      VARBINARY(255) NOT NULL,
    error     LONGBLOB       NOT NULL,
    `key`     BLOB,
    metadata  LONGBLOB,
    payload   LONGBLOB       NOT NULL,
    CONSTRAINT bw_dead_message UNIQUE (message, source, consumer)
) ENGINE = InnoDB ROW_FORMAT = DYNAMIC;

-- A lease that was given back has no holder.
CREATE TABLE IF NOT EXISTS bw_lease (
    fence    BIGINT         NOT NULL,
    expires  BIGINT         NOT NULL,
    resource VARBINARY(255) NOT NULL PRIMARY KEY,
    holder   VARBINARY(255)
) ENGINE = InnoDB ROW_FORMAT = DYNAMIC;
