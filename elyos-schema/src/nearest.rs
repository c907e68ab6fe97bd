//! Which of the known names somebody may have meant.

/// At most three of the known names that a slip of the keyboard away from `wanted`, best first, ties in the order given.
///
/// The distance is Levenshtein's, without regard to case; more than a third of the letters wrong is another name. A name without its
/// schema finds the one that has it.
///
/// ```
/// assert_eq!(elyos_schema::nearest("rolls", ["users", "roles", "role"]), ["roles", "role"]);
/// assert_eq!(elyos_schema::nearest("users", ["auth.users"]), ["auth.users"]);
/// ```
pub fn nearest<'a>(wanted: &str, known: impl IntoIterator<Item = &'a str>) -> Vec<&'a str> {
    let wanted: Vec<char> = wanted.to_lowercase().chars().collect();
    let limit = (wanted.len() / 3).max(2).min(wanted.len().saturating_sub(1));
    let mut near: Vec<(usize, &str)> = Vec::new();
    for name in known {
        let letters: Vec<char> = name.to_lowercase().chars().collect();
        let whole = distance(&wanted, &letters);
        let without_schema = letters.iter().rposition(|letter| *letter == '.').map(|dot| 1 + distance(&wanted, &letters[dot + 1..]));
        let distance = without_schema.map_or(whole, |other| whole.min(other));
        if distance <= limit && !near.iter().any(|(_, seen)| *seen == name) {
            near.push((distance, name));
        }
    }
    near.sort_by_key(|(distance, _)| *distance);
    // Beside a good guess a bad one only confuses.
    let best = near.first().map_or(0, |(distance, _)| *distance);
    near.retain(|(distance, _)| *distance <= best + 1);
    near.into_iter().take(3).map(|(_, name)| name).collect()
}

/// Insertions, deletions and replacements between the two, one row of the table at a time.
fn distance(left: &[char], right: &[char]) -> usize {
    let mut row: Vec<usize> = (0..=right.len()).collect();
    for (i, a) in left.iter().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, b) in right.iter().enumerate() {
            let replaced = diagonal + usize::from(a != b);
            diagonal = row[j + 1];
            row[j + 1] = replaced.min(diagonal + 1).min(row[j] + 1);
        }
    }
    row[right.len()]
}
