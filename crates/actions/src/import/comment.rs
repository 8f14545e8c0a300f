//! Comments: threads with their true parents, what moderation said of each, and none of the data about persons that
//! WordPress keeps beside them.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use masthead_domain::article::ArticleId;
use masthead_domain::comment::{CommentId, Status, text};
use masthead_domain::event::Event;
use masthead_domain::text::Direction;
use masthead_domain::user::EmailAddress;
use masthead_interchange::wxr::{Approval, Comment, CommentKind};
use masthead_persistence::comment::{NewComment, Parent};
use masthead_persistence::{StoreError, Tx};

use super::body::listed;
use super::comment_text::{CommentText, comment_text};
use super::key;
use super::plain::plain_line;
use super::reason::Reason;
use super::report::{Group, Noun};
use super::run::{Run, noun, noun_of};
use super::thread::{Above, in_order};

/// The article that comments stand below.
#[derive(Debug, Clone)]
pub(super) struct Below<'a> {
    pub(super) article: ArticleId,
    /// What the article is remembered by.
    pub(super) key: &'a str,
    /// Its title, for the report.
    pub(super) name: &'a str,
    pub(super) direction: Direction,
    /// Stands for the date of a comment that tells none.
    pub(super) date: DateTime<Utc>,
    /// Whether it came in just now: then none of its comments is here.
    pub(super) is_new: bool,
    /// Whether the file ends within its comments: those that are answered may stand behind.
    pub(super) is_cut: bool,
}

/// Where a comment is put.
enum Put {
    /// At the top.
    Top,
    /// Below what it answers.
    Below(Parent),
    /// Nowhere: an import of the whole file puts it where it belongs.
    Nowhere,
}

/// Where a comment of the file is here.
#[derive(Debug, Clone, Copy)]
enum Own {
    /// Not here.
    Nowhere,
    /// It came in by an earlier run.
    Earlier(CommentId),
    /// It is known in full.
    Known(Parent),
}

