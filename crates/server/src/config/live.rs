//! What may be held open by those who watch: WebSocket connections, and streams of Server-Sent Events. It must not know
//! how either works.

use std::time::Duration;

use clap::Args;
use serde::Deserialize;

use super::Seconds;
use super::flags::set;

/// How many watch, and how long a silent one is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Live {
    /// WebSocket connections and streams open at once; they do not count among `connections`. Default 20,000.
    pub max: usize,
    /// The same from one address; IPv6 addresses count by their /64. Behind a trusted proxy the address is the client's
    /// own. Default 256.
    pub max_per_address: usize,
    /// Operations that run at a time on one WebSocket connection. Default 10.
    pub max_operations: usize,
    /// Bytes of a message that a client sends. Default 64 KiB.
    pub message_bytes: usize,
    /// From the opening of a WebSocket connection to its `connection_init`. Default 3 seconds.
    pub init_timeout: Seconds,
    /// How often a client is asked for a sign of life; one that gives none for twice as long is gone. Default 25 seconds.
    pub heartbeat: Seconds,
}

impl Default for Live {
    fn default() -> Self {
        Self {
            max: 20_000,
            max_per_address: 256,
            max_operations: 10,
            message_bytes: 64 * 1024,
            init_timeout: Seconds(Duration::from_secs(3)),
            heartbeat: Seconds(Duration::from_secs(25)),
        }
    }
}

/// The same as flags.
#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = "Subscriptions (`[live]` in the file)")]
pub(super) struct LiveFlags {
    /// WebSocket connections and event streams open at once [default: 20000]
    #[arg(long, env = "MASTHEAD_LIVE_MAX", global = true, hide_short_help = true, value_name = "N")]
    live_max: Option<usize>,
    /// The same from one address [default: 256]
    #[arg(
        long,
        env = "MASTHEAD_LIVE_MAX_PER_ADDRESS",
        global = true,
        hide_short_help = true,
        value_name = "N"
    )]
    live_max_per_address: Option<usize>,
    /// Operations at a time on one WebSocket connection [default: 10]
    #[arg(
        long,
        env = "MASTHEAD_LIVE_MAX_OPERATIONS",
        global = true,
        hide_short_help = true,
        value_name = "N"
    )]
    live_max_operations: Option<usize>,
    /// Bytes of a message on a WebSocket connection [default: 65536]
    #[arg(
        long,
        env = "MASTHEAD_LIVE_MESSAGE_BYTES",
        global = true,
        hide_short_help = true,
        value_name = "N"
    )]
    live_message_bytes: Option<usize>,
    /// Time for connection_init on a WebSocket connection [default: 3]
    #[arg(
        long,
        env = "MASTHEAD_LIVE_INIT_TIMEOUT",
        global = true,
        hide_short_help = true,
        value_name = "SECONDS"
    )]
    live_init_timeout: Option<Seconds>,
    /// How often those who watch are asked for a sign of life [default: 25]
    #[arg(
        long,
        env = "MASTHEAD_LIVE_HEARTBEAT",
        global = true,
        hide_short_help = true,
        value_name = "SECONDS"
    )]
    live_heartbeat: Option<Seconds>,
}

impl LiveFlags {
    /// Puts what was given in the place of what the settings hold.
    pub(super) fn apply(self, live: &mut Live) {
        set(&mut live.max, self.live_max);
        set(&mut live.max_per_address, self.live_max_per_address);
        set(&mut live.max_operations, self.live_max_operations);
        set(&mut live.message_bytes, self.live_message_bytes);
        set(&mut live.init_timeout, self.live_init_timeout);
        set(&mut live.heartbeat, self.live_heartbeat);
    }
}
