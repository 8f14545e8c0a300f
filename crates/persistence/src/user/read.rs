//! Reading people: oneself, colleagues by key, and the list that administrators see.

use std::collections::HashMap;

use masthead_domain::page::{Page, PageRequest, Place};
use masthead_domain::user::{EmailAddress, Role, User, UserId};
use masthead_domain::viewer::Permission;
use masthead_domain::viewer::policy::{Action, may};

use super::recognise::keys_in;
use crate::columns::Columns;
use crate::reads::{Reads, bind, keys, keyset};
use crate::row::Row;
use crate::store::StoreError;

/// A person `u`: what [`user`] reads.
pub(super) const USER: &str = "u.id, u.email, u.name, u.role, u.author_id, u.scoped, \
     (SELECT CAST(json_group_array(w.section_id) AS TEXT) FROM user_sections w WHERE w.user_id = u.id), \
     u.created_at, u.disabled_at";

impl Reads {
    /// The viewer; `None` for a guest. One statement.
    pub async fn own_user(&self) -> Result<Option<User>, StoreError> {
        let Some(id) = self.viewer().user() else { return Ok(None) };
        let sql = format!("SELECT {USER} FROM users u WHERE u.id = $1");
        self.row(&sql, vec![id.get().into()]).await?.as_ref().map(user).transpose()
    }

    /// These people, as far as the viewer may know them: oneself, and for those who manage people everyone. One
    /// statement.
    pub async fn users_by_id(&self, ids: &[UserId]) -> Result<HashMap<UserId, User>, StoreError> {
        let own = self.viewer().user();
        let all = may(self.viewer(), Action::Use(Permission::ManageUsers)).is_ok();
        let ids: Vec<_> = ids.iter().copied().filter(|id| all || Some(*id) == own).collect();
        if ids.is_empty() {
            return Ok(HashMap::new());
        }
        let sql = format!(
            "SELECT {USER} FROM users u WHERE u.id IN (SELECT CAST(value AS INTEGER) FROM json_each($1))"
        );
        let rows = self.rows(&sql, vec![keys(&ids)]).await?;
        rows.iter().map(|row| user(row).map(|user| (user.id, user))).collect()
    }

    /// Everyone with a login, the newest first, of a role where one is given; nobody for those who may not manage people.
    /// Two statements.
    pub async fn users(&self, role: Option<Role>, request: &PageRequest) -> Result<Page<User>, StoreError> {
        if may(self.viewer(), Action::Use(Permission::ManageUsers)).is_err() {
            return Ok(Page::empty());
        }
        let mut values = Vec::new();
        let of_role = match role {
            Some(role) => format!("u.role = {}", bind(&mut values, role.as_str())),
            None => "TRUE".to_owned(),
        };
        let count =
            self.row(&format!("SELECT COUNT(*) FROM users u WHERE {of_role}"), values.clone()).await?;
        let total = count.map(|row| row.try_get_by_index::<i64>(0)).transpose()?;
        let keyset = keyset(request, "u.created_at", "u.id", true, &mut values);
        let sql = format!(
            "SELECT {USER} FROM users u WHERE {of_role}{} ORDER BY {} LIMIT {}",
            keyset.condition, keyset.order, keyset.limit
        );
        let rows = self.rows(&sql, values).await?;
        let placed = |row: &Row| {
            let user = user(row)?;
            Ok((Place { sort: user.created_at.timestamp_micros(), id: user.id.get() }, user))
        };
        let rows = rows.iter().map(placed).collect::<Result<Vec<_>, StoreError>>()?;
        Ok(Page::of(request, rows, total.and_then(|total| u64::try_from(total).ok())))
    }
}

pub(super) fn user(row: &Row) -> Result<User, StoreError> {
    let mut columns = Columns::of(row);
    let (id, email, name) = (columns.id()?, columns.next()?, columns.next()?);
    let (role, author) = (columns.word("users.role")?, columns.id_or_none()?);
    let scoped: bool = columns.next()?;
    let sections: Option<String> = columns.next()?;
    Ok(User {
        id,
        email: EmailAddress::from_stored(email),
        name,
        role,
        author,
        sections: if scoped { Some(keys_in(sections)?) } else { None },
        created_at: columns.time("users.created_at")?,
        disabled_at: columns.time_or_none("users.disabled_at")?,
    })
}
