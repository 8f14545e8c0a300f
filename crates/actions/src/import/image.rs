//! Pictures: attachments go to the library, and so does every picture that a text shows. The bytes stay where they
//! are: nothing here makes a request.

use masthead_domain::article::ArticleId;
use masthead_domain::article::body::{Body, FigureImage, inline_text};
use masthead_domain::media::{ImageId, ImageSource};
use masthead_interchange::wordpress::content::AttachmentLink;
use masthead_interchange::wxr::{Post, PostStatus};
use masthead_persistence::media::NewImage;
use masthead_persistence::{ImportedInto, StoreError, Tx};
use url::Url;

use super::article::key_group;
use super::key;
use super::plain::plain_line;
use super::reason::Reason;
use super::report::{Group, Noun};
use super::run::{Known, Run, noun, noun_of};

/// Longest address that is kept, in bytes: browsers and an index of PostgreSQL take no more.
const LONGEST_ADDRESS: usize = 2000;

/// Metadata of attachments that is used.
const USED: [&str; 3] = ["_wp_attached_file", "_wp_attachment_metadata", "_wp_attachment_image_alt"];

/// What is known of a picture in a text before the library is asked.
struct Shown {
    address: Option<String>,
    image: NewImage,
    lacks_size: bool,
}

impl Run<'_> {
    /// Takes an attachment: a picture into the library, another file to where texts can refer to it.
    pub(super) async fn attachment_declare(
        &mut self,
        tx: &Tx,
        post: &Post,
        name: &str,
    ) -> Result<(), StoreError> {
        for (key, _) in post.meta.iter().filter(|(key, _)| !USED.contains(&key.as_str())) {
            self.report.tally(Group::CustomFields, key_group(key), post.line);
        }
        if matches!(post.status, Some(PostStatus::Trash | PostStatus::Private)) {
            let what = "the file was private or in the trash on the old site";
            self.tell(post.line, name, Reason::HiddenFile, what);
            return Ok(());
        }
        let address =
            post.attachment_url.as_deref().or(post.guid.as_deref()).and_then(|url| self.absolute(url));
        let Some(address) = address.filter(|address| address.len() <= LONGEST_ADDRESS) else {
            let what = "the file has no address, or none that can be used: it does not come in";
            self.tell(post.line, name, Reason::NoImageAddress, what);
            return Ok(());
        };
        let metadata = post.attachment_metadata().unwrap_or_default();
        let image = NewImage {
            source: ImageSource::Remote(address.clone()),
            width: metadata.width,
            height: metadata.height,
            alt: post.image_alt().map(plain_line).unwrap_or_default(),
            credit: metadata.credit.or(metadata.copyright).map(|credit| plain_line(&credit)),
            caption: Some(plain_line(&post.excerpt)).filter(|caption| !caption.is_empty()),
        };
        if !is_picture(&address, metadata.width.is_some()) {
            let what = format!("is no picture; texts that link to it still do: {address}");
            self.tell(post.line, name, Reason::NoPicture, what);
            if let Some(id) = post.id {
                let title = plain_line(&post.title);
                self.files.insert(id, AttachmentLink { url: address, alt: title, caption: String::new() });
            }
            return Ok(());
        }
        let is_repeated = post.id.is_some_and(|id| !self.image_numbers.insert(id));
        let key = post.id.map_or_else(|| key::bounded(&address), |number| number.to_string());
        match self.known(tx, noun::IMAGE, &key, ImportedInto::Image).await? {
            Known::Here(_) if is_repeated => {
                let what = format!(
                    "another attachment of the file has its number ({key}) too, and keeps it: {address}"
                );
                self.tell(post.line, name, Reason::RepeatedNumber, what);
                tx.image_add(&image, self.now).await?;
            }
            Known::Here(_) => self.report.already_here(Noun::Images),
            Known::Gone => self.tell_gone(post.line, name, "the picture"),
            Known::Never => {
                if !post.content.trim().is_empty() {
                    let what = "its long description did not come in: pictures have a caption and an alternative text";
                    self.tell(post.line, name, Reason::AttachmentText, what);
                }
                let id = tx.image_add(&image, self.now).await?;
                self.remember(tx, noun::IMAGE, &key, id.get()).await?;
                if let (Some(number), Some(parent)) = (post.id, post.parent) {
                    let key = format!("{}/{number}", post.menu_order);
                    self.remember(tx, &noun_of(noun::IMAGES_OF, &parent.to_string()), &key, id.get()).await?;
                }
                self.report.came_in(Noun::Images, None);
                self.lead_image_fill(tx, post, name, id).await?;
            }
        }
        Ok(())
    }

    /// Large sites export in several files, and a picture may come in after the articles it is the lead image of.
    async fn lead_image_fill(
        &mut self,
        tx: &Tx,
        post: &Post,
        name: &str,
        image: ImageId,
    ) -> Result<(), StoreError> {
        let Some(number) = post.id else { return Ok(()) };
        let mut filled = 0_u32;
        for (_, own) in
            tx.imported_all(&self.origin, &noun_of(noun::LACKS_IMAGE, &number.to_string())).await?
        {
            filled +=
                u32::from(tx.article_lead_image_fill(ArticleId::from_stored(own), image, self.now).await?);
        }
        if filled > 0 {
            let what = format!(
                "is the featured image of {filled} articles that came in before without it: they have it now"
            );
            self.tell(post.line, name, Reason::Completed, what);
        }
        Ok(())
    }

    /// The numbers of the pictures that were uploaded to an item, in its order.
    pub(super) async fn images_of(&self, tx: &Tx, post: &Post) -> Result<Vec<i64>, StoreError> {
        let Some(number) = post.id else { return Ok(Vec::new()) };
        let keys = tx.imported_all(&self.origin, &noun_of(noun::IMAGES_OF, &number.to_string())).await?;
        let mut places: Vec<(i64, i64)> = keys
            .iter()
            .filter_map(|(key, _)| key.split_once('/'))
            .filter_map(|(place, number)| Some((place.parse().ok()?, number.parse().ok()?)))
            .collect();
        places.sort_unstable();
        Ok(places.into_iter().map(|(_, number)| number).collect())
    }

    /// What a gallery or playlist needs of the attachment of a number.
    pub(super) async fn attachment(
        &self,
        tx: &Tx,
        number: i64,
    ) -> Result<Option<AttachmentLink>, StoreError> {
        if let Some(file) = self.files.get(&number) {
            return Ok(Some(file.clone()));
        }
        let Some(own) = tx.imported(&self.origin, noun::IMAGE, &number.to_string()).await? else {
            return Ok(None);
        };
        let image = tx.image(ImageId::from_stored(own)).await?;
        Ok(image.map(|image| AttachmentLink {
            url: image.location(None),
            alt: image.alt,
            caption: image.caption.as_deref().map(escape).unwrap_or_default(),
        }))
    }

    /// The featured image of an item.
    pub(super) async fn lead_image_of(
        &mut self,
        tx: &Tx,
        post: &Post,
        name: &str,
    ) -> Result<Option<ImageId>, StoreError> {
        let Some(number) = post.thumbnail_id() else { return Ok(None) };
        match self.known(tx, noun::IMAGE, &number.to_string(), ImportedInto::Image).await? {
            Known::Here(own) => Ok(Some(ImageId::from_stored(own))),
            Known::Gone | Known::Never => {
                let what = format!("its featured image (attachment {number}) is not in the file");
                self.tell(post.line, name, Reason::NoLeadImage, what);
                Ok(None)
            }
        }
    }

    /// Puts the pictures of a text into the library, ties them to it, and makes relative addresses whole.
    pub(super) async fn images_in(
        &mut self,
        tx: &Tx,
        post: &Post,
        name: &str,
        body: &mut Body,
    ) -> Result<(), StoreError> {
        let mut shown = Vec::new();
        body.for_each_image(&mut |image| shown.push(self.shown(image)));
        let mut tied = Vec::with_capacity(shown.len());
        let mut made_whole = 0_u32;
        for Shown { address, image, lacks_size } in shown {
            let Some(address) = address else {
                tied.push(None);
                continue;
            };
            let id = match self.images.get(&address) {
                Some(id) => *id,
                None => {
                    let id = tx.image_add(&image, self.now).await?;
                    self.images.insert(address.clone(), id);
                    id
                }
            };
            let size = match (lacks_size, image.width.zip(image.height)) {
                (false, _) => None,
                (true, Some(size)) => Some(size),
                (true, None) => tx.image(id).await?.and_then(|known| known.width.zip(known.height)),
            };
            tied.push(Some((id, address, size)));
        }
        let mut tied = tied.into_iter();
        body.for_each_image(&mut |image| {
            let Some((id, address, size)) = tied.next().flatten() else { return };
            image.id = Some(id);
            if image.src != address && !image.src.contains("://") {
                made_whole += 1;
                image.src = address;
            }
            if let (None, None, Some((width, height))) = (image.width, image.height, size) {
                (image.width, image.height) = (Some(width), Some(height));
            }
        });
        if made_whole > 0 {
            let what =
                format!("{made_whole} addresses of pictures were relative to the old site: made whole");
            self.tell(post.line, name, Reason::RelativeAddress, what);
        }
        Ok(())
    }

    fn shown(&self, image: &FigureImage) -> Shown {
        let address = self.absolute(&image.src).filter(|address| address.len() <= LONGEST_ADDRESS);
        // The width in the text is that of the picture on the page; only the file's name is sure to tell its own.
        let size = address.as_deref().and_then(size_in_name);
        let caption = inline_text(&image.caption);
        Shown {
            image: NewImage {
                source: ImageSource::Remote(address.clone().unwrap_or_default()),
                width: size.map(|(width, _)| width),
                height: size.map(|(_, height)| height),
                alt: image.alt.clone(),
                credit: image.credit.clone(),
                caption: Some(caption.trim().to_owned()).filter(|caption| !caption.is_empty()),
            },
            lacks_size: image.width.is_none() && image.height.is_none(),
            address,
        }
    }

    /// The whole address of a file on the web; none where there is no such thing.
    fn absolute(&self, address: &str) -> Option<String> {
        let address = address.trim();
        if address.contains(char::is_control) {
            return None;
        }
        match Url::parse(address) {
            // Kept as it was written: that is what texts are compared by.
            Ok(url) => {
                (matches!(url.scheme(), "http" | "https") && url.has_host()).then(|| address.to_owned())
            }
            Err(url::ParseError::RelativeUrlWithoutBase) if !address.is_empty() => {
                self.base.as_ref()?.join(address).ok().map(String::from)
            }
            Err(_) => None,
        }
    }
}

