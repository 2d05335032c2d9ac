"""Storage in SQLite, PostgreSQL and MariaDB through SQLAlchemy Core. The only rooms that write SQL."""
