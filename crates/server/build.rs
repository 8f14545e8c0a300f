//! Tells cargo that the program contains the explorer's bundle, which rust-embed alone does not.

use std::path::Path;

fn main() {
    let bundle = Path::new("explorer/dist");
    // A watched path that does not exist would rebuild the program each time. Where the folder cannot be made (a
    // read-only checkout) that is the only harm, so a failure here is none.
    drop(std::fs::create_dir_all(bundle));
    println!("cargo::rerun-if-changed={}", bundle.display());
    println!("cargo::rerun-if-changed=demo");
    println!("cargo::rerun-if-changed=explorer/plain");
}
