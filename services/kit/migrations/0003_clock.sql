-- migrate:up
-- What falls due, a row a clock; the rows follow the aggregate's state at every save (docs/flows.md, "A clock").
CREATE TABLE clock (
    aggregate_id uuid NOT NULL,
    name text NOT NULL,
    due_at timestamptz NOT NULL,
    next_try_at timestamptz NOT NULL,  -- later than due_at only where ringing it failed
    PRIMARY KEY (aggregate_id, name)
);
CREATE INDEX clock_next ON clock (next_try_at);
-- The answer that stands on an item, with the languages it is in; it comes with the decision.
ALTER TABLE agenda_decision ADD COLUMN answer jsonb, ADD COLUMN said jsonb;

-- migrate:down
