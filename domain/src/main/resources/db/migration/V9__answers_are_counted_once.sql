-- How many times the holder of a batch has written answers down. One that does not hear whether it has
-- writes the same again under the same number, and that changes nothing.
ALTER TABLE push_batch ADD COLUMN written integer NOT NULL DEFAULT 0;
