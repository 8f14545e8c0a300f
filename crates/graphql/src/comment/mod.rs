//! Comments: threads below an article, leaving one, what its writer and other readers do with it, following by letter,
//! watching, and the moderators' queue.

mod bans;
mod create;
mod follow;
mod illegal;
mod load;
mod local_rules;
mod moderate;
mod moderation;
mod mutation;
mod object;
mod own;
mod queue;
mod react;
mod rules;
mod subscription;

pub(crate) use bans::CommenterBansQuery;
pub(crate) use follow::{FollowMutation, ThreadFollow};
pub(crate) use illegal::IllegalReportsQuery;
pub(crate) use load::{CommentById, CommentsOn};
pub(crate) use local_rules::{LocalCommentRulesMutation, LocalCommentRulesQuery};
pub(crate) use moderate::ModerationMutation;
pub(crate) use mutation::CommentMutation;
pub(crate) use object::{Comment, CommentOrder};
pub(crate) use own::{OwnCommentMutation, OwnCommentQuery};
pub(crate) use queue::ModerationQuery;
pub(crate) use react::ReactionMutation;
pub(crate) use rules::{CommentForm, CommentRulesMutation, CommentRulesQuery};
pub(crate) use subscription::CommentSubscription;
