-- The outbox is carried by four relays, each with the keys of its shard; the number is fixed here so
-- that no two nodes can think differently of it. `Shards.of` computes the same.
--
-- xid is the transaction that wrote the event: rows of transactions that were still running at a look
-- can be told from those that were over, whatever the order of their places (docs/adr/0054).
--
-- An event that will never have its effect is dead, with the reason; it is kept until somebody replays it.
ALTER TABLE outbox
  ADD COLUMN shard smallint NOT NULL
    GENERATED ALWAYS AS ((get_byte(decode(md5(key), 'hex'), 0) & 3)::smallint) STORED,
  ADD COLUMN xid xid8 NOT NULL DEFAULT pg_current_xact_id(),
  ADD COLUMN dead_at timestamptz,
  ADD COLUMN reason text;

DROP INDEX outbox_waiting;
CREATE INDEX outbox_waiting ON outbox (shard, seq) WHERE published_at IS NULL AND dead_at IS NULL;
CREATE INDEX outbox_dead ON outbox (seq) WHERE dead_at IS NOT NULL;
CREATE INDEX outbox_xid ON outbox (xid);

-- Every event is written once, marked once and deleted once: what that leaves is cleared away early.
ALTER TABLE outbox SET (
  autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 20000,
  autovacuum_vacuum_insert_scale_factor = 0, autovacuum_vacuum_insert_threshold = 20000);

-- One notification for each shard that a statement touches; a transaction sends equal ones once.
DROP TRIGGER outbox_notify ON outbox;
CREATE OR REPLACE FUNCTION outbox_notify() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_notify('athanor_outbox', shard::text) FROM (SELECT DISTINCT shard FROM fresh) s;
  RETURN NULL;
END
$$;
CREATE TRIGGER outbox_notify AFTER INSERT ON outbox
  REFERENCING NEW TABLE AS fresh
  FOR EACH STATEMENT EXECUTE FUNCTION outbox_notify();
