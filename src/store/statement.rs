//! Statements that are put together at run time, from words of our own and values that are always bound.

use sqlx::{Any, AssertSqlSafe};

/// A statement under construction.
#[derive(Debug)]
pub(super) struct Statement {
    sql: String,
    values: Vec<Bound>,
}

/// A value that is bound.
#[derive(Clone, Debug)]
pub(super) enum Bound {
    Number(i64),
    Text(String),
}

impl From<i64> for Bound {
    fn from(number: i64) -> Self {
        Self::Number(number)
    }
}

impl From<&str> for Bound {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Bound {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

type Arguments = <Any as sqlx::Database>::Arguments;

impl Statement {
    pub(super) fn new(sql: &'static str) -> Self {
        Self {
            sql: sql.to_owned(),
            values: Vec::new(),
        }
    }

    /// Words of our own: they are in the source of the bridge, never in a request.
    pub(super) fn push(&mut self, sql: &'static str) -> &mut Self {
        self.sql.push_str(sql);
        self
    }

    pub(super) fn push_bind(&mut self, value: impl Into<Bound>) -> &mut Self {
        self.values.push(value.into());
        self.sql.push_str(&format!("${}", self.values.len()));
        self
    }

    pub(super) fn build(self) -> sqlx::query::Query<'static, Any, Arguments> {
        let query = sqlx::query(AssertSqlSafe(self.sql));
        self.values
            .into_iter()
            .fold(query, |query, value| match value {
                Bound::Number(number) => query.bind(number),
                Bound::Text(text) => query.bind(text),
            })
    }
}
