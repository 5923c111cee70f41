-- migrate:up
CREATE TABLE innovation_agenda (
    innovation_id uuid PRIMARY KEY,
    phase text NOT NULL,
    title text NOT NULL,
    summary text NOT NULL,
    language text NOT NULL,
    innovation_field text NOT NULL,
    discovery_source text NOT NULL,
    adopted_service text,
    adopted_source_id uuid,
    departments text[] NOT NULL,
    in_business_plan boolean NOT NULL,
    themes text[] NOT NULL,
    represented_groups text[] NOT NULL,
    district_code text,
    owner_type text,
    owner text,
    routing_rule_version int,
    routing_reason text,
    routing_overridden boolean,
    plan text,
    plan_language text,
    proposed_at timestamptz NOT NULL
);
CREATE INDEX innovation_agenda_newest ON innovation_agenda (proposed_at DESC, innovation_id DESC);

CREATE TABLE advice_note (
    advice_id uuid PRIMARY KEY,
    innovation_id uuid NOT NULL REFERENCES innovation_agenda,
    sector text NOT NULL,
    institution text NOT NULL,
    opinion text NOT NULL,
    language text NOT NULL,
    given_at timestamptz NOT NULL
);
CREATE INDEX advice_note_newest ON advice_note (given_at DESC, advice_id DESC);
CREATE INDEX advice_note_innovation ON advice_note (innovation_id, given_at DESC, advice_id DESC);

CREATE TABLE indicator (
    indicator_id uuid PRIMARY KEY,
    innovation_id uuid NOT NULL REFERENCES innovation_agenda,
    name text NOT NULL,
    unit text NOT NULL,
    baseline double precision NOT NULL,
    target double precision NOT NULL,
    method text NOT NULL,
    defined_at timestamptz NOT NULL,
    value double precision,
    period text,
    measured_by text,
    measured_at timestamptz
);
CREATE INDEX indicator_newest ON indicator (defined_at DESC, indicator_id DESC);
CREATE INDEX indicator_innovation ON indicator (innovation_id, defined_at DESC, indicator_id DESC);

CREATE TABLE workshop (
    workshop_id uuid PRIMARY KEY,
    quarter text NOT NULL,
    held_at timestamptz NOT NULL,
    participants jsonb NOT NULL,  -- [[sector, count], …]
    innovation_ids uuid[] NOT NULL,
    outputs jsonb NOT NULL        -- [{kind, innovation_id, note, language}, …]
);
CREATE INDEX workshop_newest ON workshop (held_at DESC, workshop_id DESC);

-- migrate:down
