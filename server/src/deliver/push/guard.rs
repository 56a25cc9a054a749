//! Where push messages and webhooks may go. A browser or an administrator names the address to send to, so that anybody could name one inside our own
//! network: only https addresses on the public internet are taken, checked when the subscription is given and again by
//! the resolver of every connection. Push services inside one's own network are named in the settings.

use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use std::{
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
    sync::Arc,
    time::Duration,
};
use url::{Host, Url};

/// Senders to addresses that others name: browsers and administrators. They follow no redirects and wait ten seconds at most.
#[derive(Clone)]
pub struct Clients {
    /// Connects to the public internet only.
    outside: reqwest::Client,
    /// For origins that the settings name.
    inside: reqwest::Client,
    trusted: Arc<[String]>,
}

impl Clients {
    /// Senders; `trusted`: origins inside one's own network that the settings name.
    pub fn new(trusted: &[String]) -> anyhow::Result<Clients> {
        let client = || {
            reqwest::Client::builder()
                .timeout(Duration::from_secs(10))
                .redirect(reqwest::redirect::Policy::none())
                // A proxy would look names up itself, behind the guard.
                .no_proxy()
        };
        Ok(Clients {
            outside: client().dns_resolver(Arc::new(PublicOnly)).https_only(true).build()?,
            inside: client().build()?,
            trusted: trusted.into(),
        })
    }

    /// Whether something may be sent to this address, by its looks.
    pub fn may(&self, address: &Url) -> bool {
        may_send_to(address, &self.trusted)
    }

    /// Whether the settings name the address's origin.
    pub fn is_trusted(&self, address: &Url) -> bool {
        is_trusted(address, &self.trusted)
    }

    /// The sender to this address; `None`: nothing may be sent there.
    pub fn of(&self, address: &Url) -> Option<&reqwest::Client> {
        if !self.may(address) {
            return None;
        }
        Some(if self.is_trusted(address) { &self.inside } else { &self.outside })
    }
}

/// Whether an address is on the public internet.
pub fn is_public(ip: IpAddr) -> bool {
    match ip {
        IpAddr::V4(ip) => is_public_v4(ip),
        IpAddr::V6(ip) => is_public_v6(ip),
    }
}

fn is_public_v4(ip: Ipv4Addr) -> bool {
    let [a, b, c, _] = ip.octets();
    let special = ip.is_private()
        || ip.is_loopback()
        || ip.is_link_local()
        || ip.is_documentation()
        || ip.is_broadcast()
        || a == 0
        || a >= 224
        // Shared by providers (RFC 6598), protocol assignments (RFC 6890), measuring (RFC 2544), 6to4 relays.
        || (a == 100 && (64..128).contains(&b))
        || (a == 192 && b == 0 && c == 0)
        || (a == 192 && b == 88 && c == 99)
        || (a == 198 && (b == 18 || b == 19));
    !special
}

fn is_public_v6(ip: Ipv6Addr) -> bool {
    if let Some(inside) = ip.to_ipv4_mapped() {
        return is_public_v4(inside);
    }
    let parts = ip.segments();
    let v4 = |high: u16, low: u16| {
        let ([a, b], [c, d]) = (high.to_be_bytes(), low.to_be_bytes());
        is_public_v4(Ipv4Addr::new(a, b, c, d))
    };
    match parts {
        // Translated to an IPv4 address (RFC 6052), or carried to one (6to4).
        [0x64, 0xff9b, 0, 0, 0, 0, high, low] => v4(high, low),
        [0x2002, high, low, ..] => v4(high, low),
        // Documentation, Teredo and other protocol assignments.
        [0x2001, 0xdb8, ..] => false,
        [0x2001, second, ..] if second < 0x200 => false,
        // Global unicast is 2000::/3; everything else is local, multicast or not assigned.
        [first, ..] => first & 0xe000 == 0x2000,
    }
}

