"""The rungs of the ladder: an experiment is trained a little, in many ways."""
