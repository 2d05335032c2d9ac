"""Storage in SQL through SQLAlchemy Core: SQLite now, PostgreSQL and MariaDB by the same tables."""

from __future__ import annotations

from multibill.storage.sql.storage import SqlStorage

__all__ = ["SqlStorage"]
