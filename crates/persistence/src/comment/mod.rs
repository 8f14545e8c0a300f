//! Comments: threads, replies, leaving one, and what moderators do with them.

mod ban;
mod findings;
mod follow;
mod illegal;
mod moderate;
mod own;
mod person;
mod queue;
mod react;
mod read;
mod rules;
mod status;
mod write;
mod writer;

pub use ban::StoredBan;
pub use follow::{NewFollow, StoredFollow};
pub use illegal::ReportedWithin;
pub use moderate::{Decidable, Undoable};
pub use own::{LeftBy, OwnComment};
pub use person::{CommenterTouches, Part, ReportMade};
pub use queue::{QueueFilter, Waiting};
pub use react::NewReport;
pub use status::Standing;
pub use write::{Commentable, Idempotent, NewComment, Parent};
pub use writer::WriterMarks;
