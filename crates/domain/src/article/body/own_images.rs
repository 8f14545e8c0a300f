//! The pictures of our own library in a body: which it names, and filling in what the library knows of them. It must not
//! look anything up: whoever stores the body does.

use std::collections::{BTreeSet, HashMap};

use super::parts::{Part, for_each};
use super::{Body, FigureImage, Inline};
use crate::media::{Image, ImageId, ImageSource, WIDTHS, is_stored_name};

/// How a body names a picture of the library.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ImageReference {
    /// By its key.
    Id(ImageId),
    /// By the name of its file below `/media/`.
    Stored(String),
}

impl ImageReference {
    /// Whether this is how a picture of the library is named.
    #[must_use]
    pub fn names(&self, image: &Image) -> bool {
        match self {
            Self::Id(id) => *id == image.id,
            Self::Stored(name) => matches!(&image.source, ImageSource::Stored(stored) if stored == name),
        }
    }

    fn of(image: &FigureImage) -> Option<Self> {
        if let Some(id) = image.id {
            return Some(Self::Id(id));
        }
        let path = image.src.strip_prefix("/media/")?;
        // The address of another size of it.
        let unsized_path = path
            .split_once('/')
            .filter(|(width, name)| is_offered_width(width) && is_stored_name(name))
            .map_or(path, |(_, name)| name);
        is_stored_name(unsized_path).then(|| Self::Stored(unsized_path.to_owned()))
    }
}

fn is_offered_width(segment: &str) -> bool {
    segment.parse().is_ok_and(|width| WIDTHS.contains(&width))
}

impl Body {
    /// The pictures of the library that stand in a block of their own or in a gallery, each once.
    #[must_use]
    pub fn image_references(&self) -> BTreeSet<ImageReference> {
        let mut references = BTreeSet::new();
        self.clone().for_each_image(&mut |image| references.extend(ImageReference::of(image)));
        references
    }

    /// Fills in what the library knows of the pictures named: key, address and size of the original, and where the body
    /// says nothing, its description and who made it. A caption is never filled in. Answers the references that are not
    /// in `library`; their pictures stay as they are.
    pub fn tie_images(&mut self, library: &HashMap<ImageReference, Image>) -> BTreeSet<ImageReference> {
        let mut missing = BTreeSet::new();
        self.for_each_image(&mut |figure| {
            let Some(reference) = ImageReference::of(figure) else { return };
            let Some(image) = library.get(&reference) else {
                missing.insert(reference);
                return;
            };
            figure.id = Some(image.id);
            figure.src = image.location(None);
            figure.width = image.width;
            figure.height = image.height;
            if figure.alt.is_empty() {
                figure.alt.clone_from(&image.alt);
            }
            if figure.credit.is_none() {
                figure.credit.clone_from(&image.credit);
            }
        });
        missing
    }

    /// Makes the full addresses of our own pictures, as clients read them, what they are within: `/media/…`. `origin` is
    /// what the site's addresses begin with, without a slash at the end.
    pub fn strip_origin(&mut self, origin: &str) {
        let strip = |src: &mut String| {
            let path = src.strip_prefix(origin).filter(|path| path.starts_with("/media/")).map(str::to_owned);
            if let Some(path) = path {
                *src = path;
            }
        };
        self.for_each_image(&mut |image| strip(&mut image.src));
        let written = format!(" src=\"{origin}/media/");
        for_each(&mut self.0, &mut |part| match part {
            Part::Line(line) | Part::Heading(_, line) => {
                for piece in line {
                    if let Inline::Image(image) = piece {
                        strip(&mut image.src);
                    }
                }
            }
            Part::Markup(html) => {
                if html.contains(&written) {
                    *html = html.replace(&written, " src=\"/media/");
                }
            }
            Part::Address(_) => {}
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stored(key: i64, name: &str) -> Image {
        Image {
            id: ImageId::from_stored(key),
            source: ImageSource::Stored(name.to_owned()),
            width: Some(1600),
            height: Some(900),
            alt: "الميناء".to_owned(),
            credit: Some("R. K.".to_owned()),
            caption: Some("of the library".to_owned()),
            focal_point: None,
            own_work: false,
        }
    }

    #[test]
    fn pictures_are_tied_by_key_and_by_address() {
        let (mut body, _) = Body::from_html(
            "<img src=/media/demo/a.jpg alt=x width=300><figure class=gallery><img src=/media/640/b.png><img src=KEY></figure>\
             <img src=/media/none.jpg><img src=https://example.org/c.jpg><img src=/media/../x.jpg>",
        );
        body.for_each_image(&mut |image| {
            if image.src == "KEY" {
                image.id = Some(ImageId::from_stored(3));
            }
        });
        let name = |name: &str| ImageReference::Stored(name.to_owned());
        let key = ImageReference::Id(ImageId::from_stored(3));
        let references = [key.clone(), name("b.png"), name("demo/a.jpg"), name("none.jpg")];
        assert_eq!(body.image_references(), references.clone().into());
        let images = [stored(3, "c.webp"), stored(2, "b.png"), stored(1, "demo/a.jpg")];
        for (reference, image) in references.iter().zip(&images) {
            assert!(reference.names(image));
            assert!(!references[3].names(image));
        }
        let library: HashMap<_, _> = references.into_iter().zip(images).collect();
        assert_eq!(body.tie_images(&library), [name("none.jpg")].into());
        let mut seen = Vec::new();
        body.for_each_image(&mut |image| {
            seen.push(format!(
                "{} {:?} {:?} {} {:?}",
                image.src,
                image.id.map(ImageId::get),
                image.width,
                image.alt,
                image.credit
            ));
            assert!(image.caption.is_empty());
        });
        assert_eq!(
            seen,
            [
                "/media/demo/a.jpg Some(1) Some(1600) x Some(\"R. K.\")",
                "/media/b.png Some(2) Some(1600) الميناء Some(\"R. K.\")",
                "/media/c.webp Some(3) Some(1600) الميناء Some(\"R. K.\")",
                "/media/none.jpg None None  None",
                "https://example.org/c.jpg None None  None",
                "/media/../x.jpg None None  None",
            ]
        );
        let tied = body.clone();
        let library = library.into_values().map(|image| (ImageReference::Id(image.id), image)).collect();
        assert_eq!(body.tie_images(&library), [name("none.jpg")].into());
        assert_eq!(body, tied, "tying twice changes nothing");
    }

    #[test]
    fn our_own_full_addresses_are_taken_for_what_they_are() {
        let html = |origin: &str| {
            format!(
                "<figure><img src=\"{origin}/media/a.jpg\" alt=\"\"></figure>\n\
                 <p>a <img src=\"{origin}/media/i.png\" alt=\"\" width=\"16\"></p>\n\
                 <table><tbody><tr><td><img src=\"{origin}/media/b.jpg\" alt=\"\"></td></tr></tbody></table>\n\
                 <p><a href=\"https://phare.example/a\" rel=\"noopener\">x</a></p>"
            )
        };
        let (mut body, _) = Body::from_html(&html("https://phare.example"));
        body.strip_origin("https://phare.example");
        assert_eq!(body, Body::from_html(&html("")).0);
        let (mut other, _) = Body::from_html(&html("https://phare.example.org"));
        let before = other.clone();
        other.strip_origin("https://phare.example");
        assert_eq!(other, before);
    }
}
