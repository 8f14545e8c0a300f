//! The first pass over a file: the site, its authors, terms and pictures, and the texts that bodies share.
//!
//! Two passes, because an item may name a picture, a category or a text that stands behind it in the file. What the
//! first pass finds goes to the database at once, so that memory does not grow with the file.

use std::collections::{HashMap, HashSet};
use std::io::BufRead;

use chrono::{DateTime, Utc};
use masthead_interchange::authors_csv::AuthorRow;
use masthead_interchange::wxr::{
    Category, Channel, Ending, Entry, Polylang, Post, PostKind, PostStatus, Reader, Tag, Term,
};
use masthead_persistence::{Store, StoreError, Tx};

use super::author::Staff;
use super::batch::Batch;
use super::block::ReusableBlocks;
use super::key::{self, Numbers, Recent};
use super::reason::Reason;
use super::report::{Group, Note, Report};
use super::run::Run;
use super::section::Tree;
use super::term::Terms;
use super::{ImportError, Pass, Progress, item, site};

/// What the passes share with the caller.
pub(super) struct Order<'a> {
    pub(super) store: &'a Store,
    pub(super) authors_file: &'a [AuthorRow],
    pub(super) now: DateTime<Utc>,
}

/// Goes through the file once. None where it has no channel: then it is no export.
pub(super) async fn survey<'a, R: BufRead>(
    order: &Order<'a>,
    mut input: R,
    watch: &mut dyn FnMut(Progress),
) -> Result<Option<(Run<'a>, Channel)>, (ImportError, Option<Report>)> {
    let start = match input.fill_buf() {
        // The same of a file and of its beginning, cut anywhere behind.
        Ok(bytes) => bytes[..bytes.len().min(4096)].to_vec(),
        Err(error) => return Err((ImportError::Read(error), None)),
    };
    let mut reader = Reader::new(input);
    let channel = loop {
        match reader.next() {
            None => return Ok(None),
            Some(Err(error)) => return Err((ImportError::Read(error), None)),
            Some(Ok(Entry::Channel(channel))) => break channel,
            // The second pass tells problems.
            Some(Ok(_)) => {}
        }
    };
    let mut run = begin(order, &channel, &start).await.map_err(|error| (error, None))?;
    match declare_all(order, &mut run, reader, watch).await {
        Ok(()) => Ok(Some((run, channel))),
        Err(error) => Err((error, Some(run.report))),
    }
}

async fn begin<'a>(order: &Order<'a>, channel: &Channel, start: &[u8]) -> Result<Run<'a>, ImportError> {
    let tx = order.store.begin().await?;
    let (site, remark) = site::settle(&tx, channel, order.now).await?;
    tx.commit().await?;
    let mut report = Report::default();
    if let Some(what) = remark {
        report.note(Note { line: None, item: None, slug: None, reason: Reason::UnknownLanguage, what });
    }
    report.settle().map_err(ImportError::Report)?;
    Ok(Run {
        now: order.now,
        origin: key::origin(channel, start),
        base: key::base(channel),
        site,
        languages: HashMap::new(),
        authors_file: order.authors_file,
        authors_used: HashSet::new(),
        report,
        sections: Recent::default(),
        tags: Recent::default(),
        authors: Recent::default(),
        images: Recent::default(),
        files: Recent::default(),
        staff: Staff::default(),
        blocks: ReusableBlocks::default(),
        article_numbers: Numbers::default(),
        image_numbers: Numbers::default(),
        other_numbers: Numbers::default(),
    })
}

async fn declare_all<R: BufRead>(
    order: &Order<'_>,
    run: &mut Run<'_>,
    mut reader: Reader<R>,
    watch: &mut dyn FnMut(Progress),
) -> Result<(), ImportError> {
    let mut batch = Batch::new(order.store);
    let mut terms = Terms::default();
    let mut tree = Tree::default();
    let mut entries = 0;
    // Whether all terms were read: they stand before the items.
    let mut is_complete = true;
    let mut saw_item = false;
    while let Some(entry) = reader.next() {
        let tx = batch.tx().await?;
        match entry.map_err(ImportError::Read)? {
            Entry::Author(author) => run.author_declare(tx, &author).await?,
            Entry::Category(category) => terms.category(category),
            Entry::Tag(tag) => terms.tag(tag),
            Entry::Term(term) => match term.taxonomy.as_str() {
                "category" => terms.category(category(term)),
                "post_tag" => terms.tag(tag(term)),
                "term_translations" => terms.group(run, &term),
                _ => run.learn_term(&term),
            },
            Entry::Post(post) if post.kind == PostKind::Attachment => {
                saw_item = true;
                run.attachment_declare(tx, &post, &item::name(&post)).await?;
            }
            Entry::Post(post) => {
                saw_item = true;
                run.learn_block(*post);
            }
            Entry::End(ending) => is_complete = saw_item || !matches!(ending, Ending::Truncated { .. }),
            Entry::Channel(_) | Entry::Problem(_) => {}
        }
        if saw_item || terms.is_full() {
            declare_terms(run, batch.tx().await?, &mut terms, &mut tree).await?;
        }
        entries += 1;
        if batch.written(0, &mut run.report).await? {
            watch(Progress { pass: Pass::Library, entries, line: reader.line() });
        }
    }
    declare_terms(run, batch.tx().await?, &mut terms, &mut tree).await?;
    tree.finish(run, batch.tx().await?, is_complete).await?;
    batch.commit(&mut run.report).await?;
    watch(Progress { pass: Pass::Library, entries, line: reader.line() });
    Ok(())
}

/// Takes the terms that were held.
async fn declare_terms(
    run: &mut Run<'_>,
    tx: &Tx,
    terms: &mut Terms,
    tree: &mut Tree,
) -> Result<(), StoreError> {
    let (categories, tags) = terms.give(run);
    for category in categories {
        tree.declare(run, tx, category).await?;
    }
    for tag in tags {
        run.tag_declare(tx, tag).await?;
    }
    Ok(())
}

impl Run<'_> {
    /// Polylang's codes for languages. Terms of taxonomies that mean nothing here are counted.
    fn learn_term(&mut self, term: &Term) {
        if !matches!(term.taxonomy.as_str(), "language" | "post_translations" | "author" | "post_format") {
            self.report.tally(Group::Taxonomies, term.taxonomy.as_str(), term.line);
        }
        if let Some(Polylang::Language { locale, .. }) = &term.polylang {
            let tag = site::parse(&term.slug).or_else(|| locale.as_deref().and_then(site::parse));
            if let Some(tag) = tag {
                self.languages.insert(term.slug.clone(), tag);
            }
        }
    }

    /// A text that several bodies share; only public ones are put into bodies.
    fn learn_block(&mut self, post: Post) {
        if let (PostKind::Other(kind), Some(id), Some(PostStatus::Published)) =
            (&post.kind, post.id, &post.status)
            && kind == "wp_block"
            && !post.has_password
            && !self.blocks.keep(id, post.content)
        {
            self.tell(
                post.line,
                &post.title,
                Reason::TextLost,
                "a reusable block, beyond those that are kept: bodies show its mark",
            );
        }
    }
}

fn category(term: Term) -> Category {
    let Term { line, id, slug, parent, name, description, .. } = term;
    Category { line, id, slug, parent, name, description }
}

fn tag(term: Term) -> Tag {
    let Term { line, id, slug, name, description, .. } = term;
    Tag { line, id, slug, name, description }
}
