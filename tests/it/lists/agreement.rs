//! Lists agree with a naive evaluation of the whole directory: any filter, any order, any page, by index and by cursor.

use std::future::Future;
use std::sync::Arc;

use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::{Config, TestRunner};
use scim_bridge::provision::{Bridge as UseCases, Context};
use scim_bridge::scim::{ListQuery, Reading, ResourceKind, search_request};
use serde_json::{Value, json};
use tokio::runtime::Handle;

use super::directory::{context, directory, everything, install};
use super::question::{Filter, filter, order, sort};
use crate::harness::Bridge;

/// Whoever asks the use cases of one directory, and what is in it.
#[derive(Clone)]
struct Asker {
    bridge: Arc<UseCases>,
    context: Context,
    users: Vec<Value>,
    groups: Vec<Value>,
}

/// The resource types that lists are asked for.
const ENDPOINTS: [&[ResourceKind]; 3] = [
    &[ResourceKind::User],
    &[ResourceKind::Group],
    &[ResourceKind::User, ResourceKind::Group],
];

impl Asker {
    async fn list(&self, kinds: &[ResourceKind], body: &Value) -> Value {
        let query: ListQuery = search_request(body, &mut Reading::default()).unwrap();
        let list = self.bridge.list(&self.context, "", kinds, &query).await;
        list.unwrap_or_else(|error| panic!("{error}: {body}"))
    }

    /// What a list should be: its resources in order.
    fn naive(
        &self,
        kinds: &[ResourceKind],
        filter: Option<&Filter>,
        by: Option<(&str, bool)>,
    ) -> Vec<&Value> {
        let mut found = Vec::new();
        for kind in kinds {
            let all: Vec<_> = match kind {
                ResourceKind::User => self.users.iter().collect(),
                ResourceKind::Group => self.groups.iter().collect(),
            };
            found.extend(filter.map_or(all.clone(), |filter| filter.select(&all)));
        }
        if let Some((path, descending)) = by {
            sort(&mut found, path, descending);
        }
        found
    }

    /// All pages by index, one after the other.
    async fn by_index(
        &self,
        kinds: &[ResourceKind],
        body: &Value,
        count: usize,
        total: usize,
    ) -> Vec<Value> {
        let mut found = Vec::new();
        loop {
            let mut body = body.clone();
            body["startIndex"] = json!(found.len() + 1);
            body["count"] = json!(count);
            let page = self.list(kinds, &body).await;
            let resources = page["Resources"].as_array().unwrap();
            assert_eq!(page["totalResults"], total, "{body}");
            assert_eq!(page["itemsPerPage"], resources.len(), "{body}");
            assert_eq!(resources.len(), count.min(total - found.len()), "{body}");
            found.extend(resources.iter().cloned());
            if found.len() == total {
                return found;
            }
        }
    }

    /// All pages by cursor, one after the other, there and back.
    async fn by_cursor(
        &self,
        kinds: &[ResourceKind],
        body: &Value,
        count: usize,
        total: usize,
    ) -> Vec<Value> {
        let (mut forth, mut back): (Vec<Vec<Value>>, Vec<Vec<Value>>) = (Vec::new(), Vec::new());
        let mut body = body.clone();
        body["count"] = json!(count);
        body["cursor"] = json!("");
        loop {
            let page = self.list(kinds, &body).await;
            assert_eq!(page["totalResults"], total, "{body}");
            assert_eq!(page.get("startIndex"), None);
            assert_eq!(
                page.get("previousCursor").is_some(),
                !forth.is_empty(),
                "{body}"
            );
            forth.push(page["Resources"].as_array().unwrap().clone());
            let Some(next) = page.get("nextCursor") else {
                back.push(forth.last().unwrap().clone());
                let mut previous = page.get("previousCursor").cloned();
                while let Some(cursor) = previous {
                    body["cursor"] = cursor;
                    let page = self.list(kinds, &body).await;
                    assert!(page.get("nextCursor").is_some(), "{body}");
                    back.push(page["Resources"].as_array().unwrap().clone());
                    previous = page.get("previousCursor").cloned();
                }
                break;
            };
            body["cursor"] = next.clone();
        }
        back.reverse();
        assert_eq!(forth.len(), total.div_ceil(count).max(1));
        assert_eq!(back.concat(), forth.concat(), "backward: {body}");
        forth.concat()
    }

