//! What people do: one file a verb.
