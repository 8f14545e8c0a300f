//! What a letter says, read when it is sent; nothing where there is nothing more to say.

use chrono::{DateTime, Utc};
use masthead_domain::article::ArticleId;
use masthead_domain::user::{EmailAddress, UserId};
use masthead_domain::viewer::Viewer;

use super::queue::{REVIEWERS, WRITERS};
use super::{About, DueLetter, LetterFacts, LetterKind, Recipient};
use crate::columns::Columns;
use crate::store::{Store, StoreError};

/// Recipient, article, its state, its title, and the step that the letter is about: who took it, with which words.
/// Binds the letter as $1 and the step as $2.
const ARTICLE: &str = "SELECT u.name, u.email, u.role, a.id, a.status, h.title, e.name, s.reason FROM letters l \
     JOIN users u ON u.id = l.user_id JOIN articles a ON a.id = l.article_id JOIN revisions h ON h.id = a.head_revision \
     LEFT JOIN revisions s ON s.article_id = a.id AND s.number = (SELECT MAX(x.number) FROM revisions x \
         WHERE x.article_id = a.id AND x.change = $2 AND x.created_at <= l.happened_at) \
     LEFT JOIN users e ON e.id = s.editor_id WHERE l.id = $1";

const INVITATION: &str = "SELECT i.id, e.name FROM letters l JOIN invitations i ON i.id = l.invitation_id \
     LEFT JOIN users e ON e.id = i.invited_by WHERE l.id = $1";

impl Store {
    /// What a letter says. `None`: the article waits for no review any more, it is not the recipient's any more, the
    /// recipient is gone, the invitation was accepted or has ended, the password was set already, the follow is confirmed
    /// already, readers see none of the comments any more.
    pub async fn letter_facts(
        &self,
        letter: &DueLetter,
        now: DateTime<Utc>,
    ) -> Result<Option<LetterFacts>, StoreError> {
        match (letter.to, letter.kind) {
            (Recipient::User(user), LetterKind::ReviewRequested) => self.review(letter.id, user).await,
            (Recipient::User(user), LetterKind::ArticleReturned) => self.returned(letter.id, user).await,
            (Recipient::User(user), LetterKind::PasswordReset) => self.forgetful(user).await,
            (Recipient::User(_), LetterKind::Mentioned) => self.mentioned(letter.id).await,
            (Recipient::User(user), LetterKind::NamedInNote) => self.named_in_note(letter.id, user).await,
            (Recipient::Follower(follow), LetterKind::FollowAsked) => self.asked(letter.id, follow).await,
            (Recipient::Follower(follow), LetterKind::ThreadNews) => self.news(letter.id, follow).await,
            (Recipient::Invited(_), LetterKind::Invitation) => self.invited(letter.id, now).await,
            // No kind goes to another kind of recipient.
            (Recipient::User(_) | Recipient::Invited(_) | Recipient::Follower(_), _) => Ok(None),
        }
    }

    async fn review(&self, letter: i64, user: UserId) -> Result<Option<LetterFacts>, StoreError> {
        let Some(row) = self.article_facts(letter, "SUBMITTED").await? else { return Ok(None) };
        let still = row.status == "IN_REVIEW"
            && self.is_one_of(REVIEWERS, row.article, Some(&row.role), user).await?;
        Ok(still.then_some(LetterFacts {
            name: row.name,
            address: row.address,
            by: row.by,
            language: None,
            about: About::ReviewRequested { title: row.title },
        }))
    }

    async fn returned(&self, letter: i64, user: UserId) -> Result<Option<LetterFacts>, StoreError> {
        let Some(row) = self.article_facts(letter, "RETURNED").await? else { return Ok(None) };
        let still = self.is_one_of(WRITERS, row.article, None, user).await?;
        Ok(still.then_some(LetterFacts {
            name: row.name,
            address: row.address,
            by: row.by,
            language: None,
            about: About::ArticleReturned { title: row.title, note: row.reason },
        }))
    }

    async fn invited(&self, letter: i64, now: DateTime<Utc>) -> Result<Option<LetterFacts>, StoreError> {
        let rows = self.ask(INVITATION, vec![letter.into()]).await?;
        let Some(row) = rows.first() else { return Ok(None) };
        let mut columns = Columns::of(row);
        let (id, by) = (columns.id()?, columns.next()?);
        let invitation = self.reads_as(Viewer::Guest).invitation(id).await?;
        let Some(invitation) = invitation.filter(|invitation| invitation.is_open(now)) else {
            return Ok(None);
        };
        Ok(invitation.to.clone().map(|(address, name)| LetterFacts {
            name,
            address: Some(address),
            by,
            language: None,
            about: About::Invitation(invitation),
        }))
    }

    async fn forgetful(&self, user: UserId) -> Result<Option<LetterFacts>, StoreError> {
        let sql = "SELECT u.name, u.email FROM users u WHERE u.id = $1 AND u.disabled_at IS NULL \
             AND EXISTS (SELECT 1 FROM password_resets r WHERE r.user_id = u.id)";
        let rows = self.ask(sql, vec![user.get().into()]).await?;
        let Some(row) = rows.first() else { return Ok(None) };
        let mut columns = Columns::of(row);
        Ok(Some(LetterFacts {
            name: columns.next()?,
            address: EmailAddress::parse(&columns.next::<String>()?).ok(),
            by: None,
            language: None,
            about: About::PasswordReset(user),
        }))
    }

    async fn article_facts(&self, letter: i64, step: &str) -> Result<Option<ArticleFacts>, StoreError> {
        let rows = self.ask(ARTICLE, vec![letter.into(), step.into()]).await?;
        let Some(row) = rows.first() else { return Ok(None) };
        let mut columns = Columns::of(row);
        Ok(Some(ArticleFacts {
            name: columns.next()?,
            address: EmailAddress::parse(&columns.next::<String>()?).ok(),
            role: columns.next()?,
            article: columns.id()?,
            status: columns.next()?,
            title: columns.next()?,
            by: columns.next()?,
            reason: columns.next()?,
        }))
    }

    async fn is_one_of(
        &self,
        people: &str,
        article: ArticleId,
        role: Option<&str>,
        user: UserId,
    ) -> Result<bool, StoreError> {
        let mut values = vec![article.get().into()];
        if let Some(role) = role {
            // Editors review, and administrators where there is none: whoever is a writer by now does not.
            if !matches!(role, "EDITOR" | "ADMIN") {
                return Ok(false);
            }
            values.push(role.into());
        }
        for row in self.ask(people, values).await? {
            if Columns::of(&row).id()? == user {
                return Ok(true);
            }
        }
        Ok(false)
    }
}

struct ArticleFacts {
    name: String,
    address: Option<EmailAddress>,
    role: String,
    article: ArticleId,
    status: String,
    title: String,
    by: Option<String>,
    reason: Option<String>,
}
