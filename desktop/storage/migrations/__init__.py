"""The line of schema changes, each a module with ``upgrade()`` written with Alembic's operations.

To change the schema: edit the row class, write ``versions/revision_NNNN.py``, append its name to
``runner.HISTORY``. A test compares the schema the row classes make with the one the whole line makes.
"""
