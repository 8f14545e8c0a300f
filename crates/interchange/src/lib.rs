//! How it comes and goes: formats in and out, pure.
