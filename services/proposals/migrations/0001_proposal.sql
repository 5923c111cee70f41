-- migrate:up
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
    proposer_ref text NOT NULL  -- a person: never leaves this table
);
CREATE INDEX proposal_newest ON proposal (requested_at DESC, proposal_id DESC);
CREATE INDEX proposal_status ON proposal (status, requested_at DESC, proposal_id DESC);
CREATE INDEX proposal_department ON proposal (department, requested_at DESC, proposal_id DESC);

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
