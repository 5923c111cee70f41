"""Rows of what officers decided. (The projection's rows are `projection`'s, and `queries` reads them.)"""
