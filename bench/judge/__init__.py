"""Outside tools judge what is served: `make judge`, or `python -m bench.judge [NAME …]`.

Nobody here wrote them, so they see what our own tests do not look for. They lie in var/judge, in the versions that the
files here name with their hashes; what each found, and what of it is a false alarm, stands in docs/operations.md. The
command fails when a mark is lower than it was, when something new is found, and when a tool cannot be had, unless that
is said (`--without promtool`). `tests/building/test_judged.py` asks those that take no more than seconds.
"""
