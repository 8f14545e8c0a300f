//! Tests of the reader as a whole, on small exports of our own with the difficulties of real ones.
