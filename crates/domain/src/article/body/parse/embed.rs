//! What other sites are embedded with: frames, players, posts. No request is made; the address is what is
//! kept. It must not know how clients show them.

use ego_tree::NodeRef;
use scraper::Node;
use scraper::node::Element;
use url::Url;

use super::flow::{Context, Flow, Walk};
use super::sanitise::media_address;
use crate::article::body::Block;

impl Walk<'_> {
    /// A frame or player. Never kept as markup: its address is, and clients choose.
    pub(super) fn embed(
        &mut self,
        node: NodeRef<'_, Node>,
        element: &Element,
        context: &Context,
        flow: &mut Flow,
    ) {
        match frame_address(node, element) {
            Some(url) => flow.push(embed(url, None), context),
            None => {
                self.losses.add_element(element.name());
                // What was to be shown in its place; of an iframe that is mere text.
                if element.name() != "iframe" {
                    self.children(node, context, flow);
                }
            }
        }
    }

    /// A post of a social network, which is a quote until a script changes it.
    pub(super) fn post(&mut self, node: NodeRef<'_, Node>, url: String, context: &Context, flow: &mut Flow) {
        let html = self.sanitised(&[node]);
        flow.push(embed(url, Some(html)), context);
    }
}

/// An embed with the provider its address tells.
pub(in super::super) fn embed(url: String, html: Option<String>) -> Block {
    let provider = provider(&url).map(str::to_owned);
    Block::Embed { url, provider, html, caption: Vec::new() }
}

/// An absolute address in a text that is nothing else.
pub(super) fn address(text: &str) -> Option<String> {
    let text = text.trim();
    let is_address = ["https://", "http://", "//"].iter().any(|start| text.starts_with(start));
    let one_word = !text.contains(char::is_whitespace);
    (is_address && one_word).then(|| media_address(text)).flatten().map(with_scheme)
}

/// The address a frame or player shows.
pub(super) fn frame_address(node: NodeRef<'_, Node>, element: &Element) -> Option<String> {
    let own = ["data-lazy-src", "data-src", "src", "data"].into_iter().filter_map(|name| element.attr(name));
    let parts =
        node.children().filter_map(|child| child.value().as_element()).filter_map(|part| match part.name() {
            "source" | "embed" => part.attr("src"),
            "param" if matches!(part.attr("name"), Some("movie" | "src")) => part.attr("value"),
            _ => None,
        });
    own.chain(parts).find_map(media_address).map(with_scheme)
}

fn with_scheme(address: String) -> String {
    if address.starts_with("//") { format!("https:{address}") } else { address }
}

/// The address of the post that a quote is, by the class its network gives it: where its last link leads.
pub(super) fn post_address(node: NodeRef<'_, Node>, element: &Element) -> Option<String> {
    const POSTS: [&str; 11] = [
        "bluesky-embed",
        "fb-post",
        "imgur-embed-pub",
        "instagram-media",
        "mastodon-embed",
        "reddit-card",
        "reddit-embed-bq",
        "text-post-media",
        "tiktok-embed",
        "twitter-tweet",
        "twitter-video",
    ];
    if !element.classes().any(|class| POSTS.contains(&class)) {
        return None;
    }
    let links = node.descendants().filter_map(|node| node.value().as_element()?.attr("href"));
    element.attr("cite").into_iter().chain(links).filter_map(address).last()
}

/// The name of the site an address is at, where it is one that articles often embed.
pub(in super::super) fn provider(address: &str) -> Option<&'static str> {
    const PROVIDERS: [(&str, &str); 36] = [
        ("archive.org", "Internet Archive"),
        ("bandcamp.com", "Bandcamp"),
        ("bsky.app", "Bluesky"),
        ("codepen.io", "CodePen"),
        ("dai.ly", "Dailymotion"),
        ("dailymotion.com", "Dailymotion"),
        ("datawrapper.de", "Datawrapper"),
        ("datawrapper.dwcdn.net", "Datawrapper"),
        ("deezer.com", "Deezer"),
        ("facebook.com", "Facebook"),
        ("flickr.com", "Flickr"),
        ("flo.uri.sh", "Flourish"),
        ("flourish.studio", "Flourish"),
        ("infogram.com", "Infogram"),
        ("instagram.com", "Instagram"),
        ("issuu.com", "Issuu"),
        ("openstreetmap.org", "OpenStreetMap"),
        ("podcasts.apple.com", "Apple Podcasts"),
        ("reddit.com", "Reddit"),
        ("scribd.com", "Scribd"),
        ("slideshare.net", "SlideShare"),
        ("soundcloud.com", "SoundCloud"),
        ("spotify.com", "Spotify"),
        ("t.me", "Telegram"),
        ("ted.com", "TED"),
        ("threads.net", "Threads"),
        ("tiktok.com", "TikTok"),
        ("twitch.tv", "Twitch"),
        ("twitter.com", "X"),
        ("videopress.com", "VideoPress"),
        ("vimeo.com", "Vimeo"),
        ("wordpress.tv", "WordPress.tv"),
        ("x.com", "X"),
        ("youtu.be", "YouTube"),
        ("youtube-nocookie.com", "YouTube"),
        ("youtube.com", "YouTube"),
    ];
    let url = Url::parse(address).ok()?;
    let host = url.host_str()?;
    let known = PROVIDERS.iter().find(|(domain, _)| {
        host.strip_suffix(domain).is_some_and(|sub| sub.is_empty() || sub.ends_with('.'))
    });
    let is_map = || host.split('.').any(|label| label == "google") && url.path().starts_with("/maps");
    known.map(|(_, name)| *name).or_else(|| is_map().then_some("Google Maps"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn providers_are_told_by_the_host() {
        for (address, name) in [
            ("https://www.youtube.com/watch?v=abc", Some("YouTube")),
            ("https://youtu.be/abc", Some("YouTube")),
            ("https://www.youtube-nocookie.com/embed/abc", Some("YouTube")),
            ("https://player.vimeo.com/video/1", Some("Vimeo")),
            ("https://x.com/a/status/1", Some("X")),
            ("https://netflix.com/", None),
            ("https://www.google.com/maps/embed?pb=1", Some("Google Maps")),
            ("https://www.google.com/search", None),
            ("https://notyoutube.com/", None),
            ("/wp-content/a.mp3", None),
        ] {
            assert_eq!(provider(address), name, "{address}");
        }
    }
}
