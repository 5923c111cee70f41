"""The local stack: a real broker, a real database and every process, on one machine with nothing but Python.

Used by the command line and by the tests; no service imports it. ``stack.Stack`` is the way in:
``await Stack(data).up()``, ``await Stack(data).down()``, ``Stack(data).status()``.
"""
