"""Engines other than the worker processes of this one: Ray, and Slurm through submitit."""
