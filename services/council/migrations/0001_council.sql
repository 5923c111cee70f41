-- migrate:up
CREATE TABLE council (
    council_id uuid PRIMARY KEY,
    name text NOT NULL,
    formed_at timestamptz NOT NULL,
    term_start date,
    term_end date,
    members jsonb NOT NULL,  -- people: references never leave this table
    former boolean NOT NULL,
    origin text NOT NULL,
    classification text NOT NULL,
    memberships jsonb NOT NULL,  -- people of an archive: references never leave this table
    term int NOT NULL,
    past_terms jsonb NOT NULL,
    subcommittees text[] NOT NULL,
    standing_items text[] NOT NULL,
    changed_at timestamptz
);
CREATE INDEX council_newest ON council (formed_at DESC, council_id DESC);

CREATE TABLE meeting (
    meeting_id uuid PRIMARY KEY,
    council_id uuid NOT NULL REFERENCES council,
    council_name text NOT NULL,
    name text NOT NULL,
    meeting_type text NOT NULL,
    starts_at timestamptz NOT NULL,
    ends_at timestamptz,  -- unknown where null
    location text NOT NULL,
    status text NOT NULL,
    attendance int,
    quorum_needed int,
    quorum_present int,
    cancellation_reason text NOT NULL,
    origin text NOT NULL,
    postponement_reason text NOT NULL,
    invite_by timestamptz,
    invitation_late boolean NOT NULL,
    presence jsonb NOT NULL  -- people: references never leave this table
);
CREATE INDEX meeting_newest ON meeting (starts_at DESC, meeting_id DESC);
CREATE INDEX meeting_council ON meeting (council_id, starts_at DESC, meeting_id DESC);

-- One slot a quarter for a council's meetings of one type.
CREATE TABLE meeting_series (
    series_id uuid PRIMARY KEY,
    council_id uuid NOT NULL REFERENCES council,
    council_name text NOT NULL,
    meeting_type text NOT NULL,
    first_quarter text NOT NULL,
    watched_quarter text NOT NULL,
    started_at timestamptz NOT NULL,
    status text NOT NULL,
    last_quarter text NOT NULL
);
CREATE INDEX meeting_series_newest ON meeting_series (started_at DESC, series_id DESC);
CREATE INDEX meeting_series_council ON meeting_series (council_id, meeting_type);

-- What belongs to a meeting keeps the names and the start of it; only a postponed meeting's items get another start.
CREATE TABLE agenda_item (
    item_id uuid PRIMARY KEY,
    meeting_id uuid NOT NULL REFERENCES meeting,
    council_id uuid NOT NULL,
    meeting_name text NOT NULL,
    council_name text NOT NULL,
    meeting_start timestamptz NOT NULL,
    number text NOT NULL,
    place int NOT NULL,
    name text NOT NULL,
    text text,  -- none where there is only a name
    language text,
    public boolean NOT NULL,
    result text NOT NULL,
    result_original text NOT NULL,
    votes jsonb,
    resolution_text text,
    resolution_language text,
    presenter_role text NOT NULL,
    matters uuid[] NOT NULL,
    themes text[] NOT NULL,
    represented_groups text[] NOT NULL,
    district_code text,
    origin text NOT NULL,
    documents jsonb NOT NULL,
    presenter_ref text NOT NULL,  -- a person: never leaves this table
    carried_from uuid REFERENCES agenda_item,
    decided_at timestamptz
);
CREATE INDEX agenda_item_open ON agenda_item (council_id) WHERE result IN ('undecided', 'deferred');
CREATE INDEX agenda_item_carried ON agenda_item (carried_from);
CREATE INDEX agenda_item_meeting ON agenda_item (meeting_id, place, item_id);

CREATE TABLE minutes (
    minutes_id uuid PRIMARY KEY,
    meeting_id uuid NOT NULL REFERENCES meeting,
    council_id uuid NOT NULL,
    meeting_name text NOT NULL,
    council_name text NOT NULL,
    meeting_start timestamptz NOT NULL,
    language text NOT NULL,
    started_at timestamptz NOT NULL,
    status text NOT NULL,
    parts jsonb NOT NULL,  -- words and private spans
    edition int NOT NULL,
    correction_reason text NOT NULL,
    approved_at timestamptz,
    published_at timestamptz,
    due_on date,
    late boolean NOT NULL
);
CREATE INDEX minutes_newest ON minutes (started_at DESC, minutes_id DESC);
CREATE INDEX minutes_meeting ON minutes (meeting_id);
CREATE INDEX minutes_council ON minutes (council_id, started_at DESC, minutes_id DESC);

