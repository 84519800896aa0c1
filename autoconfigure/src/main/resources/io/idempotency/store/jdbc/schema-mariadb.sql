CREATE TABLE IF NOT EXISTS idempotency_record (
    record_key  varchar(22) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    operation   varchar(255) CHARACTER SET utf8mb4 NOT NULL,
    status      smallint NOT NULL,
    owner_token bigint NOT NULL,
    fingerprint binary(16) NOT NULL,
    created_at  bigint NOT NULL,
    lease_until bigint NOT NULL,
    expires_at  bigint NOT NULL,
    result      longblob,
    PRIMARY KEY (record_key),
    KEY idempotency_record_expiry (expires_at)
) ENGINE = InnoDB;

CREATE TABLE IF NOT EXISTS idempotency_mark (
    stream_key    varchar(22) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    operation     varchar(255) CHARACTER SET utf8mb4 NOT NULL,
    mark_position bigint NOT NULL,
    advanced_at   bigint NOT NULL,
    PRIMARY KEY (stream_key)
) ENGINE = InnoDB;
