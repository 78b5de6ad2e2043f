"""The world outside: arXiv's API and its PDFs."""
