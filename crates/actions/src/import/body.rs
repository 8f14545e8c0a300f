//! The text of an item: what WordPress stores becomes HTML, then blocks, with their pictures in the library.

use std::cell::RefCell;
use std::collections::{BTreeSet, HashMap};

use masthead_domain::article::Body;
use masthead_domain::article::body::Loss;
use masthead_interchange::wordpress::content::{self, AttachmentLink, Change, Context, Converted, Effect};
use masthead_interchange::wxr::Post;
use masthead_persistence::{StoreError, Tx};

use super::reason::Reason;
use super::report::Group;
use super::run::Run;

impl Run<'_> {
    /// The body of an item.
    pub(super) async fn body_of(&mut self, tx: &Tx, post: &Post, name: &str) -> Result<Body, StoreError> {
        let converted = self.to_html(tx, post).await?;
        self.tell_changes(post, name, &converted.changes);
        let (mut body, losses) = Body::from_html(&converted.html);
        self.tell_losses(post.line, name, &losses, "its text");
        self.images_in(tx, post, name, &mut body).await?;
        Ok(body)
    }

    /// What HTML held that has no place here. `whose`: `its text`.
    pub(super) fn tell_losses(&mut self, line: u64, name: &str, losses: &[Loss], whose: &str) {
        // Beyond the bounds of a body even text is not read.
        let is_text = |loss: &&Loss| loss.what.starts_with("HTML beyond");
        for (losses, reason, words) in [
            (
                losses.iter().filter(is_text).collect::<Vec<_>>(),
                Reason::TextLost,
                &format!("too much for one text, {whose} is cut off there"),
            ),
            (
                losses.iter().filter(|loss| !is_text(loss)).collect(),
                Reason::Markup,
                &format!("not taken over from {whose}"),
            ),
        ] {
            if !losses.is_empty() {
                let list = listed(losses.iter().map(|loss| (loss.what.as_str(), loss.count)));
                self.tell(line, name, reason, format!("{words}: {list}"));
            }
        }
    }

    /// Galleries name attachments by number: the text is converted once to learn which, and where there are any once
    /// more with them.
    async fn to_html(&self, tx: &Tx, post: &Post) -> Result<Converted, StoreError> {
        let text = self.blocks.put_into(&post.content);
        let attached = if text.contains("[gallery") { self.images_of(tx, post).await? } else { Vec::new() };
        let context = Context { footnotes: post.footnotes(), attached_images: &attached };
        let wanted = RefCell::new(BTreeSet::new());
        let converted = content::to_html(&text, &context, |number| {
            wanted.borrow_mut().insert(number);
            None
        });
        let wanted = wanted.into_inner();
        if wanted.is_empty() {
            return Ok(converted);
        }
        let mut found: HashMap<i64, AttachmentLink> = HashMap::new();
        for number in wanted {
            if let Some(link) = self.attachment(tx, number).await? {
                found.insert(number, link);
            }
        }
        Ok(content::to_html(&text, &context, |number| found.get(&number).cloned()))
    }

    /// What readers have all of is counted; what they see otherwise, or no longer, has a line.
    fn tell_changes(&mut self, post: &Post, name: &str, changes: &[Change]) {
        for change in changes.iter().filter(|change| change.effect == Effect::Changed) {
            self.report.tally_many(Group::Conversions, change.what.clone(), post.line, change.count);
        }
        for (effect, reason, words) in [
            (
                Effect::LeftAsText,
                Reason::LeftAsText,
                "not understood, and left in its text as it was written",
            ),
            (Effect::Lost, Reason::TextLost, "in its text, and could not come in"),
        ] {
            let of_effect = changes.iter().filter(|change| change.effect == effect);
            let list = listed(of_effect.map(|change| (change.what.as_str(), change.count)));
            if !list.is_empty() {
                self.tell(post.line, name, reason, format!("{words}: {list}"));
            }
        }
    }
}

/// `element script, attribute onclick (3 times)`.
pub(super) fn listed<'a>(things: impl Iterator<Item = (&'a str, u32)>) -> String {
    let words = things.map(|(what, count)| match count {
        1 => what.to_owned(),
        more => format!("{what} ({more} times)"),
    });
    words.collect::<Vec<_>>().join(", ")
}
