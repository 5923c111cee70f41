-- migrate:up
CREATE TABLE partner (
    partner_id uuid PRIMARY KEY,
    code text NOT NULL UNIQUE,
    name text NOT NULL,
    kind text NOT NULL,
    added_at timestamptz NOT NULL,
    status text NOT NULL,
    suspended_for text NOT NULL,
    designated_from date,
    designated_until date,
    programme text NOT NULL,
    contact_ref text NOT NULL,          -- never leaves the service
    event_types text[] NOT NULL,
    sources text[] NOT NULL,
    daily_events bigint NOT NULL,       -- 0: as the settings say
    daily_bytes bigint NOT NULL
);
CREATE INDEX partner_newest ON partner (added_at DESC, partner_id DESC);
CREATE INDEX partner_programme ON partner (programme, added_at DESC, partner_id DESC);
CREATE INDEX partner_designated ON partner (designated_from, designated_until) WHERE designated_from IS NOT NULL;

-- What counted on a day in Seoul, in the transaction that kept it.
CREATE TABLE partner_usage (
    partner text NOT NULL,
    day date NOT NULL,
    events bigint NOT NULL,
    bytes bigint NOT NULL,
    PRIMARY KEY (partner, day)
);

CREATE TABLE partner_key (
    key_id uuid PRIMARY KEY,
    partner text NOT NULL,
    label text NOT NULL,
    status text NOT NULL,
    hash bytea NOT NULL,                -- SHA-256 of the secret, which is kept nowhere
    made_at timestamptz NOT NULL,
    ends_at timestamptz,
    replaces uuid
);
CREATE INDEX partner_key_newest ON partner_key (made_at DESC, key_id DESC);
CREATE INDEX partner_key_partner ON partner_key (partner, made_at DESC, key_id DESC);

-- Every record of an inbox, one row each: what it was, and what became of it.
CREATE TABLE received_event (
    received_id uuid PRIMARY KEY,
    sequence bigint GENERATED ALWAYS AS IDENTITY UNIQUE,
    partner text NOT NULL,
    partition int NOT NULL,
    "offset" bigint NOT NULL,
    event_id text NOT NULL,             -- empty where it could not be read
    type text NOT NULL,
    subject text NOT NULL,
    event_time timestamptz,
    correlation_id uuid NOT NULL,
    cause_id uuid NOT NULL,
    outcome text NOT NULL,
    code text NOT NULL DEFAULT '',
    field text NOT NULL DEFAULT '',
    reason text NOT NULL DEFAULT '',
    service text NOT NULL DEFAULT '',   -- the owner it is for
    result_kind text,
    result_id uuid,
    body_hash bytea,
    value bytea,                        -- as it was sent, until it was accepted, so that a refused event can be sent again
    headers jsonb,
    mends uuid,                         -- the refused event that it was sent again for
    request bytea,                      -- what the owner is sent, the same bytes each time; dropped with the outcome
    lane uuid,                          -- events of one lane are handed over one after the other
    tries int NOT NULL DEFAULT 0,
    next_try_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    received_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    settled_at timestamptz
);
-- Only waiting and accepted events reserve their id: a refused one may be mended and sent again.
CREATE UNIQUE INDEX received_event_once ON received_event (partner, event_id) WHERE outcome IN ('waiting', 'accepted');
CREATE INDEX received_event_turn ON received_event (service, next_try_at, sequence) WHERE outcome = 'waiting';
CREATE INDEX received_event_lane ON received_event (lane, sequence) WHERE outcome = 'waiting';
CREATE UNIQUE INDEX received_event_mended_once ON received_event (mends) WHERE mends IS NOT NULL;
CREATE INDEX received_event_newest ON received_event (received_at DESC, received_id DESC);
CREATE INDEX received_event_partner ON received_event (partner, received_at DESC, received_id DESC);
CREATE INDEX received_event_outcome ON received_event (outcome, received_at DESC, received_id DESC);
CREATE INDEX received_event_event ON received_event (event_id) WHERE event_id <> '';
CREATE INDEX received_event_correlation ON received_event (correlation_id);
CREATE INDEX received_event_cause ON received_event (cause_id);
CREATE INDEX received_event_result ON received_event (result_id) WHERE outcome = 'accepted';

CREATE TABLE webhook (
    webhook_id uuid PRIMARY KEY,
    partner text NOT NULL,
    url text NOT NULL,
    event_types text[] NOT NULL,
    secret text NOT NULL,               -- signatures are made with it, so it is kept; it leaves in the answer that makes it only
    added_at timestamptz NOT NULL,
    status text NOT NULL,
    reason text NOT NULL,
    old_secret text NOT NULL,
    old_secret_ends_at timestamptz,
    gives_up_at timestamptz
);
CREATE INDEX webhook_newest ON webhook (added_at DESC, webhook_id DESC);
CREATE INDEX webhook_partner ON webhook (partner, added_at DESC, webhook_id DESC);

-- One fact on its way to one webhook.
CREATE TABLE delivery (
    delivery_id uuid PRIMARY KEY,
    webhook_id uuid NOT NULL,
    partner text NOT NULL,
    event_id uuid NOT NULL,
    event_type text NOT NULL,
    subject uuid NOT NULL,              -- what the fact is about
    body bytea NOT NULL,                -- as it is sent, the same bytes each time
    held_for uuid,                      -- the waiting event that the fact says it became of; it goes out or away with the outcome
    status text NOT NULL,
    tries int NOT NULL DEFAULT 0,
    status_code int NOT NULL DEFAULT 0,
    error text NOT NULL DEFAULT '',
    made_at timestamptz NOT NULL,
    next_try_at timestamptz,
    delivered_at timestamptz,
    UNIQUE (webhook_id, event_id)
);
CREATE INDEX delivery_turn ON delivery (webhook_id, next_try_at) WHERE status = 'waiting';
CREATE INDEX delivery_held ON delivery (held_for) WHERE held_for IS NOT NULL;
CREATE INDEX delivery_newest ON delivery (made_at DESC, delivery_id DESC);
CREATE INDEX delivery_partner ON delivery (partner, made_at DESC, delivery_id DESC);
CREATE INDEX delivery_webhook ON delivery (webhook_id, made_at DESC, delivery_id DESC);

-- What was decided about items of the agenda, as partners are sent it: a link that comes in later finds it here.
CREATE TABLE agenda_fact (
    event_id uuid PRIMARY KEY,
    agenda_id uuid NOT NULL,
    event_type text NOT NULL,
    at timestamptz NOT NULL,
    body bytea NOT NULL
);
CREATE INDEX agenda_fact_item ON agenda_fact (agenda_id, at);

-- migrate:down
