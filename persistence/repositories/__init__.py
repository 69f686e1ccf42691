"""One module per noun: plain functions that take the session, and leave commit to its owner.

Writing functions need a session of `Database.begin`. Times are passed in as aware datetimes.
"""
