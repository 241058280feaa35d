-- Since when readers are to be told at once of a published post; null while they are not. An edit long
-- after, or an event that comes again, does not make it news (docs/adr/0099).
ALTER TABLE post ADD COLUMN breaking_at timestamptz;
UPDATE post SET breaking_at = published_at WHERE breaking AND status = 'published';
