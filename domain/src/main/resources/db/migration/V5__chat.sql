-- What readers say about a story. A removed message stays, unseen, so that nothing is said twice by
-- mistake and an editor's decision can be followed.
CREATE TABLE chat_message (
  id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  post_id    uuid NOT NULL REFERENCES post (id),
  nickname   text NOT NULL CHECK (char_length(nickname) BETWEEN 1 AND 30),
  -- who showed a token while writing
  reader_id  uuid,
  words      text NOT NULL CHECK (char_length(words) BETWEEN 1 AND 500),
  written_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  removed_at timestamptz
);
CREATE INDEX chat_message_post ON chat_message (post_id, id) WHERE removed_at IS NULL;

-- Who may not write about a story for a time: a nickname in lower case, and its reader if known.
CREATE TABLE chat_ban (
  post_id   uuid NOT NULL REFERENCES post (id),
  nickname  text NOT NULL,
  reader_id uuid,
  until     timestamptz NOT NULL,
  PRIMARY KEY (post_id, nickname)
);
