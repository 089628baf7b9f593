//! The order of operations that need each other: strongly connected groups of a graph, dependencies first.

use std::collections::{BTreeSet, HashSet};

/// Groups of nodes, each of which needs only nodes of its own and of groups before it. `needs` says for each node which
/// others it needs. Where the numbers of the nodes are such an order, it is theirs; otherwise a node waits for those that
/// it needs, rather than they come early.
pub(super) fn dependencies_first(needs: &[BTreeSet<usize>]) -> Vec<Vec<usize>> {
    let mut needed_by = vec![BTreeSet::new(); needs.len()];
    for (at, needed) in needs.iter().enumerate() {
        for needed in needed {
            if let Some(users) = needed_by.get_mut(*needed) {
                users.insert(at);
            }
        }
    }
    // Kosaraju: from the last done to the first, what can be reached against the edges is one group.
    let (mut seen, mut done) = (HashSet::new(), Vec::new());
    for at in (0..needs.len()).rev() {
        walk(&needed_by, at, &mut seen, &mut done);
    }
    seen.clear();
    let groups = done.into_iter().rev().map(|at| {
        let mut group = Vec::new();
        walk(needs, at, &mut seen, &mut group);
        group
    });
    groups.filter(|group| !group.is_empty()).collect()
}

/// Goes to everything that edges lead to from `start` and that was not `seen`. A node is `done` after all that it leads
/// to, unless a circle leads back to it. The way back is kept in a list, for chains can be long.
fn walk(edges: &[BTreeSet<usize>], start: usize, seen: &mut HashSet<usize>, done: &mut Vec<usize>) {
    let targets = |node: usize| edges.get(node).into_iter().flatten().rev();
    if !seen.insert(start) {
        return;
    }
    let mut way = vec![(start, targets(start))];
    while let Some((node, rest)) = way.last_mut() {
        match rest.find(|target| seen.insert(**target)) {
            Some(target) => way.push((*target, targets(*target))),
            None => {
                done.push(*node);
                way.pop();
            }
        }
    }
}
