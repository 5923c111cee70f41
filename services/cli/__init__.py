"""The `madang` command: one module a noun, each thin: parse, call, print."""
