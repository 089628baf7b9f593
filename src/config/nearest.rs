//! The known word that was probably meant.

/// The word that is the fewest edits away, if those are few enough for a slip of the pen.
pub(super) fn nearest<'w>(
    wrong: &str,
    words: impl IntoIterator<Item = &'w str>,
) -> Option<&'w str> {
    let slip = (wrong.chars().count() / 3).max(1);
    words
        .into_iter()
        .map(|word| (edits(wrong, word), word))
        .filter(|(edits, _)| *edits <= slip)
        .min()
        .map(|(_, word)| word)
}

/// Levenshtein's distance, row by row.
fn edits(from: &str, to: &str) -> usize {
    let first: Vec<usize> = (0..=to.chars().count()).collect();
    let last = from.chars().enumerate().fold(first, |above, (row, have)| {
        let mut left = row + 1;
        let mut line = vec![left];
        for (want, pair) in to.chars().zip(above.windows(2)) {
            let [diagonal, up] = pair else { continue };
            left = (diagonal + usize::from(have != want))
                .min(up + 1)
                .min(left + 1);
            line.push(left);
        }
        line
    });
    last.last().copied().unwrap_or_default()
}
