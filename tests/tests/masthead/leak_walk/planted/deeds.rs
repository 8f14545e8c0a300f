//! What people do to the newsroom full of secrets, each a minute after the other. It must not know who may find what
//! comes of it, but for the words that a step is given.

use chrono::{DateTime, TimeDelta, Utc};
use masthead_actions::article::input::ArticleInput;
use masthead_actions::article::step::{Step, step};
use masthead_actions::article::{correct, create, remove, update};
use masthead_domain::article::lifecycle::Transition;
use masthead_domain::article::{ArticleId, CorrectionKind};
use masthead_domain::comment::Status;
use masthead_domain::text::Direction;
use masthead_domain::user::EmailAddress;
use masthead_persistence::comment::NewComment;

use super::{ADMIN, EDITOR, Planted, WRITER, bit, global};

impl Planted {
    /// The steps that lead an article to where its case has it.
    pub(super) async fn go_on(&mut self, case: &str, sees: u16, id: ArticleId, due: DateTime<Utc>) {
        let why = self.word(&format!("{case}: a step's reason"), sees | bit(ADMIN), sees);
        let reason = why.as_str();
        let why = Some(reason);
        match case {
            "draft" => {
                self.previewed = Some(id);
                self.step(WRITER, id, Transition::Submit, None).await;
                self.step(EDITOR, id, Transition::Return, why).await;
            }
            "in review" => self.step(WRITER, id, Transition::Submit, why).await,
            "scheduled" => {
                let occasion = self.occasion(EDITOR);
                let at = Step { at: Some(due), reason: why.map(str::to_owned), version: None };
                step(&self.newsroom.store, &occasion, id, Transition::Schedule, at).await.expect("scheduled");
            }
            "archived" => {
                self.step(EDITOR, id, Transition::Publish, None).await;
                for status in [Status::Published, Status::Pending] {
                    let text = self.word(&format!("{case}: a comment that is {status:?}"), sees, 0);
                    let comment = self.comment(id, status, &text, None, None).await;
                    self.hidden.push((global("Comment", comment), sees));
                }
                let note = self.word(&format!("{case}: a correction's note"), sees, sees);
                let occasion = self.occasion(EDITOR);
                let kind = CorrectionKind::Correction;
                correct::correct(
                    &self.newsroom.store,
                    &occasion,
                    id,
                    2,
                    kind,
                    &note,
                    ArticleInput::default(),
                )
                .await
                .expect("corrected");
                self.step(EDITOR, id, Transition::Archive, why).await;
            }
            "shelved" => self.step(EDITOR, id, Transition::Archive, why).await,
            "deleted" => {
                self.step(EDITOR, id, Transition::Publish, None).await;
                let occasion = self.occasion(ADMIN);
                remove::remove(&self.newsroom.store, &occasion, id, reason).await.expect("deleted");
            }
            // What has a word for a reason and no step to give it with.
            _ => {
                self.secrets.pop();
            }
        }
    }

    pub(super) async fn create(&mut self, who: usize, input: ArticleInput) -> ArticleId {
        let occasion = self.occasion(who);
        create::create(&self.newsroom.store, &occasion, input).await.expect("created")
    }

    pub(super) async fn change(&mut self, id: ArticleId, version: i32, input: ArticleInput) {
        let occasion = self.occasion(EDITOR);
        update::update(&self.newsroom.store, &occasion, id, version, input).await.expect("changed");
    }

    pub(super) async fn step(
        &mut self,
        who: usize,
        id: ArticleId,
        transition: Transition,
        why: Option<&str>,
    ) {
        let occasion = self.occasion(who);
        let how = Step { reason: why.map(str::to_owned), ..Step::default() };
        step(&self.newsroom.store, &occasion, id, transition, how).await.expect("a step");
    }

    pub(super) async fn comment(
        &mut self,
        article: ArticleId,
        status: Status,
        text: &str,
        name: Option<&str>,
        mail: Option<&str>,
    ) -> i64 {
        self.clock += TimeDelta::minutes(1);
        let comment = NewComment {
            article,
            parent: None,
            status,
            author_name: name.map(str::to_owned),
            author_email: mail.map(|mail| EmailAddress::parse(mail).expect("an address")),
            writer_key: None,
            user: None,
            address_hash: None,
            by_staff: false,
            direction: Direction::Ltr,
            text: text.to_owned(),
            html: format!("<p>{text}</p>"),
            created_at: self.clock,
        };
        let tx = self.newsroom.store.begin().await.expect("begins");
        let id = tx.comment_add(&comment).await.expect("stores");
        tx.commit().await.expect("commits");
        id.get()
    }
}
