"""Watching somebody's own training script: observed from inside its process, never edited.

Runs in the script's interpreter, where nothing of ours is installed: modules here import torch, the
standard library and each other only.
"""
