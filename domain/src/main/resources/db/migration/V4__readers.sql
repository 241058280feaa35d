-- What this installation signs with when no secret is configured: made once, by whoever comes first.
CREATE TABLE secret (
  name       text PRIMARY KEY,
  value      bytea NOT NULL CHECK (length(value) >= 32),
  created_at timestamptz NOT NULL DEFAULT now()
);

-- Who follows what. A reader is the id in a signed token and has no row of its own; the ids grow with
-- time, so that whoever came together lies together.
CREATE TABLE subscription (
  stream_id  integer NOT NULL REFERENCES stream (id),
  reader_id  uuid NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (stream_id, reader_id)
);
CREATE INDEX subscription_reader ON subscription (reader_id);

-- A device that takes pushes. token is what its push service knows it by: the APNs or FCM token, the
-- endpoint of a Web Push subscription; the keys are there for Web Push alone.
CREATE TABLE device (
  id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  reader_id  uuid NOT NULL,
  kind       text NOT NULL CHECK (kind IN ('apns', 'webpush', 'fcm')),
  token      text NOT NULL CHECK (length(token) <= 1024),
  p256dh     text,
  auth       text,
  -- how long it has been this reader's
  since      timestamptz NOT NULL DEFAULT now(),
  UNIQUE (kind, token),
  CHECK ((kind = 'webpush') = (p256dh IS NOT NULL AND auth IS NOT NULL))
);
CREATE INDEX device_reader ON device (reader_id);
