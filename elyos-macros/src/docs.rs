//! Texts of the schema as documentation: what is SQL or prose there is not to be Markdown's or a doctest here.

/// A comment's text. Its lines begin at the margin, so that none is a code block; angle brackets and square ones are
/// themselves; a bare address is a link.
pub(crate) fn prose(comment: &str) -> String {
    let mut prose = String::with_capacity(comment.len() + 8);
    for (index, line) in comment.lines().enumerate() {
        if index > 0 {
            prose.push('\n');
        }
        let mut in_code = false;
        for (index, word) in line.trim().split(' ').enumerate() {
            if index > 0 {
                prose.push(' ');
            }
            if !in_code && is_address(word) {
                let end = word.trim_end_matches(['.', ',', ';', ':', ')', '!', '?']).len();
                prose.push('<');
                prose.push_str(&word[..end]);
                prose.push('>');
                prose.push_str(&word[end..]);
                continue;
            }
            for character in word.chars() {
                in_code ^= character == '`';
                if !in_code && matches!(character, '<' | '>' | '[' | ']' | '\\') {
                    prose.push('\\');
                }
                prose.push(character);
            }
        }
    }
    // A fence would begin a block of code.
    prose.replace("```", "\\`\\`\\`").replace("~~~", "\\~\\~\\~")
}

fn is_address(word: &str) -> bool {
    (word.starts_with("http://") || word.starts_with("https://")) && !word.contains(['<', '>'])
}

/// SQL text as code in a line.
pub(crate) fn code(sql: &str) -> String {
    let sql = sql.split_whitespace().collect::<Vec<_>>().join(" ");
    let longest = sql.split(|character| character != '`').map(str::len).max().unwrap_or_default();
    let fence = "`".repeat(longest + 1);
    let space = if longest > 0 { " " } else { "" };
    format!("{fence}{space}{sql}{space}{fence}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prose_stays_prose() {
        for (comment, expected) in [
            ("The name shown to others.", "The name shown to others."),
            ("One:\n    let x = 1;\n\tand more", "One:\nlet x = 1;\nand more"),
            ("A [link] to <b> or `Vec<u8>`", "A \\[link\\] to \\<b\\> or `Vec<u8>`"),
            ("See https://example.com/a_b.", "See <https://example.com/a_b>."),
            ("```\nfn main() {}\n```", "\\`\\`\\`\nfn main() {}\n\\`\\`\\`"),
        ] {
            assert_eq!(prose(comment), expected);
        }
    }

    #[test]
    fn code_holds_any_sql() {
        assert_eq!(code("now()"), "`now()`");
        assert_eq!(code("'a\n  b'::text"), "`'a b'::text`");
        assert_eq!(code("'a``b'"), "``` 'a``b' ```");
    }
}
