-- migrate:up
-- What officers decided: authoritative, like every service's own tables.
CREATE TABLE agenda_item (
    agenda_id uuid PRIMARY KEY,
    title text NOT NULL,
    summary text NOT NULL,
    language text NOT NULL,
    status text NOT NULL,
    owner text,
    themes text[] NOT NULL,
    due_on date,
    opened_at timestamptz NOT NULL,
    answer jsonb,
    interim_reply jsonb,
    merged_into uuid REFERENCES agenda_item,
    moved_links uuid[] NOT NULL,
    shared_links uuid[] NOT NULL,
    split_from uuid REFERENCES agenda_item,
    plan_tasks text[] NOT NULL,
    owned_at timestamptz,
    first_answered_at timestamptz,
    decided_at timestamptz,
    measured_at timestamptz,
    missed_on date
);
CREATE TABLE source_link (
    link_id uuid PRIMARY KEY,
    agenda_id uuid NOT NULL REFERENCES agenda_item,
    service text NOT NULL,
    source_id uuid NOT NULL,
    relation text NOT NULL,
    confidence double precision NOT NULL,
    removed boolean NOT NULL,
    linked_by text NOT NULL,
    linked_at timestamptz NOT NULL
);
CREATE INDEX source_link_live ON source_link (agenda_id) WHERE NOT removed;
CREATE INDEX agenda_item_into ON agenda_item (merged_into) WHERE merged_into IS NOT NULL;
CREATE TABLE agenda_view (
    view_id uuid PRIMARY KEY,
    name text NOT NULL UNIQUE,
    description text NOT NULL,
    filter jsonb NOT NULL,
    saved_at timestamptz NOT NULL,
    removed_at timestamptz
);

CREATE TABLE plan (
    plan_id uuid PRIMARY KEY,
    code text NOT NULL UNIQUE,
    title jsonb NOT NULL,
    from_year int NOT NULL,
    to_year int NOT NULL,
    nodes jsonb NOT NULL,
    imported_at timestamptz NOT NULL
);

CREATE TABLE index (
    index_id uuid PRIMARY KEY,
    code text NOT NULL UNIQUE,
    definition jsonb NOT NULL,
    index_values jsonb NOT NULL,
    imported_at timestamptz NOT NULL
);
CREATE TABLE index_review (
    review_id uuid PRIMARY KEY,
    index text NOT NULL,
    indicator text NOT NULL,
    period text NOT NULL,
    opened_value double precision NOT NULL,
    opened_at timestamptz NOT NULL,
    status text NOT NULL,
    cause text,
    reason text NOT NULL,
    concluded_by text NOT NULL,
    concluded_at timestamptz
);
CREATE INDEX index_review_newest ON index_review (opened_at DESC, review_id DESC);
CREATE TABLE theme (
    theme_id uuid PRIMARY KEY,
    word text NOT NULL,
    first_day date NOT NULL,                        -- of its window
    other_words text[] NOT NULL,
    sources int NOT NULL,
    counts jsonb NOT NULL,
    before int[] NOT NULL,
    evidence jsonb NOT NULL,
    raised_at timestamptz NOT NULL,
    status text NOT NULL,
    reason text NOT NULL
);
CREATE INDEX theme_newest ON theme (raised_at DESC, theme_id DESC);
CREATE INDEX theme_window ON theme (first_day);

-- Words by window: a function of the log of its own, with offsets of its own. Emptied, it is filled again from the log's beginning.
CREATE SCHEMA themes;

-- One row for each source of the four services, written by a newer version of its aggregate only.
CREATE TABLE themes.theme_source (
    agenda_id uuid PRIMARY KEY,
    version bigint NOT NULL,
    service text NOT NULL,
    source_id uuid NOT NULL,
    window_start date NOT NULL,
    raised_at timestamptz NOT NULL,
    words text[] NOT NULL,
    gone boolean NOT NULL                           -- taken back: it counts nowhere
);
CREATE INDEX theme_source_window ON themes.theme_source (window_start) WHERE NOT gone;