/// Whether messages may be sent to this address, by its looks: https at its own port (others would be a way to look for what
/// listens where), and no number of a local network. `trusted`: origins that the settings name.
pub fn may_send_to(endpoint: &Url, trusted: &[String]) -> bool {
    if is_trusted(endpoint, trusted) {
        return true;
    }
    let host = match endpoint.host() {
        Some(Host::Ipv4(ip)) => is_public_v4(ip),
        Some(Host::Ipv6(ip)) => is_public_v6(ip),
        Some(Host::Domain(name)) => name.contains('.') && !name.ends_with('.'),
        None => false,
    };
    let usual = endpoint.scheme() == "https" && endpoint.port().is_none();
    host && usual && endpoint.username().is_empty() && endpoint.password().is_none()
}

/// Whether the settings name the address's origin.
pub fn is_trusted(endpoint: &Url, trusted: &[String]) -> bool {
    let origin = endpoint.origin().ascii_serialization();
    trusted.contains(&origin)
}

/// Gives only addresses on the public internet: a name that leads to any other one cannot be connected to.
pub struct PublicOnly;

impl Resolve for PublicOnly {
    fn resolve(&self, name: Name) -> Resolving {
        Box::pin(async move {
            let found: Vec<SocketAddr> = tokio::net::lookup_host((name.as_str(), 0)).await?.collect();
            if found.iter().any(|address| !is_public(address.ip())) {
                return Err("the name leads to an address that is not on the public internet".into());
            }
            let found: Addrs = Box::new(found.into_iter());
            Ok(found)
        })
    }
}

/// Whether the name in an address leads to the public internet only.
pub async fn leads_outside(endpoint: &Url) -> bool {
    let Some(Host::Domain(name)) = endpoint.host() else { return true };
    match tokio::net::lookup_host((name, 0)).await {
        Ok(mut found) => found.all(|address| is_public(address.ip())),
        Err(_) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn url(text: &str) -> Url {
        text.parse().expect("an address")
    }

    #[test]
    fn addresses_of_local_networks_are_not_public() {
        for local in [
            "127.0.0.1",
            "10.1.2.3",
            "172.16.0.1",
            "192.168.1.1",
            "169.254.169.254",
            "100.64.0.1",
            "0.0.0.0",
            "224.0.0.1",
            "255.255.255.255",
            "198.18.0.1",
            "192.0.2.1",
            "::",
            "::1",
            "fe80::1",
            "fd00::1",
            "ff02::1",
            "::ffff:127.0.0.1",
            "::ffff:10.0.0.1",
            "64:ff9b::7f00:1",
            "2002:7f00:1::1",
            "2001:db8::1",
            "2001::1",
            "fec0::1",
        ] {
            assert!(!is_public(local.parse().expect(local)), "{local}");
        }
        for public in ["1.1.1.1", "223.5.5.5", "172.32.0.1", "2400:3200::1", "2606:4700::1111", "::ffff:1.1.1.1"] {
            assert!(is_public(public.parse().expect(public)), "{public}");
        }
    }

    #[test]
    fn only_https_and_public_places_are_sent_to_unless_the_settings_say_so() {
        let trusted = ["http://127.0.0.1:8080".to_owned()];
        assert!(may_send_to(&url("https://push.example.org/send/abc"), &[]));
        assert!(may_send_to(&url("https://push.example.org:443/send/abc"), &[]));
        assert!(may_send_to(&url("http://127.0.0.1:8080/send/abc"), &trusted));
        for bad in [
            "http://push.example.org/send",
            "https://127.0.0.1/send",
            "https://push.example.org:8443/send",
            "https://push.example.org:22/send",
            "https://[::1]/send",
            "https://0x7f.1/send",
            "https://2130706433/send",
            "https://localhost/send",
            "https://intranet/send",
            "https://user:password@push.example.org/send",
            "http://127.0.0.1:8081/send",
            "http://127.0.0.1:8080@evil.example/send",
            "ftp://push.example.org/send",
        ] {
            assert!(!may_send_to(&url(bad), &trusted), "{bad}");
        }
    }

    #[tokio::test]
    async fn a_name_that_leads_home_is_not_connected_to() {
        assert!(!leads_outside(&url("https://localhost/send")).await);
        let name = "localhost".parse().expect("a name");
        assert!(PublicOnly.resolve(name).await.is_err());
    }
}
