"""The workspace database: SQLAlchemy on SQLite behind the ports of ``desktop.services.unit_of_work``.

``database.open_storage`` is the door. Importing this package itself costs nothing.
"""
