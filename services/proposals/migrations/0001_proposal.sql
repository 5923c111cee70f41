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

-- migrate:down
