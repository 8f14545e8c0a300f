//! What holds for every file, however it is damaged.

use proptest::prelude::*;

use super::*;

fn base() -> String {
    let bodies = [
        "<!-- wp:paragraph --><p>eins</p><!-- /wp:paragraph -->",
        "ثانٍ &amp; [gallery]",
        "a ]]]]><![CDATA[> b",
        "vier",
        "fünf",
    ];
    let items: Vec<String> = bodies.iter().zip(1..).map(|(body, id)| item(id, body)).collect();
    export(&items.concat())
}

/// What damage puts into a file.
fn debris() -> impl Strategy<Value = Vec<u8>> {
    let texts = prop::sample::select(vec![
        "]]>",
        "<![CDATA[",
        "<",
        ">",
        "&",
        "\"",
        "</",
        "<!--",
        "-->",
        "<?",
        "?>",
        "</item>",
        "<item>",
        "<title>",
        "</title>",
        "</wp:status>",
        "<wp:status>",
        "<content:encoded>",
        "</content:encoded>",
        "<p>",
        "</p>",
        "<b>",
        "<wp:comment>",
        "</wp:comment>",
        "<wp:postmeta>",
        "</wp:postmeta>",
        "</channel>",
        "</rss>",
        "<rss>",
        "<x:y>",
        "</x:y>",
        "\0",
        "\r\n",
        "م",
        "<item",
        "<wp:",
        "<!DOCTYPE [",
        "&#0;",
        "&eacute;",
        " ",
        "<title><![CDATA[",
        "]]></wp:post_id>",
    ]);
    prop_oneof![
        8 => texts.prop_map(|text| text.as_bytes().to_vec()),
        1 => prop::collection::vec(any::<u8>(), 1..6),
    ]
}

/// Cuts out `cut` bytes at `at` and puts `put` there.
fn damage(bytes: &mut Vec<u8>, at: usize, cut: usize, put: &[u8]) {
    let at = at.min(bytes.len());
    let end = (at + cut).min(bytes.len());
    bytes.splice(at..end, put.iter().copied());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    /// Any damage anywhere: it ends, with an end, and tells the same whatever the pieces it comes in.
    #[test]
    fn any_file_is_read_to_its_end(
        damages in prop::collection::vec((0_usize..12_000, 0_usize..300, debris()), 0..6),
        read_ahead in 1_usize..400,
    ) {
        let mut bytes = base().into_bytes();
        for (at, cut, put) in damages {
            damage(&mut bytes, at, cut, &put);
        }
        let whole = read(&bytes);
        let pieces = read_with(&bytes, Limits { read_ahead, ..Limits::default() });
        prop_assert_eq!(whole, pieces);
    }

    /// Damage inside one item: all others come as they are.
    #[test]
    fn one_bad_item_never_loses_the_rest(at in 0_usize..10_000, cut in 0_usize..200, put in debris()) {
        let text = base();
        let start = text.match_indices("<item>").nth(2).unwrap().0 + "<item>".len();
        let end = text.match_indices("</item>").nth(2).unwrap().0;
        let at = start + at % (end - start);
        let cut = cut.min(end - at);
        let mut bytes = text.clone().into_bytes();
        damage(&mut bytes, at, cut, &put);
        let (damaged, sound) = (read(&bytes), read(&text));
        for id in [1, 2, 4, 5] {
            let of = |read: &Read| read.posts.iter().find(|post| post.id == Some(id)).cloned();
            let mut found = of(&damaged);
            prop_assert!(found.is_some(), "{id} is missing: {:?}", damaged.problems);
            let expected = of(&sound);
            if let (Some(found), Some(expected)) = (&mut found, &expected) {
                found.line = expected.line;
                for (found, expected) in found.comments.iter_mut().zip(&expected.comments) {
                    found.line = expected.line;
                }
            }
            prop_assert_eq!(found, expected, "{:?}", damaged.problems);
        }
    }

    #[test]
    fn any_bytes_are_read(bytes in prop::collection::vec(any::<u8>(), 0..400), read_ahead in 1_usize..50) {
        let limits = Limits { entry_bytes: 100, read_ahead };
        read_with(&bytes, limits);
    }
}

/// Work that grows with the square of the length would take minutes here.
#[test]
fn hostile_files_are_read_in_linear_time() {
    let units = [
        "<item>",
        "</item>",
        "<",
        "&",
        "<a ",
        "<a \"",
        "<![CDATA[",
        "]]>",
        "]]></title>",
        "<!--",
        "<?",
        "</title>",
        "<b>",
        "</x>",
        "<category>",
        "<wp:comment>",
        "<wp:meta_key>x",
        "<title><![CDATA[",
        "]]> <p>",
        "<x>",
        "<!DOCTYPE",
        "text ",
        "\0",
        "<x:y>",
    ];
    for unit in units {
        for before in ["", "<item><content:encoded><![CDATA[", "<item><title>"] {
            let body = unit.repeat(60_000 / unit.len());
            let limits = Limits { entry_bytes: 40_000, read_ahead: 4096 };
            read_with(export(&format!("{before}{body}")).as_bytes(), limits);
        }
    }
}