impl Run<'_> {
    /// Takes the comments of an item. Those that came in before are passed over.
    pub(super) async fn comments(
        &mut self,
        tx: &Tx,
        below: &Below<'_>,
        comments: Vec<Comment>,
    ) -> Result<(), StoreError> {
        let comments: Vec<Comment> =
            comments.into_iter().filter(|comment| self.is_for_readers(comment, below.name)).collect();
        if comments.is_empty() {
            return Ok(());
        }
        let noun = noun_of(noun::COMMENTS_OF, below.key);
        let here: HashMap<String, i64> = if below.is_new {
            HashMap::new()
        } else {
            tx.imported_all(&self.origin, &noun).await?.into_iter().collect()
        };
        let mut texts: HashMap<String, String> = HashMap::new();
        let mut owns: Vec<Own> = vec![Own::Nowhere; comments.len()];
        let order: Vec<(usize, Above, String)> = in_order(&comments)
            .into_iter()
            .filter_map(|(place, above)| {
                Some((place, above, self.comment_key(&comments[place], below.name, &mut texts)?))
            })
            .collect();
        let replies = shown_replies(&comments, &order);
        let mut came_in: Vec<(String, i64)> = Vec::new();
        let (mut public, mut threads) = (0, 0);
        for (place, above, key) in order {
            let comment = &comments[place];
            if let Some(own) = here.get(&key) {
                self.report.already_here(Noun::Comments);
                owns[place] = Own::Earlier(CommentId::from_stored(*own));
                continue;
            }
            let parent = match self.put(tx, below, comment, above, &mut owns, &here).await? {
                Put::Top => None,
                Put::Below(parent) => Some(parent),
                Put::Nowhere => continue,
            };
            let new = self.comment(below, comment, parent);
            let id = if below.is_new {
                public += u32::from(new.status.is_public());
                threads += u32::from(parent.is_none() && (new.status.is_public() || replies[place] > 0));
                tx.comment_add_uncounted(&new, replies[place]).await?
            } else {
                let id = tx.comment_add(&new).await?;
                self.tell_followers(tx, below.article, id, new.status);
                id
            };
            came_in.push((key, id.get()));
            self.report.came_in(Noun::Comments, Some(new.status.as_str()));
            let depth = parent.map_or(0, |parent| parent.depth.saturating_add(1));
            owns[place] = Own::Known(Parent {
                id,
                root: parent.map_or(id, |parent| parent.root),
                depth,
                status: new.status,
            });
        }
        if public > 0 {
            tx.comments_count(below.article, public, threads).await?;
        }
        let keys: Vec<(&str, i64)> = came_in.iter().map(|(key, own)| (key.as_str(), *own)).collect();
        tx.remember_imported(&self.origin, &noun, &keys).await
    }

    /// Counts what is dropped of a comment, and says whether a person wrote it for readers.
    pub(super) fn is_for_readers(&mut self, comment: &Comment, name: &str) -> bool {
        for (is_there, what) in [
            (comment.had_ip, "network addresses of commenters"),
            (comment.had_user_agent, "browser names of commenters"),
            (comment.author_url.is_some(), "web addresses of commenters"),
        ] {
            if is_there {
                self.report.tally(Group::PersonalData, what, comment.line);
            }
        }
        match &comment.kind {
            CommentKind::Comment => return true,
            CommentKind::Pingback => self.report.tally(Group::LinkBacks, "pingbacks", comment.line),
            CommentKind::Trackback => self.report.tally(Group::LinkBacks, "trackbacks", comment.line),
            CommentKind::Other(kind) => {
                let what = format!("a plugin's note of the kind “{kind}”, not a reader's comment");
                self.tell(comment.line, name, Reason::OtherComment, what);
            }
        }
        false
    }

    /// What a comment is remembered by; none for one that was there already.
    fn comment_key(
        &mut self,
        comment: &Comment,
        name: &str,
        texts: &mut HashMap<String, String>,
    ) -> Option<String> {
        let text = key::text_of_comment(comment);
        let key = comment.id.map_or_else(|| format!("#{text}"), |id| id.to_string());
        let unique = format!("{key}#{text}");
        match texts.get(&key) {
            None => {
                texts.insert(key.clone(), text);
                Some(key)
            }
            Some(first) if *first == text || texts.contains_key(&unique) => {
                let what = format!("the comment {key} is there twice: came in once");
                self.tell(comment.line, name, Reason::DoubleComment, what);
                None
            }
            Some(_) => {
                texts.insert(unique.clone(), text);
                Some(unique)
            }
        }
    }

    /// Where a comment is put: below what it answers, where that is here.
    async fn put(
        &mut self,
        tx: &Tx,
        below: &Below<'_>,
        comment: &Comment,
        above: Above,
        owns: &mut [Own],
        here: &HashMap<String, i64>,
    ) -> Result<Put, StoreError> {
        let (number, found) = match above {
            Above::Nothing => return Ok(Put::Top),
            Above::Itself => {
                let what = "answers itself, or comments answer each other in a circle: put at the top";
                self.tell(comment.line, below.name, Reason::CommentLoop, what);
                return Ok(Put::Top);
            }
            Above::Comment(place) => {
                let found = match owns[place] {
                    Own::Nowhere => None,
                    Own::Known(parent) => Some(parent),
                    Own::Earlier(id) => tx.comment_parent(below.article, id).await?,
                };
                owns[place] = found.map_or(Own::Nowhere, Own::Known);
                (comment.parent, found)
            }
            Above::Missing(number) => {
                let earlier = here.get(&number.to_string()).map(|own| CommentId::from_stored(*own));
                let found = match earlier {
                    Some(id) => tx.comment_parent(below.article, id).await?,
                    None => None,
                };
                (Some(number), found)
            }
        };
        if let Some(parent) = found {
            return Ok(Put::Below(parent));
        }
        let number = number.map_or_else(String::new, |number| format!(" ({number})"));
        if below.is_cut {
            let what = format!("the file is cut off before the comment it answers{number}: does not come in");
            self.tell(comment.line, below.name, Reason::CutOff, what);
            return Ok(Put::Nowhere);
        }
        let what =
            format!("the comment it answers{number} is not in the file, or did not come in: put at the top");
        self.tell(comment.line, below.name, Reason::OrphanComment, what);
        Ok(Put::Top)
    }

    fn comment(&mut self, below: &Below<'_>, comment: &Comment, parent: Option<Parent>) -> NewComment {
        let CommentText { text: plain, flattened, losses } = comment_text(&comment.content);
        self.tell_losses(comment.line, below.name, &losses, "a comment");
        if !flattened.is_empty() {
            let list = listed(flattened.iter().map(|(what, count)| (*what, *count)));
            let what = format!("a comment is plain text here; of its markup is gone: {list}");
            self.tell(comment.line, below.name, Reason::CommentMarkup, what);
        }
        if plain.is_empty() {
            self.tell(
                comment.line,
                below.name,
                Reason::EmptyComment,
                "a comment without a word: came in empty",
            );
        }
        let created_at = comment.left_at().unwrap_or_else(|| {
            let what = "a comment without a date: it got its article's";
            self.tell(comment.line, below.name, Reason::UndatedComment, what);
            below.date
        });
        let email = comment.author_email.as_deref().map(EmailAddress::parse);
        if email.as_ref().is_some_and(Result::is_err) {
            let what = "what its writer gave as an e-mail address is none: not kept";
            self.tell(comment.line, below.name, Reason::CommentAddress, what);
        }
        if let Approval::Other(word) = &comment.approved {
            let what = format!(
                "a comment with the status “{word}”, which is not WordPress's: it waits for a moderator"
            );
            self.tell(comment.line, below.name, Reason::UnknownApproval, what);
        }
        NewComment {
            article: below.article,
            parent,
            status: status(&comment.approved),
            author_name: Some(plain_line(&comment.author)).filter(|name| !name.is_empty()),
            author_email: email.and_then(Result::ok),
            writer_key: None,
            user: None,
            address_hash: None,
            by_staff: self.staff.wrote(comment),
            direction: text::direction(&plain, below.direction),
            html: text::html(&plain),
            text: plain,
            created_at,
        }
    }

    /// A comment that is new below an article that readers have: who follows its page is told.
    fn tell_followers(&self, tx: &Tx, article: ArticleId, comment: CommentId, status: Status) {
        match status {
            Status::Published => tx.append(Event::CommentPublished { comment, article }, self.now),
            Status::Pending => tx.append(Event::CommentHeld { comment, article }, self.now),
            Status::Rejected | Status::Spam | Status::Withdrawn => {}
        }
    }

    /// Comments of what does not come in.
    pub(super) fn comments_left_out(&mut self, comments: &[Comment], name: &str) {
        for comment in comments {
            if !self.is_for_readers(comment, name) {
                continue;
            }
            let what = "a comment below something that does not come in as an article";
            self.tell(comment.line, name, Reason::OtherComment, what);
        }
    }
}

/// What moderation said, in the newsroom's words.
const fn status(approved: &Approval) -> Status {
    match approved {
        Approval::Approved => Status::Published,
        Approval::Pending | Approval::Other(_) => Status::Pending,
        Approval::Spam => Status::Spam,
        Approval::Trash | Approval::PostTrashed => Status::Rejected,
    }
}

/// How many answers to each comment readers will be shown: public ones, and places of others that have such answers.
fn shown_replies(comments: &[Comment], order: &[(usize, Above, String)]) -> Vec<u32> {
    let mut replies = vec![0; comments.len()];
    // From the bottom up: a comment comes after the one that it answers.
    for (place, above, _) in order.iter().rev() {
        if let Above::Comment(parent) = above
            && (status(&comments[*place].approved).is_public() || replies[*place] > 0)
        {
            replies[*parent] += 1;
        }
    }
    replies
}
