-- What readers see across all streams, and what editors see of it, comes in the order of publication,
-- whatever is corrected later. Drafts stay in the order of their last change.
CREATE INDEX post_publication ON post (status, published_at DESC, id DESC) WHERE published_at IS NOT NULL;
DROP INDEX post_desk;
CREATE INDEX post_draft ON post (status, updated_at DESC, id DESC) WHERE published_at IS NULL;
