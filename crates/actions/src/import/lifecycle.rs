//! Where an item of WordPress stands in its life, in the newsroom's words: status and dates.
//!
//! Only `publish` without a password is public. It must not know anything else of an article.

use chrono::{DateTime, Utc};
use masthead_domain::article::Status;
use masthead_interchange::wxr::{Post, PostStatus};

use super::reason::Reason;

/// Status and dates of an article to be.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Life {
    pub(super) status: Status,
    pub(super) published_at: Option<DateTime<Utc>>,
    pub(super) modified_at: DateTime<Utc>,
    pub(super) scheduled_for: Option<DateTime<Utc>>,
    /// What is to be told.
    pub(super) remarks: Vec<(Reason, String)>,
}

impl Life {
    /// Reads it off an item. `now` stands for dates that are told nowhere.
    pub(super) fn of(post: &Post, now: DateTime<Utc>) -> Self {
        let mut remarks = Vec::new();
        let date = post.published_at().map(|(date, _)| date);
        let mut status = match &post.status {
            Some(PostStatus::Published) => Status::Published,
            Some(PostStatus::Scheduled) if date.is_some() => Status::Scheduled,
            Some(PostStatus::Scheduled) => {
                let what = "was to be published, but no time is told: it is a draft now";
                remarks.push((Reason::NoSchedule, what.to_owned()));
                Status::Draft
            }
            Some(PostStatus::Pending) => Status::InReview,
            Some(PostStatus::Draft | PostStatus::AutoDraft) => Status::Draft,
            Some(PostStatus::Private) => {
                remarks.push((Reason::Private, "was private: it is a draft now, and not public".to_owned()));
                Status::Draft
            }
            Some(PostStatus::Trash) => {
                let what = "was in the trash: it is archived now, and not public";
                remarks.push((Reason::Trashed, what.to_owned()));
                Status::Archived
            }
            Some(PostStatus::Inherit) => {
                remarks
                    .push((Reason::UnknownStatus, "has the status “inherit”: it is a draft now".to_owned()));
                Status::Draft
            }
            Some(PostStatus::Other(word)) => {
                let what = format!("has the status “{word}”, which is not WordPress's: it is a draft now");
                remarks.push((Reason::UnknownStatus, what));
                Status::Draft
            }
            None => {
                let what = "the file tells no status: it is a draft now, and not public";
                remarks.push((Reason::UnknownStatus, what.to_owned()));
                Status::Draft
            }
        };
        if post.has_password {
            if matches!(status, Status::Published | Status::Scheduled) {
                status = Status::Draft;
            }
            let what = "needed a password, which articles here do not have: it is not public";
            remarks.push((Reason::Password, what.to_owned()));
        }
        if status == Status::Published {
            match date {
                None => {
                    let what = "no date of publication is told: it got the time of this import";
                    remarks.push((Reason::NoDate, what.to_owned()));
                }
                Some(date) if date > now => {
                    let what = format!("is public, with the date {} still to come", date.format("%Y-%m-%d"));
                    remarks.push((Reason::FutureDate, what));
                }
                Some(_) => {}
            }
        }
        if status == Status::Scheduled
            && let Some(date) = date.filter(|date| *date <= now)
        {
            let what = format!(
                "was to be published on {}, which has passed: it is still scheduled",
                date.format("%Y-%m-%d")
            );
            remarks.push((Reason::SchedulePassed, what));
        }
        Self {
            status,
            published_at: (status == Status::Published).then(|| date.unwrap_or(now)),
            modified_at: post.modified_at().or(date).unwrap_or(now),
            scheduled_for: date.filter(|_| status == Status::Scheduled),
            remarks,
        }
    }
}

impl Life {
    /// Not public, because the file does not have all of the item: a password may be missing.
    pub(super) fn held_back(mut self) -> Self {
        if matches!(self.status, Status::Published | Status::Scheduled) {
            self.status = Status::Draft;
            (self.published_at, self.scheduled_for) = (None, None);
            let what =
                "was public, but the file lacks a part of it: it is a draft until the whole one comes in";
            self.remarks.push((Reason::Incomplete, what.to_owned()));
        }
        self
    }
}

/// A status by the name it has in the database and in GraphQL.
pub(super) const fn name(status: Status) -> &'static str {
    match status {
        Status::Draft => "DRAFT",
        Status::InReview => "IN_REVIEW",
        Status::Scheduled => "SCHEDULED",
        Status::Published => "PUBLISHED",
        Status::Archived => "ARCHIVED",
    }
}
