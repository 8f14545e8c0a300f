//! Reading comments: the threads of an article, the replies to a comment.
//!
//! Only comments that readers are shown, below articles that they see, come out of here; of one that is not public any
//! more its place alone.

use std::collections::HashMap;

use masthead_domain::article::ArticleId;
use masthead_domain::comment::{Comment, CommentId, Order, ReactionKind};
use masthead_domain::page::{Page, PageRequest, Place};

use crate::article::page::CommentsPlan;
use crate::columns::Columns;
use crate::reads::{Reads, bind, keys, keyset, pages};
use crate::row::Row;
use crate::store::StoreError;

/// The columns of the comment `c`; [`comment`] reads them in this order.
pub(super) const COMMENT: &str = "c.id, c.article_id, c.parent_id, c.status, c.depth, c.author_name, c.by_staff, c.direction, c.html, \
     c.body_text, c.created_at, c.edited_at, c.reply_count, c.likes, c.insightfuls, c.disagrees";

const SHOWN_TOP: &str = "x.article_id = k.id AND x.parent_id IS NULL AND x.shown";
const SHOWN_REPLY: &str = "x.parent_id = k.id AND x.shown";

/// A conversation of so many comments is read whole, and cut to pages here: numbering the threads and the answers to each
/// takes SQLite several times as long as giving them all.
const FEW: u32 = 200;
/// How many are read at most: the places of comments that are gone are not counted beforehand.
const MOST_AT_HAND: usize = 400;

/// A page of threads, and one of the answers to each.
type Threads = (Page<Comment>, HashMap<CommentId, Page<Comment>>);

impl Reads {
    /// The comments with these keys that readers are shown. One statement.
    pub async fn comments_by_id(&self, ids: &[CommentId]) -> Result<HashMap<CommentId, Comment>, StoreError> {
        let sql = format!(
            "SELECT {COMMENT} FROM comments c JOIN articles a ON a.id = c.article_id AND a.live \
             WHERE c.shown AND c.id IN (SELECT CAST(value AS INTEGER) FROM json_each($1))"
        );
        let rows = self.rows(&sql, vec![keys(ids)]).await?;
        rows.iter().map(|row| shown(&mut Columns::of(row)).map(|comment| (comment.id, comment))).collect()
    }

    /// The comments at the top of each article's threads. One statement for all.
    pub async fn article_comments(
        &self,
        ids: &[ArticleId],
        order: Order,
        request: &PageRequest,
    ) -> Result<HashMap<ArticleId, Page<Comment>>, StoreError> {
        let mut values = vec![keys(ids)];
        let (sort, descending) = sorted_by(order);
        let keyset = keyset(request, sort, "x.id", descending, &mut values);
        let of_each = self.dialect().first_of_each(
            "comments",
            "c",
            &format!("{SHOWN_TOP}{}", keyset.condition),
            &keyset.order,
            &keyset.limit,
        );
        let sql = format!(
            "SELECT k.id, k.thread_count, {COMMENT} \
             FROM (SELECT a.id, a.thread_count FROM articles a WHERE a.live AND a.id IN (SELECT CAST(value AS INTEGER) FROM json_each($1))) k \
             {of_each} ORDER BY k.id, {}",
            keyset.order.replace("x.", "c.")
        );
        let rows = self.rows(&sql, values).await?;
        let rows = rows.iter().map(|row| below(row, 0, |comment| place(comment, order)));
        Ok(pages(ids, request, rows.collect::<Result<Vec<_>, StoreError>>()?))
    }

    /// The direct answers to each comment, oldest first. One statement for all.
    pub async fn comment_replies(
        &self,
        ids: &[CommentId],
        request: &PageRequest,
    ) -> Result<HashMap<CommentId, Page<Comment>>, StoreError> {
        let mut values = vec![keys(ids)];
        let keyset = keyset(request, "x.created_at", "x.id", false, &mut values);
        let of_each = self.dialect().first_of_each(
            "comments",
            "c",
            &format!("{SHOWN_REPLY}{}", keyset.condition),
            &keyset.order,
            &keyset.limit,
        );
        let sql = format!(
            "SELECT k.id, k.reply_count, {COMMENT} \
             FROM (SELECT p.id, p.reply_count FROM comments p JOIN articles a ON a.id = p.article_id AND a.live \
                   WHERE p.id IN (SELECT CAST(value AS INTEGER) FROM json_each($1))) k \
             {of_each} ORDER BY k.id, {}",
            keyset.order.replace("x.", "c.")
        );
        let rows = self.rows(&sql, values).await?;
        let rows = rows.iter().map(|row| below(row, 0, |comment| place(comment, Order::Oldest)));
        Ok(pages(ids, request, rows.collect::<Result<Vec<_>, StoreError>>()?))
    }

