//! The schema, one file a change, for SQLite and PostgreSQL alike.
