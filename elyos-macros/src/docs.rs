//! Texts of the schema as documentation: what is SQL or prose there is not to be Markdown's or a doctest here.

/// A comment's text. Its lines begin at the margin, so that none is a code block; angle brackets and square ones are
/// themselves; a bare address is a link.
pub(crate) fn prose(comment: &str) -> String {
    let mut prose = String::with_capacity(comment.len() + 8);
    for (index, line) in comment.lines().enumerate() {
        if index > 0 {
            prose.push('\n');
        }
        // Between two backticks of a line there is code. One without another is itself, as are several in a row.
        let mut parts: Vec<&str> = split_at_backticks(line.trim());
        let open = parts.len().is_multiple_of(2).then(|| parts.pop()).flatten();
        for (index, part) in parts.into_iter().enumerate() {
            if index.is_multiple_of(2) {
                push_text(part, &mut prose);
            } else {
                prose.push('`');
                prose.push_str(part);
                prose.push('`');
            }
        }
        if let Some(open) = open {
            prose.push_str("\\`");
            push_text(open, &mut prose);
        }
    }
    // A fence would begin a block of code.
    prose.replace("~~~", "\\~\\~\\~")
}

/// The parts between backticks that stand alone.
fn split_at_backticks(line: &str) -> Vec<&str> {
    let (mut parts, mut begin) = (Vec::new(), 0);
    let bytes = line.as_bytes();
    for (at, _) in line.match_indices('`') {
        let is_one_of_many = (at > 0 && bytes[at - 1] == b'`') || bytes.get(at + 1) == Some(&b'`');
        if !is_one_of_many {
            parts.push(&line[begin..at]);
            begin = at + 1;
        }
    }
    parts.push(&line[begin..]);
    parts
}

/// Words in which nothing is Markdown's but what is an address.
fn push_text(text: &str, to: &mut String) {
    for (index, word) in text.split(' ').enumerate() {
        if index > 0 {
            to.push(' ');
        }
        let (before, address, behind) = around_address(word);
        for character in before.chars() {
            push_escaped(character, to);
        }
        if !address.is_empty() {
            to.push('<');
            to.push_str(address);
            to.push('>');
        }
        for character in behind.chars() {
            push_escaped(character, to);
        }
    }
}

fn push_escaped(character: char, to: &mut String) {
    if matches!(character, '<' | '>' | '[' | ']' | '\\' | '`') {
        to.push('\\');
    }
    to.push(character);
}

/// What stands before an address in a word, the address, and what stands behind it.
fn around_address(word: &str) -> (&str, &str, &str) {
    let begin = ["http://", "https://"].iter().filter_map(|scheme| word.find(scheme)).min();
    let Some(begin) = begin.filter(|begin| !word[..*begin].ends_with(char::is_alphanumeric)) else { return (word, "", "") };
    let (before, rest) = word.split_at(begin);
    let end = rest.find(['<', '>', '[', ']', '"', '\'', '`', '\\']).unwrap_or(rest.len());
    let end = rest[..end].trim_end_matches(['.', ',', ';', ':', ')', '!', '?']).len();
    (before, &rest[..end], &rest[end..])
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
            ("See (https://example.com/a_b), or [https://b.example].", "See (<https://example.com/a_b>), or \\[<https://b.example>\\]."),
            ("xhttp://no", "xhttp://no"),
            ("A ` alone and a [link]", "A \\` alone and a \\[link\\]"),
            ("A `begin\nend` and a [link]", "A \\`begin\nend\\` and a \\[link\\]"),
            ("`a` and `b [c]", "`a` and \\`b \\[c\\]"),
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
