-- A breaking story on its way to the devices of those who follow its streams. The id is the event's, and
-- a story has one campaign at most, so that whatever comes again finds it there. Counters are what is
-- settled for good; what open batches have done is added when somebody looks.
CREATE TABLE campaign (
  id             uuid PRIMARY KEY,
  post_id        uuid NOT NULL UNIQUE,
  title          text NOT NULL,
  body           text,
  stream_ids     integer[] NOT NULL,
  status         text NOT NULL CHECK (status IN ('running', 'paused', 'cancelled', 'done')),
  -- the audience is cut into batches in the order of its readers: up to whom that is done
  cut_to         uuid NOT NULL DEFAULT '00000000-0000-0000-0000-000000000000',
  cut            boolean NOT NULL DEFAULT false,
  batches        integer NOT NULL DEFAULT 0,
  audience       bigint NOT NULL DEFAULT 0,
  sent           bigint NOT NULL DEFAULT 0,
  dead           bigint NOT NULL DEFAULT 0,
  refused        bigint NOT NULL DEFAULT 0,
  skipped        bigint NOT NULL DEFAULT 0,
  problem        text,
  created_at     timestamptz NOT NULL DEFAULT clock_timestamp(),
  -- since when it runs, unless it rests, and how long it ran before
  active_since   timestamptz DEFAULT clock_timestamp(),
  active_seconds double precision NOT NULL DEFAULT 0,
  finished_at    timestamptz
);
CREATE INDEX campaign_by_age ON campaign (created_at);
CREATE INDEX campaign_open ON campaign (created_at) WHERE status = 'running';

-- A piece of a campaign: the devices of one kind of the readers first to last. A row is work that is not
-- done yet; whoever holds it has to say so again before lease_until, else it is anybody's. settled are the
-- devices that have their answer.
CREATE TABLE push_batch (
  campaign_id  uuid NOT NULL REFERENCES campaign (id) ON DELETE CASCADE,
  no           integer NOT NULL,
  kind         text NOT NULL,
  first_reader uuid NOT NULL,
  last_reader  uuid NOT NULL,
  devices      integer NOT NULL,
  settled      bigint[] NOT NULL DEFAULT '{}',
  sent         integer NOT NULL DEFAULT 0,
  dead         integer NOT NULL DEFAULT 0,
  refused      integer NOT NULL DEFAULT 0,
  problem      text,
  holder       uuid,
  lease_until  timestamptz,
  PRIMARY KEY (campaign_id, no)
);
