//! What is said of a section: the same of a new one and of one that is there.

use masthead_domain::comment::Policy;
use masthead_domain::section::tree::Parents;
use masthead_domain::section::{MAX_DESCRIPTION, MAX_NAME, MAX_POSITION, SectionId};
use masthead_domain::site::Site;
use masthead_domain::text::{LanguageTag, Localized};
use masthead_domain::viewer::Viewer;
use masthead_domain::viewer::policy::{Action, Denied, may};

use crate::article::input::Patch;
use crate::refused::Faults;
use crate::texts::{Form, TextChange, TextField, require_name};

/// The section's form. What says nothing of a field leaves it as it is.
#[derive(Debug, Clone, Default)]
pub struct SectionForm {
    /// The slug asked for.
    pub slug: Option<String>,
    /// The language in which it is filled in; `None`: the site's.
    pub locale: Option<LanguageTag>,
    /// The name.
    pub names: TextChange,
    /// What the section is about.
    pub descriptions: TextChange,
    /// The section above; said to be none: at the top.
    pub parent: Patch<SectionId>,
    /// Order among siblings.
    pub position: Option<i32>,
    /// Who may comment.
    pub comment_policy: Patch<Policy>,
}

const NAME: TextField = TextField::line("input.name", "input.names", MAX_NAME);
const DESCRIPTION: TextField = TextField::lines("input.description", "input.descriptions", MAX_DESCRIPTION);
const PARENT: &str = "input.parentId";
const POSITION: &str = "input.position";

impl SectionForm {
    /// Puts what is said into names and descriptions, and looks at the position.
    pub(super) fn apply(
        &self,
        site: &Site,
        names: &mut Localized<String>,
        descriptions: &mut Localized<String>,
        faults: &mut Faults,
    ) {
        let form = Form::open(site, self.locale.as_ref(), faults);
        NAME.apply(&self.names, &form, names, faults);
        DESCRIPTION.apply(&self.descriptions, &form, descriptions, faults);
        require_name(names, &NAME, faults);
        if self.position.is_some_and(|position| !(0..=MAX_POSITION).contains(&position)) {
            faults.add(POSITION, format!("A position is from 0 to {MAX_POSITION}."));
        }
    }

    /// Notes where a section, or a new one, may not stand below `parent`.
    pub(super) fn check_place(
        tree: &Parents,
        section: Option<SectionId>,
        parent: Option<SectionId>,
        faults: &mut Faults,
    ) {
        if let Err(misplaced) = tree.may_stand(section, parent) {
            faults.add(PARENT, misplaced.to_string());
        }
    }
}

/// Whether the viewer may change what stands right below `parent`, or at the top.
pub(super) fn may_change_below(viewer: &Viewer, parent: Option<SectionId>) -> Result<(), Denied> {
    match parent {
        Some(parent) => may(viewer, Action::ChangeSection(parent)),
        None => may(viewer, Action::CreateTopSection),
    }
}
