//! Many rows as one stream of data, in the text form of COPY: a row is a line, and its values stand between tabs.

use std::fmt::{self, Write as _};

use sea_query::PostgresQueryBuilder;
use sqlx::PgConnection;

use super::{super::classify::Failure, failed};
use crate::{
    entity::{Table, Value},
    error::Error,
    sql::{
        query::{render_copy, unfit},
        server::Row,
    },
};

/// About so many bytes are sent at once.
const PART: usize = 256 << 10;

pub(super) async fn copy(db: &mut PgConnection, table: &'static Table, rows: Vec<Row>) -> Result<u64, Failure> {
    let failed = |error| failed(table, error);
    let mut into = db.copy_in_raw(&render_copy::<PostgresQueryBuilder>(table)).await.map_err(failed)?;
    let mut part = String::with_capacity(PART + PART / 4);
    for row in rows {
        if let Err(error) = line(&mut part, table, &row) {
            into.abort("a value cannot be written").await?;
            return Err(error.into());
        }
        if part.len() >= PART {
            into.send(part.as_bytes()).await.map_err(failed)?;
            part.clear();
        }
    }
    into.send(part.as_bytes()).await.map_err(failed)?;
    into.finish().await.map_err(failed)
}

fn line(part: &mut String, table: &Table, row: &[Value<'_>]) -> Result<(), Error> {
    for (place, (column, value)) in table.columns().iter().zip(row).enumerate() {
        if place > 0 {
            part.push('\t');
        }
        written(part, value).map_err(|_| unfit(column, "it has no form as a text"))?;
    }
    part.push('\n');
    Ok(())
}

/// Null is `\N`, and an empty text is empty.
fn written(part: &mut String, value: &Value<'_>) -> fmt::Result {
    match value {
        Value::Null(_) => part.write_str("\\N"),
        Value::Bool(flag) => part.write_str(if *flag { "t" } else { "f" }),
        Value::Int(number) => write!(part, "{number}"),
        Value::Float(number) => write!(part, "{number:e}"),
        Value::Text(text) | Value::Json(text) => escaped(part, text),
        Value::Bytes(bytes) => {
            part.write_str("\\\\x")?; // a backslash is written twice
            bytes.iter().try_for_each(|byte| write!(part, "{byte:02x}"))
        }
        Value::Uuid(uuid) => write!(part, "{uuid}"),
        Value::Time(time) => write!(part, "{time}"),
        Value::Date(date) => write!(part, "{date}"),
        Value::Decimal(number) => write!(part, "{number}"),
        Value::Unfit(..) => Err(fmt::Error),
    }
}

fn escaped(part: &mut String, text: &str) -> fmt::Result {
    for letter in text.chars() {
        match letter {
            '\\' => part.write_str("\\\\")?,
            '\t' => part.write_str("\\t")?,
            '\n' => part.write_str("\\n")?,
            '\r' => part.write_str("\\r")?,
            letter => part.write_char(letter)?,
        }
    }
    Ok(())
}
