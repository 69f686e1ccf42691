"""The database: tables, sessions, migrations, sealed secrets, and one repository module per noun.

Knows no rule of the business: rows hold plain text and JSON, and ``domain`` says what they mean.
Tables never cross Temporal (a ``table=True`` model takes wrong types without an error).
"""
