//! Where an address of this site leads: to what stands there today, to where that went, or to what was deleted.
//!
//! Rows of all that may stand at one path are asked for at once, and the likeliest that the viewer sees wins: what is
//! there today before what was there, and only then what is gone. It must not know how paths are spelled.

use masthead_domain::article::ArticleId;
use masthead_domain::author::AuthorId;
use masthead_domain::section::SectionId;
use masthead_domain::site::address::{Candidates, Listed};
use masthead_domain::tag::TagId;
use sea_orm::Value;

use crate::columns::Columns;
use crate::reads::{Reads, bind};
use crate::slugs::Named;
use crate::store::StoreError;

/// What an address leads to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Destination {
    /// An article or a page, one that the viewer sees.
    Article(ArticleId),
    /// The list of a section.
    Section(SectionId),
    /// The list of a tag; whether the viewer sees the tag is not looked at.
    Tag(TagId),
    /// The list of an author.
    Author(AuthorId),
}

/// What is known of an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AddressStanding {
    /// This stands there.
    Current(Destination),
    /// This stood there, and has another address now.
    Moved(Destination),
    /// An article that readers knew stood there, and was deleted.
    Gone,
}

impl Reads {
    /// What stands or stood at an address. `None`: nothing that this viewer may know of. One statement.
    pub async fn address(&self, candidates: &Candidates) -> Result<Option<AddressStanding>, StoreError> {
        let mut question = Question::default();
        let seen = self.sight().sees("a");
        for named in &candidates.articles {
            let todays = if named.by_todays_shape { 'C' } else { 'M' };
            for (standing, from, owner) in [
                (todays, format!("articles a WHERE {seen} AND"), "a"),
                ('M', format!("former_slugs f JOIN articles a ON a.id = f.article_id WHERE {seen} AND"), "f"),
            ] {
                let (locale, slug) =
                    (question.bind(named.locale.as_str()), question.bind(named.slug.as_str()));
                question.may_be(
                    standing,
                    'A',
                    "a.id",
                    &format!("{from} {owner}.locale = {locale} AND {owner}.slug_key = {slug}"),
                );
            }
        }
        if let Some((listed, _, slug)) = &candidates.list {
            let (letter, noun) = match listed {
                Listed::Section => ('S', Named::Section),
                Listed::Tag => ('T', Named::Tag),
                Listed::Author => ('B', Named::Author),
            };
            let (table, former, owner) = (noun.table(), noun.former(), noun.owner());
            let key = question.bind(slug.as_str());
            question.may_be('C', letter, "x.id", &format!("{table} x WHERE x.slug_key = {key}"));
            let key = question.bind(slug.as_str());
            question.may_be(
                'M',
                letter,
                &format!("x.{owner}"),
                &format!("{former} x WHERE x.slug_key = {key}"),
            );
        }
        for path in &candidates.former {
            let path = question.bind(path.as_str());
            question.may_be(
                'M',
                'A',
                "a.id",
                &format!(
                    "former_paths f JOIN articles a ON a.id = f.article_id WHERE {seen} AND f.path = {path}"
                ),
            );
        }
        for named in &candidates.articles {
            let (locale, slug) = (question.bind(named.locale.as_str()), question.bind(named.slug.as_str()));
            question.may_be(
                'G',
                '-',
                "0",
                &format!("gone_slugs g WHERE g.locale = {locale} AND g.slug_key = {slug}"),
            );
        }
        for path in &candidates.former {
            let path = question.bind(path.as_str());
            question.may_be('G', '-', "0", &format!("gone_paths g WHERE g.path = {path}"));
        }
        let Some((sql, values)) = question.asked() else { return Ok(None) };
        let Some(row) = self.row(&sql, values).await? else { return Ok(None) };
        standing(&mut Columns::of(&row)).map(Some)
    }
}

fn standing(columns: &mut Columns<'_>) -> Result<AddressStanding, StoreError> {
    let (standing, noun): (String, String) = (columns.next()?, columns.next()?);
    if standing == "G" {
        return Ok(AddressStanding::Gone);
    }
    let destination = match noun.as_str() {
        "A" => Destination::Article(columns.id()?),
        "S" => Destination::Section(columns.id()?),
        "T" => Destination::Tag(columns.id()?),
        _ => Destination::Author(columns.id()?),
    };
    Ok(if standing == "C" {
        AddressStanding::Current(destination)
    } else {
        AddressStanding::Moved(destination)
    })
}

/// What a path may stand for, the likeliest first.
#[derive(Default)]
struct Question {
    parts: Vec<String>,
    values: Vec<Value>,
}

impl Question {
    fn bind(&mut self, value: &str) -> String {
        bind(&mut self.values, value)
    }

    fn may_be(&mut self, standing: char, noun: char, id: &str, from: &str) {
        let rank = self.parts.len();
        self.parts.push(format!(
            "SELECT {rank} AS rank, '{standing}' AS standing, '{noun}' AS noun, {id} AS id FROM {from}"
        ));
    }

    fn asked(self) -> Option<(String, Vec<Value>)> {
        let all = self.parts.join(" UNION ALL ");
        let sql = format!("SELECT q.standing, q.noun, q.id FROM ({all}) q ORDER BY q.rank LIMIT 1");
        (!self.parts.is_empty()).then_some((sql, self.values))
    }
}
