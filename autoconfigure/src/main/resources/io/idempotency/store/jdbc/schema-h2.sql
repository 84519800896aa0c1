CREATE TABLE IF NOT EXISTS idempotency_record (
    record_key  varchar_casesensitive(22) NOT NULL,
    operation   varchar(255) NOT NULL,
    status      smallint NOT NULL,
    owner_token bigint NOT NULL,
    fingerprint binary(16) NOT NULL,
    created_at  bigint NOT NULL,
    lease_until bigint NOT NULL,
    expires_at  bigint NOT NULL,
    result      binary large object,
    PRIMARY KEY (record_key)
);

CREATE INDEX IF NOT EXISTS idempotency_record_expiry ON idempotency_record (expires_at);

CREATE TABLE IF NOT EXISTS idempotency_mark (
    stream_key    varchar_casesensitive(22) NOT NULL,
    operation     varchar(255) NOT NULL,
    mark_position bigint NOT NULL,
    advanced_at   bigint NOT NULL,
    PRIMARY KEY (stream_key)
);
