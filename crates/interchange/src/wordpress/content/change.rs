//! What a conversion did, for the report.
//! It must not know how it was done.

use std::borrow::Cow;

/// One sort of thing that happened to a body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// Whether anything is missing afterwards.
    pub effect: Effect,
    /// In plain English, without the count: `the shortcode [contact-form-7]`.
    pub what: String,
    /// How often, at least 1.
    pub count: u32,
}

/// What a change means for readers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Effect {
    /// It looks different in the source, and readers have all they had.
    Changed,
    /// It was not understood and stays in the text, where readers see it as it was written.
    LeftAsText,
    /// Readers no longer have it.
    Lost,
}

/// Changes as they are gathered.
#[derive(Debug, Default)]
pub(super) struct Changes(Vec<Change>);

/// A hostile body may invent a name for each of its shortcodes.
const MOST_SORTS: usize = 200;

impl Changes {
    pub(super) fn changed(&mut self, what: impl Into<Cow<'static, str>>) {
        self.note(Effect::Changed, what.into());
    }

    pub(super) fn left(&mut self, what: impl Into<Cow<'static, str>>) {
        self.note(Effect::LeftAsText, what.into());
    }

    pub(super) fn lost(&mut self, what: impl Into<Cow<'static, str>>) {
        self.note(Effect::Lost, what.into());
    }

    fn note(&mut self, effect: Effect, what: Cow<'static, str>) {
        if let Some(known) = self.0.iter_mut().find(|known| known.effect == effect && known.what == what) {
            known.count = known.count.saturating_add(1);
        } else if self.0.len() < MOST_SORTS {
            self.0.push(Change { effect, what: what.into_owned(), count: 1 });
        } else {
            // Grouped by effect, so that nothing lost is told as a mere change.
            let rest = "sorts of changes beyond those told one by one";
            match self.0.iter_mut().find(|known| known.effect == effect && known.what == rest) {
                Some(known) => known.count = known.count.saturating_add(1),
                None => self.0.push(Change { effect, what: rest.to_owned(), count: 1 }),
            }
        }
    }

    pub(super) fn into_list(self) -> Vec<Change> {
        self.0
    }
}
