-- The encoded post moves to where it is read: a page of a stream is one scan, and looks up no post.
ALTER TABLE post_stream ADD COLUMN json bytea;
ALTER TABLE post_stream ALTER COLUMN json SET STORAGE EXTERNAL;
UPDATE post_stream SET json = post.json FROM post WHERE post.id = post_stream.post_id;
ALTER TABLE post_stream ALTER COLUMN json SET NOT NULL;
ALTER TABLE post DROP COLUMN json;
ALTER TABLE post ADD CHECK (status <> 'published' OR published_at IS NOT NULL);
