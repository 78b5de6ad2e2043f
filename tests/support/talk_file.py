"""The slides of a talk that is rehearsed in tests."""

TALK = """---
marp: true
title: Why narrow [is] enough
story: narrowing
minutes: 6
---

# Why narrow [is] enough

<!-- time: 0:30 -->
<!--
- Say hello.
- TODO: Who listens?
-->

---

## Narrow networks lose little

- measured: 0.51 ± 0.01 (n=3)
- claimed: 0.5 ± 0.2
  - ✓ reproduced

![bg right](curves.svg)

<!-- time: 1:30 -->
<!-- It took half of the time, as nobody believed. -->

---

# Half of the width is enough

<!-- time: 1:00 -->
"""
