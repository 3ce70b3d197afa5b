//! What a column of many rows comes to.

use super::Find;
use crate::{
    entity::{ColumnType, Entity, Field, Ordered, Sort, Summable},
    error::Error,
    specification::Node,
};

impl<E: Entity> Find<'_, '_, E> {
    /// What the values of a column come to; `None` where no row has one. Whole numbers and decimals are summed up exactly, numbers
    /// with a floating point as the database rounds.
    ///
    /// ```
    /// # use bailiwick::{Error, entity::Entity, repository::Db, specification::Spec};
    /// # #[derive(Entity)]
    /// # struct Line {
    /// #     #[id]
    /// #     id: i64,
    /// #     #[col(filter)]
    /// #     pieces: u32,
    /// # }
    /// # async fn run() -> Result<(), Error> {
    /// # let db = Db::memory();
    /// let mut lines = db.repository::<Line>();
    /// for (id, pieces) in [(1, 3), (2, 4)] {
    ///     lines.insert(NewLine { id, pieces }).await?;
    /// }
    /// assert_eq!(lines.find(Spec::all()).sum(Line::pieces()).await?, Some(7));
    /// assert_eq!(lines.find(Line::pieces().gt(9)).sum(Line::pieces()).await?, None);
    /// assert_eq!(lines.find(Spec::all()).max(Line::pieces()).await?, Some(4));
    /// # Ok(()) }
    /// # tokio::runtime::Builder::new_current_thread().build().expect("a runtime").block_on(run()).expect("it runs");
    /// ```
    ///
    /// # Errors
    /// `repository/overflow` if the sum is beyond the numbers of its type.
    pub async fn sum<T, F, S>(self, field: Field<E, T, F, S>) -> Result<Option<<T::Plain as Summable>::Sum>, Error>
    where
        T: ColumnType,
        T::Plain: Summable,
    {
        let sum = self.repository.on.sum(self.reach(Vec::new())?, field.place()).await?;
        Ok(Option::from_value(sum)?)
    }

    /// The least value of a column; `None` where no row has one.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn min<T, F, S>(self, field: Field<E, T, F, S>) -> Result<Option<T::Plain>, Error>
    where
        T: ColumnType,
        T::Plain: Ordered,
    {
        self.outermost(field, false).await
    }

    /// The greatest value of a column; `None` where no row has one.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn max<T, F, S>(self, field: Field<E, T, F, S>) -> Result<Option<T::Plain>, Error>
    where
        T: ColumnType,
        T::Plain: Ordered,
    {
        self.outermost(field, true).await
    }

    /// The value of the first row by this column: an index leads there, and the order is that of every other read.
    async fn outermost<T, F, S>(mut self, field: Field<E, T, F, S>, descending: bool) -> Result<Option<T::Plain>, Error>
    where
        T: ColumnType,
    {
        let key = Field::<E, T, F, Sort>::at(field.place());
        self.options.keys = vec![if descending { key.desc() } else { key.asc() }];
        let present = Node::Not(Box::new(Node::IsNull { place: field.place() }));
        let found = self.select(vec![present], [0, 1]).await?;
        let value = found.first().map(|row| T::Plain::from_value(row.value(field.place())));
        Ok(value.transpose()?)
    }
}
