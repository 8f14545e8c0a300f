//! The words in which SQLite's and PostgreSQL's SQL differ.
//!
//! Statements are written once, in SQLite's words; [`Dialect::sql`] turns them into PostgreSQL's. They bind by `$1`,
//! which both know, take lists as one JSON text (so that a statement's text does not change with a list's length),
//! and end in a fixed order.

/// Which of the two databases.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Dialect {
    Sqlite,
    Postgres,
}

impl Dialect {
    /// `text` in this database's words: JSON functions, and `json_each` of a parameter or a column, whose own column
    /// `value` is to be cast.
    pub(crate) fn sql(self, text: &str) -> String {
        match self {
            Self::Sqlite => text.to_owned(),
            Self::Postgres => {
                let mut out = text
                    .replace("json_group_array(", "json_agg(")
                    .replace("json_array(", "json_build_array(")
                    .replace("json_object(", "json_build_object(")
                    .replace(" json(", " (")
                    .replace("AS INTEGER)", "AS BIGINT)");
                for n in 1..=9 {
                    out = out.replace(
                        &format!("json_each(${n})"),
                        &format!("json_array_elements_text(${n}::json)"),
                    );
                }
                // What is left is of a column, which is JSON in binary form.
                out.replace("json_each(", "jsonb_array_elements_text(")
            }
        }
    }

    /// Whether the list of keys in `column` holds the key `key`; an index on the column helps to find such rows.
    pub(crate) fn list_holds(self, column: &str, key: &str) -> String {
        match self {
            Self::Sqlite => format!(
                "({column} <> '[]' AND EXISTS (SELECT 1 FROM json_each({column}) j WHERE j.value = CAST({key} AS INTEGER)))"
            ),
            Self::Postgres => format!("{column} @> to_jsonb(CAST({key} AS BIGINT))"),
        }
    }

    /// The list of keys in `column` with `into` in the place of `from`, each key once, where it stood first; without
    /// `from` where `into` is null, and without what `except` holds.
    pub(crate) fn list_with(self, column: &str, from: &str, into: &str, except: &str) -> String {
        let (list, each, place) = match self {
            Self::Sqlite => {
                ("json_group_array(q.key ORDER BY q.place)", format!("json_each({column}) j"), "j.key")
            }
            Self::Postgres => (
                "COALESCE(jsonb_agg(q.key ORDER BY q.place), '[]'::jsonb)",
                format!("jsonb_array_elements_text({column}) WITH ORDINALITY j (value, place)"),
                "j.place",
            ),
        };
        let value = "CAST(j.value AS INTEGER)";
        format!(
            "(SELECT {list} FROM (SELECT CASE WHEN {value} = {from} THEN CAST({into} AS INTEGER) ELSE {value} END AS key, \
             MIN({place}) AS place FROM {each} GROUP BY 1) q WHERE q.key IS NOT NULL AND q.key IS DISTINCT FROM {except})"
        )
    }

    /// Joins, to every row of what stands before it, the first rows of `table` (called `x` within) that meet
    /// `condition` in `order`, at most `limit`, under the name `alias`. Keeps rows that have none.
    ///
    /// PostgreSQL says LATERAL; SQLite, which does not, finds the rows' ids by a correlated subquery.
    pub(crate) fn first_of_each(
        self,
        table: &str,
        alias: &str,
        condition: &str,
        order: &str,
        limit: &str,
    ) -> String {
        match self {
            Self::Sqlite => format!(
                "LEFT JOIN {table} {alias} ON {alias}.rowid IN (SELECT x.rowid FROM {table} x WHERE {condition} ORDER BY {order} LIMIT {limit})"
            ),
            Self::Postgres => format!(
                "LEFT JOIN LATERAL (SELECT x.* FROM {table} x WHERE {condition} ORDER BY {order} LIMIT {limit}) {alias} ON TRUE"
            ),
        }
    }

    /// A query of the pairs of keys in a list of texts like `12:345`, as the columns `first` and `second`. `list` is the
    /// placeholder of that list.
    pub(crate) fn pairs(self, list: &str) -> String {
        match self {
            // A text's number is what it begins with.
            Self::Sqlite => format!(
                "SELECT CAST(value AS INTEGER) AS first, CAST(substr(value, instr(value, ':') + 1) AS INTEGER) AS second FROM json_each({list})"
            ),
            Self::Postgres => format!(
                "SELECT CAST(split_part(value, ':', 1) AS INTEGER) AS first, CAST(split_part(value, ':', 2) AS INTEGER) AS second FROM json_each({list})"
            ),
        }
    }
}
