-- migrate:up
-- What every consumer keeps beside its effects (docs/flows.md, "An event").
CREATE TABLE consumer_offset (
    consumer text NOT NULL,
    topic text NOT NULL,
    partition int NOT NULL,
    next_offset bigint NOT NULL DEFAULT 0,
    cluster_id text NOT NULL DEFAULT '',  -- the Kafka cluster that the offset belongs to
    last_time timestamptz,                -- ce_time of the last record applied
    PRIMARY KEY (consumer, topic, partition)
);

CREATE TABLE dead_letter (
    letter_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    topic text NOT NULL,
    partition int NOT NULL,
    "offset" bigint NOT NULL,
    code text NOT NULL,
    reason text NOT NULL,
    headers jsonb NOT NULL,
    key bytea,
    value bytea,
    at timestamptz NOT NULL DEFAULT now(),
    UNIQUE (topic, partition, "offset")
);

-- What the agenda said of this service's sources. The person's history is derived from both, whichever came first.
CREATE TABLE agenda_link (
    link_id uuid NOT NULL,
    version bigint NOT NULL,
    agenda_id uuid NOT NULL,
    source_id uuid NOT NULL,
    relation text NOT NULL,
    removed boolean NOT NULL,
    event_type text NOT NULL,
    occurred_at timestamptz NOT NULL,
    PRIMARY KEY (link_id, version)
);
CREATE INDEX agenda_link_source ON agenda_link (source_id);
CREATE INDEX agenda_link_item ON agenda_link (agenda_id);
CREATE TABLE agenda_decision (
    agenda_id uuid NOT NULL,
    version bigint NOT NULL,
    event_type text NOT NULL,
    status text NOT NULL,
    owner text NOT NULL,
    occurred_at timestamptz NOT NULL,
    PRIMARY KEY (agenda_id, version)
);

-- migrate:down
