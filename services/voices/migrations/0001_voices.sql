-- migrate:up
CREATE TABLE mandate (
    mandate_id uuid PRIMARY KEY,
    status text NOT NULL,
    represented_group text NOT NULL,
    start_date date NOT NULL,
    end_date date,
    nominated_by text NOT NULL,
    nominated_at timestamptz NOT NULL,
    appointed_at timestamptz,
    renewals int NOT NULL,
    dismissal_reason text NOT NULL,
    person_ref text NOT NULL  -- a person: never leaves this table
);
CREATE INDEX mandate_newest ON mandate (nominated_at DESC, mandate_id DESC);

CREATE TABLE activity (
    activity_id uuid PRIMARY KEY,
    mandate_id uuid NOT NULL REFERENCES mandate,
    status text NOT NULL,
    activity_kind text NOT NULL,
    title text NOT NULL,
    starts_at timestamptz NOT NULL,
    ends_at timestamptz,
    location text NOT NULL,
    district_code text,
    host_department text NOT NULL,
    attendee_count int NOT NULL
);
CREATE INDEX activity_newest ON activity (starts_at DESC, activity_id DESC);
CREATE INDEX activity_mandate ON activity (mandate_id, starts_at DESC, activity_id DESC);

CREATE TABLE voice (
    voice_id uuid PRIMARY KEY,
    status text NOT NULL,
    activity_id uuid REFERENCES activity,
    mandate_id uuid REFERENCES mandate,
    represented_group text NOT NULL,
    text text,  -- none once the speaker took the consent back
    language text,
    themes text[] NOT NULL,
    consent text,
    sensitivity text,
    district_code text,
    raised_at timestamptz NOT NULL,
    relayed_at timestamptz,  -- none where it was never published
    answer jsonb,
    answered_at timestamptz,
    answering_department text,
    duplicate_of uuid REFERENCES voice,
    origin text NOT NULL
);
CREATE INDEX voice_duplicate ON voice (duplicate_of) WHERE duplicate_of IS NOT NULL;
CREATE INDEX voice_group ON voice (represented_group, raised_at DESC, voice_id DESC) WHERE relayed_at IS NOT NULL;
CREATE INDEX voice_newest ON voice (raised_at DESC, voice_id DESC);
CREATE INDEX voice_status ON voice (status, raised_at DESC, voice_id DESC);
CREATE INDEX voice_mandate ON voice (mandate_id, raised_at DESC, voice_id DESC);
CREATE INDEX voice_activity ON voice (activity_id, raised_at DESC, voice_id DESC);

CREATE TABLE group_watch (
    watch_id uuid PRIMARY KEY,
    represented_group text NOT NULL UNIQUE,
    quarter text NOT NULL,
    begun_at timestamptz NOT NULL
);

-- migrate:down
