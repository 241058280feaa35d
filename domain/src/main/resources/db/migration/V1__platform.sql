-- Streams: what readers follow. The id is small, since every place of a post on a stream carries it.
CREATE TABLE stream (
  id         integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  slug       text NOT NULL UNIQUE,
  name       text NOT NULL,
  kind       text NOT NULL CHECK (kind IN ('topic', 'team', 'competition')),
  -- the name in the letters of a slug, what a search compares with
  search     text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now()
);

-- Posts of every type. json is the encoded post as it is sent, made when it was last changed; it is not
-- compressed, since it is read far more often than written.
CREATE TABLE post (
  id           uuid PRIMARY KEY,
  version      integer NOT NULL,
  type         text NOT NULL
    CHECK (type IN ('article', 'video', 'audio', 'tweet', 'link', 'score')),
  status       text NOT NULL CHECK (status IN ('draft', 'published', 'withdrawn')),
  title        text NOT NULL,
  summary      text,
  body         text,
  url          text,
  breaking     boolean NOT NULL,
  streams      text[] NOT NULL,
  published_at timestamptz,
  updated_at   timestamptz NOT NULL,
  json         bytea,
  CHECK (status <> 'published' OR (published_at IS NOT NULL AND json IS NOT NULL))
);
ALTER TABLE post ALTER COLUMN json SET STORAGE EXTERNAL;
CREATE INDEX post_desk ON post (status, updated_at DESC, id DESC);

-- A published post's place on a stream. A page is one backward scan of the primary key.
CREATE TABLE post_stream (
  stream_id    integer NOT NULL REFERENCES stream (id),
  published_at timestamptz NOT NULL,
  post_id      uuid NOT NULL REFERENCES post (id) ON DELETE CASCADE,
  PRIMARY KEY (stream_id, published_at, post_id)
);
CREATE INDEX post_stream_post ON post_stream (post_id);

CREATE TABLE editor (
  name       text PRIMARY KEY,
  hash       text NOT NULL,
  updated_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE feed (
  id           uuid PRIMARY KEY,
  format       text NOT NULL,
  competition  text NOT NULL,
  name         text NOT NULL,
  content_hash text NOT NULL UNIQUE,
  speed        double precision NOT NULL CHECK (speed > 0),
  anchor       timestamptz NOT NULL,
  created_at   timestamptz NOT NULL DEFAULT now()
);

-- A match: timeline is all it will publish, step how much of that is published.
CREATE TABLE match (
  id          uuid PRIMARY KEY,
  feed_id     uuid NOT NULL REFERENCES feed (id),
  natural_key text NOT NULL UNIQUE,
  round       text,
  team1       text NOT NULL,
  slug1       text NOT NULL,
  team2       text NOT NULL,
  slug2       text NOT NULL,
  kick_off_at timestamptz NOT NULL,
  timeline    text NOT NULL,
  steps       integer NOT NULL,
  step        integer NOT NULL DEFAULT 0,
  status      text NOT NULL CHECK (status IN ('scheduled', 'live', 'finished', 'no_result')),
  CHECK (step BETWEEN 0 AND steps)
);
CREATE INDEX match_feed ON match (feed_id);
CREATE INDEX match_unfinished ON match (kick_off_at) WHERE status IN ('scheduled', 'live');

-- What has happened, in the transaction that made it happen. published_at is set once the channel has
-- taken the event.
CREATE TABLE outbox (
  seq          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  event_id     uuid NOT NULL DEFAULT gen_random_uuid(),
  type         text NOT NULL,
  key          text NOT NULL,
  payload      text NOT NULL,
  streams      text[] NOT NULL,
  created_at   timestamptz NOT NULL DEFAULT clock_timestamp(),
  published_at timestamptz
);
CREATE INDEX outbox_waiting ON outbox (seq) WHERE published_at IS NULL;
CREATE INDEX outbox_published ON outbox (published_at) WHERE published_at IS NOT NULL;

-- Listeners hear of an event when its transaction commits, and not before.
CREATE FUNCTION outbox_notify() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_notify('athanor_outbox', NEW.seq::text);
  RETURN NULL;
END
$$;
CREATE TRIGGER outbox_notify AFTER INSERT ON outbox
  FOR EACH ROW EXECUTE FUNCTION outbox_notify();

INSERT INTO stream (slug, name, kind, search) VALUES
  ('news', 'News', 'topic', 'news'),
  ('football', 'Football', 'topic', 'football'),
  ('basketball', 'Basketball', 'topic', 'basketball'),
  ('tennis', 'Tennis', 'topic', 'tennis'),
  ('motorsport', 'Motorsport', 'topic', 'motorsport'),
  ('transfers', 'Transfers', 'topic', 'transfers');
