//! The program's entry; all of it is in the library, where tests reach it.

use std::process::ExitCode;

/// Many small values live for one request: mimalloc hands them out and back with less locking than the system's.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    masthead_server::cli::main()
}
