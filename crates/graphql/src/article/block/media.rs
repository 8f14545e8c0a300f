//! The blocks that show something besides writing: pictures, and what other sites hold.

use std::sync::Arc;

use async_graphql::Object;
use masthead_domain::article::body::{self, FigureImage};

use super::{Shown, line};
use crate::eager::{Eager, EagerList};
use crate::edition::Edition;
use crate::media::Image;
use crate::scalar::{Html, Url};
use crate::site::Direction;

/// See the object below.
pub(crate) struct FigureBlock<'a> {
    pub(super) shown: Shown<'a>,
    pub(super) image: &'a FigureImage,
    pub(super) edition: &'a Arc<Edition>,
}

/// A picture that stands by itself.
#[Object]
impl FigureBlock<'_> {
    /// The reading direction: as its author said, else of the first letters in it, else of the article.
    pub(super) async fn direction(&self) -> Direction {
        self.shown.direction()
    }

    /// The block as one HTML element, sanitised.
    fn html(&self) -> Html {
        self.shown.html()
    }

    /// The block as plain text.
    fn text(&self) -> String {
        self.shown.text()
    }

    /// The picture, with the words it has here.
    fn image(&self) -> Eager<Image> {
        Eager(Image::figure(self.image, self.edition.clone()))
    }

    /// The text below it with its marks, as HTML, sanitised; `image.caption` is the same as plain text. `null` where there
    /// is none.
    fn caption_html(&self) -> Option<Html> {
        self.shown.line_html(&self.image.caption)
    }

    /// The address that a click on it leads to. `null` where it leads nowhere.
    fn link(&self) -> Option<Url> {
        self.image.link.clone().map(|link| self.edition.absolute(link))
    }
}

/// See the object below.
pub(crate) struct GalleryBlock<'a> {
    pub(super) shown: Shown<'a>,
    pub(super) images: &'a [FigureImage],
    pub(super) caption: &'a [body::Inline],
    pub(super) edition: &'a Arc<Edition>,
}

/// Several pictures that belong together.
#[Object]
impl GalleryBlock<'_> {
    /// The reading direction: as its author said, else of the first letters in it, else of the article.
    pub(super) async fn direction(&self) -> Direction {
        self.shown.direction()
    }

    /// The block as one HTML element, sanitised.
    fn html(&self) -> Html {
        self.shown.html()
    }

    /// The block as plain text.
    fn text(&self) -> String {
        self.shown.text()
    }

    /// The pictures in their order, with the words they have here; at least one.
    fn images(&self) -> EagerList<Eager<Image>> {
        self.images.iter().map(|image| Eager(Image::figure(image, self.edition.clone()))).collect()
    }

    /// The text below them all, plain text. `null` where there is none.
    fn caption(&self) -> Option<String> {
        line(self.caption)
    }

    /// The text below them all with its marks, as HTML, sanitised. `null` where there is none.
    fn caption_html(&self) -> Option<Html> {
        self.shown.line_html(self.caption)
    }
}

/// See the object below.
pub(crate) struct EmbedBlock<'a> {
    pub(super) shown: Shown<'a>,
    pub(super) url: &'a str,
    pub(super) provider: Option<&'a str>,
    pub(super) caption: &'a [body::Inline],
}

/// Something of another site: a film, a post, a map; or a sound or film file. Showing it in a frame is the client's choice: `html` never holds one.
#[Object]
impl EmbedBlock<'_> {
    /// The reading direction: as its author said, else of the first letters in it, else of the article.
    pub(super) async fn direction(&self) -> Direction {
        self.shown.direction()
    }

    /// The block as one HTML element, sanitised.
    fn html(&self) -> Html {
        self.shown.html()
    }

    /// The block as plain text.
    fn text(&self) -> String {
        self.shown.text()
    }

    /// Its address, http or https.
    fn url(&self) -> Url {
        Url(self.url.to_owned())
    }

    /// The other site's name where we know it: `YouTube`. `null` for others.
    fn provider(&self) -> Option<&str> {
        self.provider
    }

    /// The text below it, plain text. `null` where there is none.
    fn caption(&self) -> Option<String> {
        line(self.caption)
    }

    /// The text below it with its marks, as HTML, sanitised. `null` where there is none.
    fn caption_html(&self) -> Option<Html> {
        self.shown.line_html(self.caption)
    }
}
