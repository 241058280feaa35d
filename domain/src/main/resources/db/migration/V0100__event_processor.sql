-- Owned by event-processor: what its consumers remember and what they have made of the events.

-- The event's id, written in the transaction of its effect: a second delivery finds it and does
-- nothing. Rows older than any redelivery can be are pruned.
create table processed_event (
  consumer     text        not null,
  event_id     uuid        not null,
  processed_at timestamptz not null default now(),
  primary key (consumer, event_id)
);
create index processed_event_by_age on processed_event using brin (processed_at);

create table stream_stats (
  stream    text        primary key,
  published bigint      not null default 0,
  updated   bigint      not null default 0,
  withdrawn bigint      not null default 0,
  last_at   timestamptz not null
);

-- event_seq is the place in the outbox of the event it was computed from: an older event never
-- overwrites a younger one.
create table post_enrichment (
  post_id         uuid        primary key,
  words           integer     not null,
  reading_seconds integer     not null,
  links           jsonb       not null,
  event_seq       bigint      not null,
  enriched_at     timestamptz not null default now()
);
