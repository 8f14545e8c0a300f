//! A comment for its own writer, who has shown its receipt: with all that is kept of who wrote it. What a receipt is, is the
//! actions' affair.

use masthead_domain::comment::pipeline::Rules;
use masthead_domain::comment::{Comment, CommentId, Status};
use masthead_domain::user::{EmailAddress, UserId};

use super::read::{COMMENT, comment};
use super::rules::{BELOW_ARTICLE, MERGED, merged};
use crate::columns::Columns;
use crate::reads::Reads;
use crate::row::Row;
use crate::store::StoreError;
use crate::tx::Tx;

/// A comment with what its writer may know of it.
#[derive(Debug, Clone, PartialEq)]
pub struct OwnComment {
    /// The comment, with all its text.
    pub comment: Comment,
    /// Where it stands.
    pub status: Status,
    /// It waits because its writer is banned without being told.
    pub shadowed: bool,
    /// What is kept of its writer.
    pub by: LeftBy,
    /// The rules below its article.
    pub rules: Rules,
}

/// Who left a comment, as far as that is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeftBy {
    /// The writer's hash.
    pub writer: Option<Vec<u8>>,
    /// The login.
    pub user: Option<UserId>,
    /// The address that was typed.
    pub email: Option<EmailAddress>,
    /// Whether a hash of the network address is kept.
    pub address: bool,
}

const OWN: &str = "c.status, (c.status = 'PENDING' AND EXISTS (SELECT 1 FROM comment_findings f WHERE f.comment_id = c.id \
         AND f.phase = 'BANNED' AND f.verdict = 'HOLD')), \
     c.writer_key, c.user_id, c.author_email, (c.address_hash IS NOT NULL)";

impl Reads {
    /// A comment for its writer, wherever it stands. `None`: it is not there, or was erased. One statement.
    pub async fn own_comment(&self, id: CommentId) -> Result<Option<OwnComment>, StoreError> {
        self.row(&sql(), vec![id.get().into()]).await?.as_ref().map(own).transpose()
    }
}

impl Tx {
    /// A comment for its writer, wherever it stands. `None`: it is not there, or was erased. One statement.
    pub async fn own_comment(&self, id: CommentId) -> Result<Option<OwnComment>, StoreError> {
        self.row(&sql(), vec![id.get().into()]).await?.as_ref().map(own).transpose()
    }

    /// Whether a comment is there, and was not erased. One statement.
    pub async fn comment_is_kept(&self, id: CommentId) -> Result<bool, StoreError> {
        let sql = "SELECT 1 FROM comments WHERE id = $1 AND erased_at IS NULL";
        Ok(self.row(sql, vec![id.get().into()]).await?.is_some())
    }
}

fn sql() -> String {
    format!(
        "SELECT {MERGED}, {OWN}, {COMMENT} FROM {BELOW_ARTICLE} JOIN comments c ON c.article_id = a.id \
         WHERE c.id = $1 AND c.erased_at IS NULL"
    )
}

fn own(row: &Row) -> Result<OwnComment, StoreError> {
    let mut columns = Columns::of(row);
    Ok(OwnComment {
        rules: merged(&mut columns)?,
        status: columns.word("comments.status")?,
        shadowed: columns.next()?,
        by: LeftBy {
            writer: columns.next()?,
            user: columns.id_or_none()?,
            email: columns.next::<Option<String>>()?.map(EmailAddress::from_stored),
            address: columns.next()?,
        },
        comment: comment(&mut columns)?,
    })
}