    /// One article's threads with the replies to each, for its page; it has about so many comments. One statement, or two
    /// where hundreds of them are gone of which the places are left.
    pub(crate) async fn comment_threads(
        &self,
        article: ArticleId,
        plan: &CommentsPlan,
        count: u32,
    ) -> Result<Threads, StoreError> {
        let Some(replies) = &plan.replies else {
            let page = self.article_comments(&[article], plan.order, &plan.page).await?.remove(&article);
            return Ok((page.unwrap_or_else(Page::empty), HashMap::new()));
        };
        if count <= FEW
            && let Some(all) = self.few_comments(article).await?
        {
            return Ok(cut(all, plan, replies));
        }
        self.pages_of_threads(article, plan, replies).await
    }

    /// All comments that are shown below an article. `None`: they are more than [`MOST_AT_HAND`]. One statement.
    async fn few_comments(&self, article: ArticleId) -> Result<Option<Vec<Comment>>, StoreError> {
        let sql = format!(
            "SELECT {COMMENT} FROM articles a JOIN comments c ON c.article_id = a.id AND c.shown \
             WHERE a.id = $1 AND a.live LIMIT {}",
            MOST_AT_HAND + 1
        );
        let rows = self.rows(&sql, vec![article.get().into()]).await?;
        if rows.len() > MOST_AT_HAND {
            return Ok(None);
        }
        rows.iter().map(|row| shown(&mut Columns::of(row))).collect::<Result<_, _>>().map(Some)
    }

    /// Of many comments only those that are shown on the page, chosen by the database. One statement.
    async fn pages_of_threads(
        &self,
        article: ArticleId,
        plan: &CommentsPlan,
        replies: &PageRequest,
    ) -> Result<Threads, StoreError> {
        let mut values = vec![article.get().into()];
        let (sort, descending) = sorted_by(plan.order);
        let top = keyset(&plan.page, sort, "x.id", descending, &mut values);
        let limit = bind(&mut values, i64::from(plan.page.limit));
        let below_each = keyset(replies, "x.created_at", "x.id", false, &mut values);
        let of_each = self.dialect().first_of_each(
            "comments",
            "c",
            &format!("{SHOWN_REPLY}{}", below_each.condition),
            &below_each.order,
            &below_each.limit,
        );
        let sql = format!(
            "WITH top AS (SELECT x.*, ROW_NUMBER() OVER (ORDER BY {order}) AS nth FROM comments x \
                 WHERE x.article_id = $1 AND x.parent_id IS NULL AND x.shown{condition} ORDER BY {order} LIMIT {top_limit}) \
             SELECT 0 AS level, CAST(0 AS INTEGER) AS owner, a.thread_count AS total, c.nth AS nth, {COMMENT} \
                 FROM articles a LEFT JOIN top c ON TRUE WHERE a.id = $1 AND a.live \
             UNION ALL SELECT 1, k.id, k.reply_count, ROW_NUMBER() OVER (PARTITION BY k.id ORDER BY {reply_order}), {COMMENT} \
                 FROM (SELECT t.id, t.reply_count FROM top t WHERE t.nth <= {limit} AND t.reply_count > 0) k {of_each} \
             ORDER BY 1, 2, 4",
            order = top.order,
            condition = top.condition,
            top_limit = top.limit,
            reply_order = below_each.order.replace("x.", "c."),
        );
        let rows = self.rows(&sql, values).await?;
        let mut threads = Vec::new();
        let mut total = Some(0);
        let mut answers = Vec::new();
        for row in &rows {
            let level: i32 = row.try_get_by_index(0)?;
            if level == 0 {
                let mut columns = Columns::of(row);
                columns.skip(2);
                total = u64::try_from(columns.next::<i64>()?).ok();
                columns.skip(1);
                if row.try_get_by_index::<Option<i64>>(4)?.is_some() {
                    let comment = shown(&mut columns)?;
                    threads.push((place(&comment, plan.order), comment));
                }
            } else {
                let mut columns = Columns::of(row);
                columns.skip(1);
                let owner: CommentId = columns.id()?;
                let total = u64::try_from(columns.next::<i64>()?).ok();
                columns.skip(1);
                let item = match row.try_get_by_index::<Option<i64>>(4)? {
                    Some(_) => {
                        Some(shown(&mut columns).map(|comment| (place(&comment, Order::Oldest), comment))?)
                    }
                    None => None,
                };
                answers.push((owner, total, item));
            }
        }
        let page = Page::of(&plan.page, threads, total);
        let tops: Vec<CommentId> = page.items.iter().map(|(_, comment)| comment.id).collect();
        Ok((page, pages(&tops, replies, answers)))
    }
}

