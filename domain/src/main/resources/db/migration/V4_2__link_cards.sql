-- What the pages that a story links to say of themselves, in the order of the links. event_seq is the
-- place in the outbox of the event they were fetched for: an older event never overwrites a younger one.
CREATE TABLE link_cards (
  post_id    uuid PRIMARY KEY,
  cards      jsonb NOT NULL,
  event_seq  bigint NOT NULL,
  fetched_at timestamptz NOT NULL DEFAULT now()
);
