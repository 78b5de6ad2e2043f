"""Sound training programs, each of another shape, by name. They print their numbers to the bit."""

from support.programs import sound_pairs, sound_plain, sound_sequence, sound_vision, sound_wrapped

PARTS = (sound_plain, sound_vision, sound_sequence, sound_pairs, sound_wrapped)
PROGRAMS = {name: part.HEAD + text for part in PARTS for name, text in part.PROGRAMS.items()}
