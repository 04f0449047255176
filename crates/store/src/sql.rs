//! Runs SQL statements, for queries that the entities cannot express.

use sea_orm::{ConnectionTrait, QueryResult, Statement, Value};

use crate::{
    StoreError,
    database::{Reads, WriteTx},
};

/// Runs a query and returns its rows.
pub(crate) async fn query<const N: usize>(
    source: &impl Reads,
    sql: &str,
    values: [Value; N],
) -> Result<Vec<QueryResult>, StoreError> {
    let connection = source.connection();
    let backend = connection.get_database_backend();
    Ok(connection.query_all_raw(Statement::from_sql_and_values(backend, sql, values)).await?)
}

/// Runs a statement and returns the number of rows that it changed.
pub(crate) async fn execute<const N: usize>(
    tx: &WriteTx,
    sql: &str,
    values: [Value; N],
) -> Result<u64, StoreError> {
    let connection = tx.connection();
    let backend = connection.get_database_backend();
    let statement = Statement::from_sql_and_values(backend, sql, values);
    Ok(connection.execute_raw(statement).await?.rows_affected())
}
