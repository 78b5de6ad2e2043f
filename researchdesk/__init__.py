"""researchdesk: read papers in passes, reproduce their claims, keep the story."""

__version__ = "0.9.0"
