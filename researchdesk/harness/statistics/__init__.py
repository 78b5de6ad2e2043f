"""Intervals, tests and effect sizes for means and rates over seeds.

Nothing is imported here, so that each part costs what it needs: ``samples`` and ``effects`` only
Python, ``expected`` and ``budgets`` numpy, ``means`` scipy's special functions; the rest of scipy
is loaded by what needs it when it is first called. statsmodels is what the tests hold this against.
"""
