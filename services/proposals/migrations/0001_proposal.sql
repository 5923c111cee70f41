-- migrate:up
-- What is like what: trigrams of titles and questions (the module is trusted, so that the database's owner may make it).
CREATE EXTENSION IF NOT EXISTS pg_trgm;

CREATE TABLE proposal (
    proposal_id uuid PRIMARY KEY,
    status text NOT NULL,
    channel text NOT NULL,
    title text NOT NULL,
    description text NOT NULL,
    language text NOT NULL,
    requested_at timestamptz NOT NULL,
    case_kind text,
    service_code text NOT NULL,
    represented_groups text[] NOT NULL,
    themes text[] NOT NULL,
    innovation_field text,
    district_code text,
    supports int NOT NULL,
    department text,
    due_on date,
    answer jsonb,
    follow_up jsonb,
    resolution text,
    overdue boolean NOT NULL,
    origin text NOT NULL,
    routing jsonb NOT NULL,
    bounce_count int NOT NULL,
    extensions jsonb NOT NULL,
    interim_replies jsonb NOT NULL,
    earlier_answers jsonb NOT NULL,
    earlier_follow_ups jsonb NOT NULL,
    first_answered_at timestamptz,
    at_once boolean NOT NULL,
    was_late boolean NOT NULL,
    merged_into uuid,
    merged uuid[] NOT NULL,
    transferred_to text NOT NULL,
    end_reason text NOT NULL,
    obliged_until date,
    obligation_missed boolean NOT NULL,
    flag jsonb,
    proposer_ref text NOT NULL  -- a person: never leaves this table
);
CREATE INDEX proposal_newest ON proposal (requested_at DESC, proposal_id DESC);
CREATE INDEX proposal_status ON proposal (status, requested_at DESC, proposal_id DESC);
CREATE INDEX proposal_department ON proposal (department, requested_at DESC, proposal_id DESC);
CREATE INDEX proposal_channel ON proposal (channel, requested_at DESC, proposal_id DESC);
CREATE INDEX proposal_kind ON proposal (case_kind, requested_at DESC, proposal_id DESC);
CREATE INDEX proposal_service ON proposal (service_code, requested_at DESC, proposal_id DESC);
CREATE INDEX proposal_overdue ON proposal (requested_at DESC, proposal_id DESC) WHERE overdue;
CREATE INDEX proposal_late ON proposal (requested_at DESC, proposal_id DESC) WHERE was_late;
CREATE INDEX proposal_obliged ON proposal (requested_at DESC, proposal_id DESC) WHERE obliged_until IS NOT NULL;
CREATE INDEX proposal_bounced ON proposal (requested_at DESC, proposal_id DESC) WHERE bounce_count > 0;
CREATE INDEX proposal_flagged ON proposal (requested_at DESC, proposal_id DESC) WHERE flag IS NOT NULL;
CREATE INDEX proposal_answered_title ON proposal USING gin (title gin_trgm_ops) WHERE answer IS NOT NULL AND merged_into IS NULL;

-- Who supports what, so that everybody counts once.
CREATE TABLE support (
    proposal_id uuid NOT NULL REFERENCES proposal,
    supporter_ref text NOT NULL,  -- a person: never leaves this table
    supported_at timestamptz NOT NULL,
    PRIMARY KEY (proposal_id, supporter_ref)
);

CREATE TABLE coordination_meeting (
    meeting_id uuid PRIMARY KEY,
    departments text[] NOT NULL,
    decisions jsonb NOT NULL,
    held_at timestamptz NOT NULL
);
CREATE INDEX coordination_meeting_newest ON coordination_meeting (held_at DESC, meeting_id DESC);

CREATE TABLE knowledge_entry (
    knowledge_id uuid PRIMARY KEY,
    status text NOT NULL,
    question text NOT NULL,
    answer text NOT NULL,
    language text NOT NULL,
    service_code text NOT NULL,
    department text NOT NULL,
    drafted_at timestamptz NOT NULL,
    proposal_id uuid,
    retired_reason text NOT NULL
);
CREATE INDEX knowledge_entry_newest ON knowledge_entry (drafted_at DESC, knowledge_id DESC);
CREATE INDEX knowledge_entry_question ON knowledge_entry USING gin (question gin_trgm_ops) WHERE status = 'confirmed';

CREATE TABLE town_project (
    project_id uuid PRIMARY KEY,
    status text NOT NULL,
    town_project_type text NOT NULL,
    title text NOT NULL,
    description text NOT NULL,
    language text NOT NULL,
    year int NOT NULL,
    proposed_at timestamptz NOT NULL,
    district_code text,
    department text,
    continues_id uuid,
    residents int NOT NULL,
    budget bigint NOT NULL,
    grant_won bigint NOT NULL,
    own_share bigint NOT NULL,
    inspection jsonb,
    sheets jsonb NOT NULL,  -- with the reviewers, who are persons: they never leave this table
    rejection_reason jsonb,
    agreement jsonb,
    report jsonb,
    report_overdue boolean NOT NULL,
    settlement_due_on date,
    settlement jsonb,
    settlement_overdue boolean NOT NULL,
    proposer_ref text NOT NULL,  -- a person: never leaves this table, nor do the next two
    resident_refs text[] NOT NULL,
    counsellor_ref text NOT NULL
);
CREATE INDEX town_project_newest ON town_project (proposed_at DESC, project_id DESC);
CREATE INDEX town_project_board ON town_project (year, town_project_type, status);
CREATE INDEX town_project_status ON town_project (status, proposed_at DESC, project_id DESC);
CREATE INDEX town_project_department ON town_project (department, proposed_at DESC, project_id DESC);
CREATE INDEX town_project_overdue ON town_project (proposed_at DESC, project_id DESC) WHERE report_overdue OR settlement_overdue;

-- migrate:down
