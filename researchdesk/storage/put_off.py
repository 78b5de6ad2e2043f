"""Papers that were put off to a day and not taken up since, as SQL."""

TAKEN_UP = """
    put_off AS (
        SELECT waiting.*, MAX(pass_events.id) AS event FROM waiting
        JOIN pass_events ON pass_events.pass_id = waiting.id GROUP BY waiting.id
    ), taken_up AS (
        SELECT put_off.id FROM put_off
        JOIN passes AS other ON other.paper_id = put_off.paper_id
        JOIN pass_events AS later ON later.pass_id = other.id AND later.id > put_off.event
        WHERE later.state = 'dropped'
        OR (later.state = 'finished' AND COALESCE(other.decision, other.again_on) IS NOT NULL)
        OR (later.state = 'started' AND date(later.at, 'localtime') >= put_off.again_on)
    )
"""
"""Of the rows of ``waiting`` (passes put off, with ``id``, ``paper_id``, ``again_on``) those whose
paper was taken up since: two tables of a WITH, the second ``taken_up``."""

_WAITING = """
    WITH waiting AS (
        SELECT id, paper_id, number, why, again_on FROM passes
        WHERE state != 'started' AND again_on IS NOT NULL{only}
    ), {taken_up}
    SELECT paper_id, MIN(again_on) AS again_on, number, why FROM waiting
    WHERE id NOT IN (SELECT id FROM taken_up) GROUP BY paper_id
"""
_IDS = "SELECT paper_id FROM ({}){}"
ALL = _WAITING.format(taken_up=TAKEN_UP, only="")
"""A row for each paper: ``paper_id``, the first day, the number of its pass, why. As
``reading.due`` has it, for any day."""

IDS = _IDS.format(ALL, "")
UNTIL = _IDS.format(ALL, " WHERE again_on <= ?")
"""The papers alone, those of all days or until one."""

SOME = _WAITING.format(taken_up=TAKEN_UP, only=" AND paper_id IN (SELECT value FROM json_each(?))")
"""The same of papers whose ids are given as a JSON list."""
