//! What is said of an author: the same of a new one and of one that is there.

use masthead_domain::author::{Link, MAX_BIOGRAPHY, MAX_LINKS, MAX_NAME, MAX_ROLE};
use masthead_domain::media::ImageId;
use masthead_domain::site::Site;
use masthead_domain::text::LanguageTag;
use masthead_persistence::author::AuthorProfile;
use masthead_persistence::{StoreError, Tx};

use crate::article::input::Patch;
use crate::refused::{Fault, Faults};
use crate::texts::{Form, TextChange, TextField, require_name};

/// The author's form. What says nothing of a field leaves it as it is.
#[derive(Debug, Clone, Default)]
pub struct AuthorForm {
    /// The slug asked for.
    pub slug: Option<String>,
    /// The language in which it is filled in; `None`: the site's.
    pub locale: Option<LanguageTag>,
    /// The name.
    pub names: TextChange,
    /// What the author does at the paper.
    pub roles: TextChange,
    /// A short biography.
    pub biographies: TextChange,
    /// Labels with addresses, as they were typed.
    pub links: Patch<Vec<(String, String)>>,
    /// A portrait.
    pub avatar: Patch<ImageId>,
}

const NAME: TextField = TextField::line("input.name", "input.names", MAX_NAME);
const ROLE: TextField = TextField::line("input.role", "input.roles", MAX_ROLE);
const BIOGRAPHY: TextField = TextField::lines("input.bio", "input.bios", MAX_BIOGRAPHY);
const LINKS: &str = "input.links";
const AVATAR: &str = "input.avatarId";

impl AuthorForm {
    /// Puts what is said into a profile, but for the slug.
    pub(super) async fn apply(
        &self,
        tx: &Tx,
        site: &Site,
        profile: &mut AuthorProfile,
        faults: &mut Faults,
    ) -> Result<(), StoreError> {
        let form = Form::open(site, self.locale.as_ref(), faults);
        NAME.apply(&self.names, &form, &mut profile.names, faults);
        ROLE.apply(&self.roles, &form, &mut profile.roles, faults);
        BIOGRAPHY.apply(&self.biographies, &form, &mut profile.biographies, faults);
        require_name(&profile.names, &NAME, faults);
        match &self.links {
            Patch::Keep => {}
            Patch::Clear => profile.links = Vec::new(),
            Patch::Set(said) => profile.links = faults.take(links(said)).unwrap_or_default(),
        }
        match self.avatar {
            Patch::Keep => {}
            Patch::Clear => profile.avatar = None,
            Patch::Set(image) if tx.image_exists(image).await? => profile.avatar = Some(image),
            Patch::Set(_) => faults.add(AVATAR, "There is no such picture."),
        }
        Ok(())
    }
}

fn links(said: &[(String, String)]) -> Result<Vec<Link>, Fault> {
    if said.len() > MAX_LINKS {
        return Err(Fault::new(
            LINKS,
            format!("An author has at most {MAX_LINKS} links, not {}.", said.len()),
        ));
    }
    let link = |(label, address): &(String, String)| {
        Link::parse(label, address).map_err(|wrong| Fault::new(LINKS, wrong.to_string()))
    };
    said.iter().map(link).collect()
}
