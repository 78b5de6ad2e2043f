"""The parts of the crash tests: ``kills.py`` puts them together."""