/// The pages of threads that are at hand whole.
fn cut(all: Vec<Comment>, plan: &CommentsPlan, replies: &PageRequest) -> Threads {
    let mut tops = Vec::new();
    let mut below: HashMap<CommentId, Vec<(Place, Comment)>> = HashMap::new();
    for comment in all {
        match comment.parent {
            Some(parent) => {
                below.entry(parent).or_default().push((place(&comment, Order::Oldest), comment));
            }
            None => tops.push((place(&comment, plan.order), comment)),
        }
    }
    let total = Some(tops.len() as u64);
    let page = Page::cut(&plan.page, tops, sorted_by(plan.order).1, total);
    let answers = page.items.iter().map(|(_, top)| {
        let answers = below.remove(&top.id).unwrap_or_default();
        let total = Some(answers.len() as u64);
        (top.id, Page::cut(replies, answers, false, total))
    });
    let answers = answers.collect();
    (page, answers)
}

/// The column that an order sorts by, and whether downwards. Likes are sorted by their negative, so that one index
/// gives most likes first and, among equals, the oldest first.
fn sorted_by(order: Order) -> (&'static str, bool) {
    match order {
        Order::Oldest => ("x.created_at", false),
        Order::Newest => ("x.created_at", true),
        Order::MostLiked => ("(-x.likes)", false),
    }
}

fn place(comment: &Comment, order: Order) -> Place {
    let sort = match order {
        Order::Oldest | Order::Newest => comment.created_at.timestamp_micros(),
        Order::MostLiked => -i64::from(comment.reactions[0].1),
    };
    Place { sort, id: comment.id.get() }
}

type OwnedComment<O> = (O, Option<u64>, Option<(Place, Comment)>);

/// A row of owner, total and a comment that may be missing, from column `at` on.
fn below<O>(
    row: &Row,
    at: usize,
    place: impl Fn(&Comment) -> Place,
) -> Result<OwnedComment<masthead_domain::Id<O>>, StoreError> {
    let mut columns = Columns::of(row);
    columns.skip(at);
    let owner = columns.id()?;
    let total = u64::try_from(columns.next::<i64>()?).ok();
    let item = match row.try_get_by_index::<Option<i64>>(at + 2)? {
        Some(_) => Some(shown(&mut columns).map(|comment| (place(&comment), comment))?),
        None => None,
    };
    Ok((owner, total, item))
}

/// A comment as readers are shown it.
pub(super) fn shown(columns: &mut Columns<'_>) -> Result<Comment, StoreError> {
    comment(columns).map(Comment::for_readers)
}

/// A comment with everything in it, whoever may see it.
pub(super) fn comment(columns: &mut Columns<'_>) -> Result<Comment, StoreError> {
    Ok(Comment {
        id: columns.id()?,
        article: columns.id()?,
        parent: columns.id_or_none()?,
        status: columns.word("comments.status")?,
        depth: columns.small()?,
        author_name: columns.next()?,
        by_staff: columns.next()?,
        direction: columns.word("comments.direction")?,
        html: columns.next()?,
        text: columns.next()?,
        created_at: columns.time("comments.created_at")?,
        edited_at: columns.time_or_none("comments.edited_at")?,
        reply_count: columns.count()?,
        reactions: [
            (ReactionKind::Like, columns.count()?),
            (ReactionKind::Insightful, columns.count()?),
            (ReactionKind::Disagree, columns.count()?),
        ],
    })
}
