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
    adopted_resolution_id uuid,
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
    proposed_at timestamptz NOT NULL,
    bounce_count int NOT NULL,
    owners jsonb NOT NULL,        -- [{routing, since}, …], the newest 50
    co_owners jsonb NOT NULL,     -- [{kind, name}, …], one of a kind at most
    phase_left text,
    set_aside_reason text NOT NULL
);
CREATE INDEX innovation_agenda_board ON innovation_agenda (phase, innovation_field);
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
    measured_at timestamptz,
    earlier jsonb NOT NULL,       -- [{value, period, measured_by, measured_at}, …], oldest first
    measured_every text,
    measurement_due_at timestamptz,
    missed_measurements int NOT NULL
);
CREATE INDEX indicator_newest ON indicator (defined_at DESC, indicator_id DESC);
CREATE INDEX indicator_innovation ON indicator (innovation_id, defined_at DESC, indicator_id DESC);

CREATE TABLE workshop (
    workshop_id uuid PRIMARY KEY,
    kind text NOT NULL,
    status text NOT NULL,
    quarter text NOT NULL,
    starts_at timestamptz NOT NULL,
    location text NOT NULL,
    held_at timestamptz,
    participants jsonb NOT NULL,  -- [[sector, count], …]
    innovation_ids uuid[] NOT NULL,
    outputs jsonb NOT NULL        -- [{kind, innovation_id, note, language}, …]
);
CREATE INDEX workshop_newest ON workshop (starts_at DESC, workshop_id DESC);
CREATE INDEX workshop_quarter ON workshop (quarter, kind, status);

CREATE TABLE workshop_series (
    series_id uuid PRIMARY KEY,
    quarter text NOT NULL,
    begun_at timestamptz NOT NULL,
    quarters_without text[] NOT NULL
);

CREATE TABLE diffusion_case (
    diffusion_id uuid PRIMARY KEY,
    innovation_id uuid NOT NULL REFERENCES innovation_agenda,
    innovation_field text NOT NULL,
    adopter text NOT NULL,
    adopter_kind text NOT NULL,
    scope text NOT NULL,
    evidence text NOT NULL,
    language text NOT NULL,
    adopted_at timestamptz NOT NULL,
    status text NOT NULL,
    recognition jsonb             -- {name, given_by, given_at}
);
CREATE INDEX diffusion_case_newest ON diffusion_case (adopted_at DESC, diffusion_id DESC);
CREATE INDEX diffusion_case_innovation ON diffusion_case (innovation_id, adopted_at DESC, diffusion_id DESC);
CREATE INDEX diffusion_case_library ON diffusion_case (scope, innovation_field, adopter_kind);

CREATE TABLE routing_rule (
    rule_id uuid PRIMARY KEY,
    version int NOT NULL UNIQUE,
    status text NOT NULL,
    owners jsonb NOT NULL,        -- {situation: owner type, …}
    reason text NOT NULL,
    proposed_at timestamptz NOT NULL,
    tried_at timestamptz,
    tried_against int NOT NULL,
    would_change int NOT NULL,
    activated_at timestamptz,
    retired_at timestamptz
);
-- One version is in force, whatever goes wrong elsewhere.
CREATE UNIQUE INDEX routing_rule_active ON routing_rule (status) WHERE status = 'active';

-- migrate:down
