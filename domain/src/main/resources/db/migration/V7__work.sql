-- Owned by event-processor: work that events left behind because it may take long or fail for long, such as
-- a mail to be sent or a page to be fetched. A row is work that is not done yet. Whoever takes it sets due_at
-- to when it is anybody's again; what was given up is due never and stays with its problem.
CREATE TABLE work (
  kind       text NOT NULL,
  -- what it is about; a younger event about the same takes the place of an older one
  key        text NOT NULL,
  event_seq  bigint NOT NULL,
  payload    text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  due_at     timestamptz NOT NULL DEFAULT clock_timestamp(),
  attempts   integer NOT NULL DEFAULT 0,
  problem    text,
  PRIMARY KEY (kind, key)
);
CREATE INDEX work_due ON work (kind, due_at);
