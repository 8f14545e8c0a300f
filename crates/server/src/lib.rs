//! The program: HTTP, command line, settings.
