"""The revisions, one a file. A published one never changes: it says what was, not what the tables are now."""