/// By the ending of the file's name; where it has none, by whether WordPress measured it.
fn is_picture(address: &str, is_measured: bool) -> bool {
    const ENDINGS: [&str; 14] = [
        "jpg", "jpeg", "jpe", "png", "gif", "webp", "avif", "svg", "bmp", "tif", "tiff", "ico", "heic",
        "heif",
    ];
    let name = file_name(address);
    match name.rsplit_once('.') {
        Some((_, ending)) if ending.len() <= 4 && !ending.is_empty() => {
            ENDINGS.iter().any(|known| ending.eq_ignore_ascii_case(known))
        }
        _ => is_measured,
    }
}

/// `harbour-300x200.jpg` is 300 by 200: WordPress names its smaller copies so.
fn size_in_name(address: &str) -> Option<(u32, u32)> {
    let (stem, _) = file_name(address).rsplit_once('.')?;
    let (_, size) = stem.rsplit_once('-')?;
    let (width, height) = size.split_once('x')?;
    let is_number = |text: &str| (1..=5).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
    if !(is_number(width) && is_number(height)) {
        return None;
    }
    Some((width.parse().ok().filter(|n| *n > 0)?, height.parse().ok().filter(|n| *n > 0)?))
}

fn file_name(address: &str) -> &str {
    let path = address.split(['?', '#']).next().unwrap_or(address);
    path.rsplit('/').next().unwrap_or(path)
}

/// Plain text as HTML.
fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pictures_are_told_by_their_names() {
        for (address, is) in [
            ("https://a.example/2024/05/ميناء.JPG?w=300", true),
            ("https://a.example/harbour.webp", true),
            ("https://a.example/report.pdf", false),
            ("https://a.example/interview.mp3", false),
            ("https://a.example/photo", false),
        ] {
            assert_eq!(is_picture(address, false), is, "{address}");
        }
        assert!(is_picture("https://cdn.example/image/12345", true));
    }

    #[test]
    fn copies_tell_their_size() {
        assert_eq!(size_in_name("https://a.example/x-300x200.jpg?v=1"), Some((300, 200)));
        for other in [
            "https://a.example/x.jpg",
            "https://a.example/route-66x.jpg",
            "https://a.example/a-0x9.png",
            "x-3000000x2.jpg",
        ] {
            assert_eq!(size_in_name(other), None, "{other}");
        }
    }
}
