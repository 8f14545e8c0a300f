//! How people who write Arabic begin their lists, and what only looks like that.

use super::assert_cases;

#[test]
fn lists_are_numbered_in_arabic_digits() {
    assert_cases(&[
        ("١. أولًا\n٢. ثانيًا\n٣. ثالثًا", "ol 1 [أولًا | ثانيًا | ثالثًا]"),
        ("١) أولًا\n٢) ثانيًا", "ol 1 [أولًا | ثانيًا]"),
        ("۴. چهار", "ol 4 [چهار]"),
        ("١٢. بند", "ol 12 [بند]"),
        ("١- أولًا\n٢- ثانيًا", "ol 1 [أولًا | ثانيًا]"),
        ("١– أولًا\n٢– ثانيًا", "ol 1 [أولًا | ثانيًا]"),
        ("١ـ أولًا\n٢ـ ثانيًا", "ol 1 [أولًا | ثانيًا]"),
        ("١، أولًا\n٢، ثانيًا", "ol 1 [أولًا | ثانيًا]"),
        ("- مقدمة:\n  ١. أولًا\n     - فرع\n  ٢. ثانيًا", "ul [مقدمة: {ol 1 [أولًا {ul [فرع]} | ثانيًا]}]"),
        ("> ١. قال\n> ٢. ثم قال", "quote {ol 1 [قال | ثم قال]}"),
        ("١. ```rust\n   x\n   ```", "ol 1 [ {code rust \"x\"}]"),
        ("١. [ ] مهمة", "ol 1 [☐ مهمة]"),
        ("قال:\n١. نعم", "p قال:\nol 1 [نعم]"),
    ]);
}

#[test]
fn what_starts_no_list_stays_as_it_is() {
    assert_cases(&[
        // A year, or a number within a paragraph: only 1 may come between its lines.
        ("٢٠٢٦، عام الماء", "p ٢٠٢٦، عام الماء"),
        ("١٩٤٨- البداية", "p ١٩٤٨- البداية"),
        ("في عام\n٢٠٢٦. وكان ذلك", "p في عام ٢٠٢٦. وكان ذلك"),
        ("كان\n٢، ثم صار", "p كان ٢، ثم صار"),
        ("١.بلا فراغ", "p ١.بلا فراغ"),
        ("١٢٣٤٥٦٧٨٩٠. طويل", "p ١٢٣٤٥٦٧٨٩٠. طويل"),
        ("١٢ ميناء", "p ١٢ ميناء"),
        // A dash or comma after ASCII's digits is what it is in CommonMark.
        ("1- أولًا", "p 1- أولًا"),
        // Code and raw HTML are kept to the letter.
        ("```\n١. x\n\u{200F}- y\n```", "code - \"١. x\\n\\u{200f}- y\""),
        ("    ١. x\n    ٢. y", "code - \"١. x\\n٢. y\""),
        ("- a\n\n  ```\n  ١. x\n  ```", "ul [a {code - \"١. x\"}]"),
        ("> ```\n> ١. x\n> \u{200F}> y\n> ```", "quote {code - \"١. x\\n\\u{200f}> y\"}"),
        ("<p>\n١. x\n</p>", "p ١. x"),
        ("```\n١. x\n```\n\n١. y", "code - \"١. x\"\nol 1 [y]"),
    ]);
}

#[test]
fn marks_of_direction_stand_in_no_signs_way() {
    assert_cases(&[
        ("\u{200F}- بند\n\u{200F}- آخر", "ul [\u{200F}بند | \u{200F}آخر]"),
        ("\u{200F}١. بند\n\u{200E}2. item", "ol 1 [\u{200F}بند | \u{200E}item]"),
        ("\u{61C}* x", "ul [\u{61C}x]"),
        ("\u{200F}## ABC", "h2#abc \u{200F}ABC"),
        ("\u{200F}> قالت\n\u{200F}> أمس", "quote {p \u{200F}قالت \u{200F}أمس}"),
        ("\u{200F}> \u{200F}- بند", "quote {ul [\u{200F}\u{200F}بند]}"),
        ("\u{200F}```\nx\n\u{200F}```\n\u{200F}y", "code - \"x\"\np \u{200F}y"),
        ("أ\n\n\u{200F}---\n\nب", "p أ\nraw <hr>\np ب"),
        (
            "\u{200F}| أ | ب |\n\u{200F}|---|---|\n\u{200F}| ١ | ٢ |",
            "table <table><thead><tr><th>أ</th><th>ب</th></tr></thead><tbody><tr><td>١</td><td>٢</td></tr></tbody></table>",
        ),
        ("\u{200F}نص", "p \u{200F}نص"),
        ("\u{200F}-نص", "p \u{200F}-نص"),
        ("\u{FEFF}# أ", "h2#أ أ"),
    ]);
}

#[test]
fn each_block_runs_its_own_way() {
    assert_cases(&[(
        "نص.\n\nText.\n\n- بند\n- item\n\n<p dir=\"ltr\">نص</p>",
        "p نص.\np Text.\nul [بند | item]\np[ltr] نص",
    )]);
}