-- Every edition that was public stays readable.
CREATE TABLE minutes_edition (
    minutes_id uuid NOT NULL REFERENCES minutes,
    edition int NOT NULL,
    parts jsonb NOT NULL,
    correction_reason text NOT NULL,
    published_at timestamptz NOT NULL,
    PRIMARY KEY (minutes_id, edition)
);

-- What those who attended would change in a draft: never published.
CREATE TABLE suggestion (
    suggestion_id uuid PRIMARY KEY,
    minutes_id uuid NOT NULL REFERENCES minutes,
    council_id uuid NOT NULL,
    part text NOT NULL,
    text text NOT NULL,
    language text NOT NULL,
    made_at timestamptz NOT NULL,
    seen text NOT NULL,
    status text NOT NULL,
    reason text NOT NULL,
    settled_at timestamptz,
    by_ref text NOT NULL  -- a person: never leaves this table
);
CREATE INDEX suggestion_newest ON suggestion (made_at DESC, suggestion_id DESC);
CREATE INDEX suggestion_minutes ON suggestion (minutes_id, made_at DESC, suggestion_id DESC);
CREATE INDEX suggestion_council ON suggestion (council_id, made_at DESC, suggestion_id DESC);

CREATE TABLE translation (
    translation_id uuid PRIMARY KEY,
    minutes_id uuid NOT NULL REFERENCES minutes,
    meeting_id uuid NOT NULL,
    council_id uuid NOT NULL,
    meeting_name text NOT NULL,
    council_name text NOT NULL,
    meeting_start timestamptz NOT NULL,
    language text NOT NULL,
    started_at timestamptz NOT NULL,
    status text NOT NULL,
    parts jsonb NOT NULL,
    published_at timestamptz
);
CREATE INDEX translation_newest ON translation (started_at DESC, translation_id DESC);
CREATE INDEX translation_minutes ON translation (minutes_id, started_at DESC, translation_id DESC);

CREATE TABLE resolution (
    resolution_id uuid PRIMARY KEY,
    meeting_id uuid NOT NULL REFERENCES meeting,
    council_id uuid NOT NULL,
    meeting_name text NOT NULL,
    council_name text NOT NULL,
    meeting_start timestamptz NOT NULL,
    item_id uuid REFERENCES agenda_item,
    kind text NOT NULL,
    text text NOT NULL,
    language text NOT NULL,
    public boolean NOT NULL,
    matters uuid[] NOT NULL,
    status text NOT NULL,
    reply_due_on date,
    reply_late boolean NOT NULL,
    reply jsonb
);
CREATE INDEX resolution_newest ON resolution (meeting_start DESC, resolution_id DESC);
CREATE INDEX resolution_meeting ON resolution (meeting_id, meeting_start DESC, resolution_id DESC);
CREATE INDEX resolution_council ON resolution (council_id, meeting_start DESC, resolution_id DESC);
CREATE INDEX resolution_status ON resolution (status, meeting_start DESC, resolution_id DESC);

CREATE TABLE action_item (
    action_id uuid PRIMARY KEY,
    meeting_id uuid NOT NULL REFERENCES meeting,
    council_id uuid NOT NULL,
    meeting_name text NOT NULL,
    council_name text NOT NULL,
    meeting_start timestamptz NOT NULL,
    item_id uuid REFERENCES agenda_item,
    task text NOT NULL,
    language text NOT NULL,
    public boolean NOT NULL,
    department text NOT NULL,
    due_on date NOT NULL,
    status text NOT NULL,
    done_at timestamptz,
    overdue boolean NOT NULL,
    carried int NOT NULL,
    carried_to uuid REFERENCES meeting
);
CREATE INDEX action_item_newest ON action_item (meeting_start DESC, action_id DESC);
CREATE INDEX action_item_council ON action_item (council_id, meeting_start DESC, action_id DESC);
CREATE INDEX action_item_department ON action_item (department, meeting_start DESC, action_id DESC);
CREATE INDEX action_item_meeting ON action_item (meeting_id, meeting_start DESC, action_id DESC);

-- migrate:down
