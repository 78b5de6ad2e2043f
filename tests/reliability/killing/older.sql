-- What a desk of the first release may hold.
INSERT INTO papers (id, key, arxiv_id, title, added_at)
    VALUES (7, 'old2019', '1904.00001', 'Old', '2026-01-01T00:00:00+00:00'),
           (8, 'gone', NULL, 'Gone', '2026-01-01T00:00:00+00:00');
UPDATE papers SET removed_at = '2026-01-02T00:00:00+00:00' WHERE id = 8;
INSERT INTO passes (id, paper_id, version, workflow, number, state, step, started_at, ended_at, why, again_on)
    VALUES (3, 7, 1, 'three-pass', 1, 'finished', 4, '2026-01-01T00:00:00+00:00',
            '2026-01-02T00:00:00+00:00', 'good', '2026-04-01'),
           (4, 7, 1, 'three-pass', 2, 'started', 1, '2026-01-01T12:00:00+00:00', NULL, '', NULL);
INSERT INTO pass_events (pass_id, state, why, again_on, at)
    VALUES (3, 'started', '', NULL, '2026-01-01T00:00:00+00:00'),
           (4, 'started', '', NULL, '2026-01-01T12:00:00+00:00'),
           (3, 'finished', 'good', '2026-04-01', '2026-01-02T00:00:00+00:00');
INSERT INTO notes (id, paper_id, version, pass_id, kind, page, quote, text, step, created_at, updated_at)
    VALUES (11, 7, 1, 3, 'question', 2, 'quoted', 'see [[1412.6980]]', 'title',
            '2026-01-01T01:00:00+00:00', '2026-01-01T02:00:00+00:00'),
           (12, 7, 1, 3, 'note', NULL, '', 'gone', '', '2026-01-01T03:00:00+00:00',
            '2026-01-01T03:00:00+00:00');
UPDATE notes SET deleted_at = '2026-01-01T04:00:00+00:00' WHERE id = 12;
INSERT INTO note_revisions (note_id, kind, page, quote, text, saved_at)
    VALUES (11, 'note', NULL, '', 'first', '2026-01-01T01:00:00+00:00'),
           (11, 'question', 2, 'quoted', 'see [[1412.6980]]', '2026-01-01T02:00:00+00:00'),
           (12, 'note', NULL, '', 'gone', '2026-01-01T03:00:00+00:00');
INSERT INTO stories (id, slug, title, created_at)
    VALUES (2, 'why', 'Why', '2026-01-01T00:00:00+00:00');
INSERT INTO drafts (story_id, number, text, saved_at)
    VALUES (2, 1, 'first' || char(10), '2026-01-01T00:00:00+00:00'),
           (2, 2, 'second' || char(10), '2026-01-02T00:00:00+00:00');