    async fn check(
        &self,
        kinds: &[ResourceKind],
        filter: Option<&Filter>,
        by: Option<(&str, bool)>,
        pages: Option<usize>,
    ) {
        let mut body = json!({"filter": filter.map(Filter::text)});
        if let Some((path, descending)) = by {
            body["sortBy"] = json!(path);
            body["sortOrder"] = json!(if descending {
                "descending"
            } else {
                "ascending"
            });
        }
        let expected = self.naive(kinds, filter, by);
        let Some(count) = pages else {
            let mut body = body;
            body["count"] = json!(200);
            let page = self.list(kinds, &body).await;
            assert_eq!(
                ids(page["Resources"].as_array().unwrap()),
                ids(&expected),
                "{body}"
            );
            assert_eq!(page["totalResults"], expected.len(), "{body}");
            return;
        };
        let found = self.by_index(kinds, &body, count, expected.len()).await;
        assert_eq!(ids(&found), ids(&expected), "by index: {body}");
        assert_eq!(found.iter().collect::<Vec<_>>(), expected, "{body}");
        let found = self.by_cursor(kinds, &body, count, expected.len()).await;
        assert_eq!(ids(&found), ids(&expected), "by cursor: {body}");
    }
}

fn ids<R: std::borrow::Borrow<Value>>(resources: &[R]) -> Vec<&str> {
    let ids = resources
        .iter()
        .map(|resource| resource.borrow()["id"].as_str().unwrap());
    ids.collect()
}

/// Runs `check` on many inputs against several directories. A failing input is made smaller before it is shown.
async fn for_many<S, F>(
    directories: usize,
    cases: u32,
    strategy: fn() -> S,
    check: fn(Asker, S::Value) -> F,
) where
    S: Strategy + 'static,
    F: Future<Output = ()> + 'static,
{
    let bridge = Bridge::start().await;
    let mut runner = TestRunner::default();
    for _ in 0..directories {
        let directory = directory().new_tree(&mut runner).unwrap().current();
        install(&bridge, &directory).await;
        let all = everything(&bridge, &directory).await;
        let (users, groups) = all.split_at(directory.users.len());
        let asker = Asker {
            bridge: Arc::clone(bridge.app.bridge()),
            context: context(&bridge),
            users: users.to_vec(),
            groups: groups.to_vec(),
        };
        let run = move || {
            let config = Config {
                cases,
                failure_persistence: None,
                ..Config::default()
            };
            let handle = Handle::current();
            let case = |input| {
                handle.block_on(check(asker.clone(), input));
                Ok(())
            };
            TestRunner::new(config)
                .run(&strategy(), case)
                .map_err(|error| error.to_string())
        };
        let run = async move { tokio::task::spawn_blocking(run).await.unwrap() };
        if let Err(failure) = bridge.app.run(run).await {
            panic!("{failure}\n{directory:#?}");
        }
    }
}

#[tokio::test]
async fn ten_thousand_filters_select_what_a_naive_evaluator_selects() {
    let input = || (prop::sample::select(&ENDPOINTS[..]), filter());
    for_many(20, 500, input, |asker, (kinds, filter)| async move {
        asker.check(kinds, Some(&filter), None, None).await;
    })
    .await;
}

#[tokio::test]
async fn pages_by_index_and_by_cursor_are_those_of_the_whole_list() {
    let input = || {
        let filter = prop::option::weighted(0.6, filter());
        let kinds = prop::sample::select(&ENDPOINTS[..]);
        (
            kinds,
            filter,
            prop::option::weighted(0.8, order()),
            1_usize..20,
        )
    };
    for_many(
        5,
        60,
        input,
        |asker, (kinds, filter, by, count)| async move {
            asker.check(kinds, filter.as_ref(), by, Some(count)).await;
        },
    )
    .await;
}
