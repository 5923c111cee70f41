"""Foreign files read into requests: what is right is taken, whatever was changed or left is named in a report.

Each format is a module that knows files and requests only; `report` holds what every import does the same way.
"""
