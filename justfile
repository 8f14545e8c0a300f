# What people do here, a line or two each. `just` alone lists it. CI runs `.ci/run`, which `just ci` is.

_list:
    @just --list

# Serve the newsroom in ./masthead-data, release build
run *options:
    cargo xtask explorer || true
    cargo run --release --locked --bin masthead -- serve {{options}}

# The demo newsroom, GraphiQL included where Node is
demo *options:
    cargo demo {{options}}

# Every Rust test; PostgreSQL too where MASTHEAD_TEST_POSTGRES names one
test *options:
    cargo test --workspace --locked {{options}}

# Audit and browser tests against a program of their own
e2e:
    .ci/run program

# 20,000 comments by 200 writers with the program killed in between, on both databases: some minutes
storm:
    MASTHEAD_TEST_STORM=20000 cargo test --locked --package masthead-server --test kill -- --test-threads=1 storm

# The contract's pages under load, next to a static answer, and the demo at rest; fails where a target is missed
bench *options:
    cargo xtask bench {{options}}

# What 10,000 idle subscribers cost; fails above 400 MB
bench-live:
    cargo xtask bench --live 10000

# Write schema.graphql anew, after a change that was meant
schema:
    cargo build --locked --bin masthead
    cargo run --quiet --locked --bin masthead -- schema > schema.graphql

# Format everything
fmt:
    cargo fmt --all

# What must be spotless before a commit
lint:
    cargo fmt --all --check
    cargo clippy --workspace --all-targets --locked -- -D warnings

# All that CI runs
ci:
    .ci/run
