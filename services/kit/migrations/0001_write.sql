-- migrate:up
-- The write protocol, the same in every service (docs/flows.md, "A command").
CREATE TABLE aggregate (
    id uuid PRIMARY KEY,
    kind text NOT NULL,
    revision bigint NOT NULL,           -- rises with every save; the etag
    version bigint NOT NULL DEFAULT 0,  -- rises with every published fact, 1..n without a gap
    state_hash bytea                    -- SHA-256 of the last published payload
);

CREATE TABLE idempotency_key (
    subject text NOT NULL,
    method text NOT NULL,
    request_id text NOT NULL,
    body_hash bytea NOT NULL,
    id uuid,
    revision bigint,
    version bigint,
    created_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (subject, method, request_id)
);
CREATE INDEX idempotency_key_age ON idempotency_key (created_at);

CREATE SEQUENCE outbox_sequence;

-- Column names follow Debezium's outbox event router, so that a city that runs Debezium can use it instead of the relay.
CREATE TABLE outbox (
    sequence bigint PRIMARY KEY,
    id uuid NOT NULL,
    aggregatetype text NOT NULL,
    aggregateid uuid NOT NULL,
    version bigint NOT NULL,
    type text NOT NULL,
    topic text NOT NULL,
    content_type text NOT NULL,
    payload bytea NOT NULL,
    correlation_id uuid NOT NULL,
    causation_id uuid NOT NULL,
    traceparent text NOT NULL DEFAULT '',
    "timestamp" timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE TABLE outbox_archive (
    LIKE outbox INCLUDING DEFAULTS,
    sent_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (sequence)
);
CREATE INDEX outbox_archive_aggregate ON outbox_archive (aggregateid, version);
CREATE INDEX outbox_archive_correlation ON outbox_archive (correlation_id);
CREATE INDEX outbox_archive_event ON outbox_archive (id);
CREATE INDEX outbox_aggregate ON outbox (aggregateid, version);

-- Locks the aggregate's row, compares its revision and only then draws the event's number, so that numbers follow commits.
-- Answers nothing where the revision is another one (0: where the aggregate exists already).
CREATE FUNCTION write_aggregate(
    p_id uuid, p_kind text, p_revision bigint, p_event_id uuid, p_type text, p_topic text, p_payload bytea,
    p_correlation_id uuid, p_causation_id uuid, p_traceparent text, OUT revision bigint, OUT version bigint
) RETURNS SETOF record LANGUAGE plpgsql AS $$
DECLARE
    published int := (p_type IS NOT NULL)::int;
BEGIN
    IF p_revision = 0 THEN
        INSERT INTO aggregate AS a (id, kind, revision, version, state_hash)
        VALUES (p_id, p_kind, 1, published, sha256(p_payload))
        ON CONFLICT (id) DO NOTHING
        RETURNING a.revision, a.version INTO revision, version;
    ELSE
        UPDATE aggregate AS a
        SET revision = a.revision + 1, version = a.version + published, state_hash = coalesce(sha256(p_payload), a.state_hash)
        WHERE a.id = p_id AND a.revision = p_revision
        RETURNING a.revision, a.version INTO revision, version;
    END IF;
    IF NOT FOUND THEN
        RETURN;
    END IF;
    IF published = 1 THEN
        INSERT INTO outbox (sequence, id, aggregatetype, aggregateid, version, type, topic, content_type, payload,
                            correlation_id, causation_id, traceparent)
        VALUES (nextval('outbox_sequence'), p_event_id, p_kind, p_id, version, p_type, p_topic, 'application/protobuf', p_payload,
                p_correlation_id, p_causation_id, p_traceparent);
    END IF;
    RETURN NEXT;
END $$;

-- migrate:down