-- How many sources have a word: what a count over theme_source would say. No row where that is none.
CREATE TABLE themes.theme_window (
    window_start date NOT NULL,
    word text NOT NULL,
    service text NOT NULL,
    sources int NOT NULL,
    PRIMARY KEY (window_start, word, service)
);
CREATE INDEX theme_window_word ON themes.theme_window (word, window_start);

-- Windows that have changed since they were last judged, or are held against one that has.
CREATE TABLE themes.theme_due (
    window_start date PRIMARY KEY,
    since timestamptz NOT NULL DEFAULT clock_timestamp(),
    changed_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE TABLE themes.consumer_offset (LIKE consumer_offset INCLUDING ALL);

-- The projection: a function of the log, which a rebuild replaces as a whole. Its processes name these tables without a schema.
CREATE SCHEMA store;

CREATE TABLE store.event (
    aggregate_id uuid NOT NULL,
    version bigint NOT NULL,
    event_id uuid NOT NULL,
    service text NOT NULL,
    type text NOT NULL,
    occurred_at timestamptz NOT NULL,
    committed_at timestamptz NOT NULL,
    correlation_id uuid NOT NULL,
    causation_id uuid NOT NULL,
    payload bytea NOT NULL,
    about uuid[] NOT NULL,                          -- the sources that it concerns, where its aggregate is none itself
    PRIMARY KEY (aggregate_id, version)
);
CREATE INDEX event_about ON store.event USING gin (about) WHERE about <> '{}';

-- One row for each source, its own candidate, and one for each item that officers opened; no row is both.
-- `own_` columns are what the row's aggregate says, under its version; the derived ones follow from rows alone.
CREATE TABLE store.agenda_item (
    agenda_id uuid PRIMARY KEY,
    source_version bigint NOT NULL DEFAULT 0,
    decision_version bigint NOT NULL DEFAULT 0,
    service text,
    source_id uuid,
    source_status text NOT NULL DEFAULT '',
    gone boolean NOT NULL DEFAULT false,            -- taken back by whoever raised it
    status text NOT NULL DEFAULT 'candidate',
    title text NOT NULL DEFAULT '',
    body text NOT NULL DEFAULT '',
    owner text NOT NULL DEFAULT '',
    own_tags text[] NOT NULL DEFAULT '{}',
    own_due_on date NOT NULL DEFAULT 'infinity',
    own_raised_at timestamptz,
    own_at timestamptz,
    own_committed_at timestamptz,
    merged_into uuid,                               -- whoever asks for this item is led there
    split_from uuid,
    own_owned_at timestamptz,                       -- somebody answers for it
    own_answered_at timestamptz,
    own_decided_at timestamptz,
    own_measured_at timestamptz,
    -- derived
    part_of uuid,
    shown boolean NOT NULL DEFAULT false,
    tags text[] NOT NULL DEFAULT '{}',
    due_on date NOT NULL DEFAULT 'infinity',
    first_raised_at timestamptz,
    last_event_at timestamptz,
    changed_at timestamptz,                         -- when the newest of the facts that it follows from was committed
    version bigint NOT NULL DEFAULT 0,              -- of the item as a whole: the sum of the versions that it follows from
    owned_at timestamptz,
    answered_at timestamptz,
    decided_at timestamptz,
    measured_at timestamptz
);
CREATE INDEX agenda_item_newest ON store.agenda_item (first_raised_at DESC, agenda_id DESC) WHERE shown;
-- These two for items and for sources.
CREATE INDEX agenda_item_last_event ON store.agenda_item (last_event_at DESC, agenda_id DESC);
CREATE INDEX agenda_item_due ON store.agenda_item (due_on, agenda_id);
CREATE INDEX agenda_item_decided ON store.agenda_item (status, first_raised_at DESC, agenda_id DESC) WHERE shown AND status <> 'candidate';
CREATE INDEX agenda_item_owner ON store.agenda_item (owner, first_raised_at DESC, agenda_id DESC) WHERE shown AND owner <> '';
CREATE INDEX agenda_item_tags ON store.agenda_item USING gin (tags);
CREATE INDEX agenda_item_owned_at ON store.agenda_item (owned_at) WHERE owned_at IS NOT NULL;
CREATE INDEX agenda_item_answered_at ON store.agenda_item (answered_at) WHERE answered_at IS NOT NULL;
CREATE INDEX agenda_item_decided_at ON store.agenda_item (decided_at) WHERE decided_at IS NOT NULL;
CREATE INDEX agenda_item_measured_at ON store.agenda_item (measured_at) WHERE measured_at IS NOT NULL;
CREATE INDEX agenda_item_part_of ON store.agenda_item (part_of) WHERE part_of IS NOT NULL;
CREATE INDEX agenda_item_merged ON store.agenda_item (merged_into) WHERE merged_into IS NOT NULL;
CREATE INDEX agenda_item_changed ON store.agenda_item USING brin (changed_at) WITH (pages_per_range = 16);
-- Sources one by one, whether they are part of an item or not.
CREATE INDEX agenda_item_source ON store.agenda_item (first_raised_at DESC, agenda_id DESC) WHERE source_version > 0 AND NOT gone AND service <> 'themes';
CREATE INDEX agenda_item_source_answered ON store.agenda_item (first_raised_at DESC, agenda_id DESC)
    WHERE source_version > 0 AND NOT gone AND service <> 'themes' AND (answered_at IS NOT NULL OR part_of IS NOT NULL);

CREATE TABLE store.source_link (
    link_id uuid PRIMARY KEY,
    version bigint NOT NULL,
    agenda_id uuid NOT NULL,
    source_item uuid NOT NULL,                      -- the source's row in agenda_item
    service text NOT NULL,
    source_id uuid NOT NULL,
    relation text NOT NULL,
    confidence double precision NOT NULL,
    removed boolean NOT NULL,
    linked_by text NOT NULL,
    linked_at timestamptz NOT NULL,
    committed_at timestamptz NOT NULL
);
CREATE INDEX source_link_item ON store.source_link (agenda_id);
CREATE INDEX source_link_source ON store.source_link (source_item);

CREATE TABLE store.consumer_offset (
    LIKE consumer_offset INCLUDING ALL,
    applied bigint NOT NULL DEFAULT 0,
    duplicates bigint NOT NULL DEFAULT 0
);
CREATE TABLE store.dead_letter (LIKE dead_letter INCLUDING ALL);

CREATE TABLE store.version_gap (
    aggregate_id uuid NOT NULL,
    from_version bigint NOT NULL,
    to_version bigint NOT NULL,
    service text NOT NULL,
    state text NOT NULL DEFAULT 'open',             -- open, asked, unrepairable
    noticed_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    asked_at timestamptz,
    PRIMARY KEY (aggregate_id, from_version, to_version)
);

-- A topic is held while one of its rows is not released. What can't be read below `released_to` becomes dead letters.
CREATE TABLE store.topic_hold (
    topic text NOT NULL,
    partition int NOT NULL,
    reason text NOT NULL,
    held_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    released_at timestamptz,
    released_to bigint NOT NULL DEFAULT 0,
    PRIMARY KEY (topic, partition)
);

-- No key on purpose: writers only append, and a reader that deletes what it takes loses nothing.
CREATE TABLE store.search_todo (
    agenda_id uuid NOT NULL,
    at timestamptz NOT NULL DEFAULT clock_timestamp()
);
-- Likewise: what must be told on madang.agenda.items.v1.
CREATE TABLE store.item_todo (agenda_id uuid NOT NULL);
CREATE TABLE store.agenda_search (
    agenda_id uuid PRIMARY KEY,
    folded text NOT NULL DEFAULT '',
    grams bigint[] NOT NULL DEFAULT '{}'
);
CREATE INDEX agenda_search_grams ON store.agenda_search USING gin (grams) WITH (gin_pending_list_limit = 16384);

CREATE TABLE store.progress (
    name text PRIMARY KEY,
    at timestamptz NOT NULL,                        -- the heartbeat
    as_of timestamptz NOT NULL,                     -- everything that stood in the log at this moment is held
    behind bigint NOT NULL
);

-- migrate:down
