//! Where on the network a request came from: the peer of its connection, or whom a trusted proxy says it was for.
//!
//! `X-Forwarded-For` can be written by anybody, so that it counts only as far back as proxies wrote it that the operator
//! has named. It must not know what the address is used for.

use std::net::{IpAddr, SocketAddr};

use http::{HeaderMap, HeaderName};
use ipnet::IpNet;
use poem::{Addr, Request};

/// A list of addresses, one added by each proxy on the way.
const X_FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");

/// Which peers are proxies that say whom they ask for.
#[derive(Debug, Clone, Default)]
pub struct TrustedProxies(Vec<IpNet>);

impl TrustedProxies {
    /// Trusts what comes from these networks.
    pub fn new(networks: Vec<IpNet>) -> Self {
        Self(networks)
    }

    /// Where the request came from; `None` where the connection is no connection of the network.
    pub fn client(&self, request: &Request) -> Option<IpAddr> {
        match request.remote_addr().0 {
            Addr::SocketAddr(peer) => Some(self.behind(peer.ip().to_canonical(), request.headers())),
            _ => None,
        }
    }

    /// The nearest address that is not a trusted proxy's. What cannot be read ends the way back.
    fn behind(&self, peer: IpAddr, headers: &HeaderMap) -> IpAddr {
        let values = headers.get_all(X_FORWARDED_FOR).iter().rev();
        let mut way = values.flat_map(|value| value.to_str().unwrap_or_default().rsplit(','));
        let mut nearest = peer;
        while self.trusts(nearest)
            && let Some(before) = way.next().and_then(address)
        {
            nearest = before;
        }
        nearest
    }

    fn trusts(&self, address: IpAddr) -> bool {
        self.0.iter().any(|network| network.contains(&address))
    }
}

/// An address as proxies write it: bare, or with a port.
fn address(text: &str) -> Option<IpAddr> {
    let text = text.trim();
    let bare = text.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>();
    let address = bare.or_else(|_| text.parse::<SocketAddr>().map(|address| address.ip()));
    address.ok().map(|address| address.to_canonical())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_proxy_says_counts_as_far_back_as_it_is_trusted() {
        let proxies = TrustedProxies::new(vec!["10.0.0.0/8".parse().unwrap(), "::1/128".parse().unwrap()]);
        for (peer, forwarded, client) in [
            ("192.0.2.1", &["203.0.113.9"][..], "192.0.2.1"),
            ("10.0.0.1", &[], "10.0.0.1"),
            ("10.0.0.1", &["203.0.113.9"], "203.0.113.9"),
            ("10.0.0.1", &["198.51.100.7, 203.0.113.9"], "203.0.113.9"),
            ("10.0.0.1", &["198.51.100.7", "203.0.113.9 , 10.2.2.2"], "203.0.113.9"),
            ("::1", &["[2001:db8::1]:443"], "2001:db8::1"),
            ("::1", &["203.0.113.9:80"], "203.0.113.9"),
            ("::ffff:10.0.0.1", &["::ffff:203.0.113.9"], "203.0.113.9"),
            ("10.0.0.1", &["203.0.113.9, unknown"], "10.0.0.1"),
            ("10.0.0.1", &["10.1.1.1, 10.2.2.2"], "10.1.1.1"),
        ] {
            let mut headers = HeaderMap::new();
            for value in forwarded {
                headers.append(X_FORWARDED_FOR, value.parse().unwrap());
            }
            let peer: IpAddr = peer.parse().unwrap();
            let found = proxies.behind(peer.to_canonical(), &headers);
            assert_eq!(found, client.parse::<IpAddr>().unwrap(), "{peer} {forwarded:?}");
        }
        let nobody = TrustedProxies::default();
        let mut headers = HeaderMap::new();
        headers.append(X_FORWARDED_FOR, "203.0.113.9".parse().unwrap());
        let peer = IpAddr::from([127, 0, 0, 1]);
        assert_eq!(nobody.behind(peer, &headers), peer);
    }
}
