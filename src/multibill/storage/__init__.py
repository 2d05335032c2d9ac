"""Adapters that keep the records: in memory and in SQL databases. Each is loaded only when it is opened."""
