-- Requests that must have one effect however often they are sent: the key its sender gave, what was asked
-- for under it, and what was answered, written in the transaction of the effect.
CREATE TABLE idempotency_key (
  scope      text NOT NULL,
  key        text NOT NULL,
  request    bytea NOT NULL,
  answer     text,
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (scope, key)
);
CREATE INDEX idempotency_key_by_age ON idempotency_key USING brin (created_at);

CREATE TABLE charge (
  id         uuid PRIMARY KEY,
  reader_id  uuid NOT NULL,
  cents      bigint NOT NULL CHECK (cents > 0),
  currency   text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now()
);
