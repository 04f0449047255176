//! The personal data of several features of a product as that of one.

use std::sync::Arc;

use async_trait::async_trait;
use auth::PersonalData;
use domain::UserId;
use serde_json::{Map, Value};
use store::{Store, StoreError, WriteTx};

/// Several holders of personal data. None of what they export is lost: a key that is taken gets
/// `_` at its end.
#[derive(Debug)]
struct Together(Vec<Arc<dyn PersonalData>>);

/// The holders as one, if there is any.
pub(crate) fn together(all: &[Arc<dyn PersonalData>]) -> Option<Arc<dyn PersonalData>> {
    match all {
        [] => None,
        [one] => Some(Arc::clone(one)),
        all => Some(Arc::new(Together(all.to_vec()))),
    }
}

#[async_trait]
impl PersonalData for Together {
    async fn export(&self, store: &Store, user_id: UserId) -> Result<Value, StoreError> {
        let mut exported = Map::new();
        for own in &self.0 {
            add(&mut exported, own.export(store, user_id).await?);
        }
        Ok(Value::Object(exported))
    }

    async fn erase(&self, tx: &WriteTx, user_id: UserId) -> Result<(), StoreError> {
        for own in &self.0 {
            own.erase(tx, user_id).await?;
        }
        Ok(())
    }
}

fn add(exported: &mut Map<String, Value>, more: Value) {
    let more = match more {
        Value::Object(more) => more,
        other => Map::from_iter([("more".to_owned(), other)]),
    };
    for (mut key, value) in more {
        while exported.contains_key(&key) {
            key.push('_');
        }
        exported.insert(key, value);
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn nothing_that_is_exported_is_lost() {
        let mut exported = Map::new();
        for more in [json!({"notes": [1]}), json!({"notes": [2], "tasks": []}), json!(3)] {
            add(&mut exported, more);
        }
        let expected = json!({"notes": [1], "notes_": [2], "tasks": [], "more": 3});
        assert_eq!(Value::Object(exported), expected);
    }
}
