//! A text's syntax tree, where the text has no error.
//!
//! The parser crate finds a part of the errors as it parses, and the others in three walks of the tree that it has made, which take longer
//! than to make it. Here the tree is made from the same events, and what the walks would look at is looked at as it comes by. Where that
//! does not suffice to tell that they would find nothing, the crate is asked about the statement at hand; and where there is an error, about
//! the whole text: so what is an error, and what is said of it, is the crate's alone.

use std::sync::LazyLock;

use rowan::{GreenNode, GreenNodeBuilder, GreenToken, NodeOrToken};
use squawk_parser::{EntryPoint, LexedStr, StrStep, SyntaxKind};
use squawk_syntax::{SourceFile, SyntaxNode, ast::AstNode};

use super::doubt::Doubt;

/// The tree of a text without any error, as if so many blanks stood before it; none where there is an error.
pub(super) fn without_error(blanks: usize, text: &str) -> Option<SourceFile> {
    let lexed = LexedStr::new(text);
    if lexed.errors().next().is_some() {
        return None;
    }
    let events = EntryPoint::SourceFile.parse(&lexed.to_input());
    let mut builder = GreenNodeBuilder::new();
    let mut doubt = Doubt::default();
    let mut has_error = false;
    lexed.intersperse_trivia(&events, &mut |step| match step {
        StrStep::Token { kind, text } => {
            doubt.token(kind, text);
            builder.token(raw(kind), text);
        }
        StrStep::Enter { kind } => {
            doubt.enter(kind);
            builder.start_node(raw(kind));
        }
        StrStep::Exit => {
            doubt.exit();
            builder.finish_node();
        }
        StrStep::Error { .. } => has_error = true,
    });
    if has_error {
        return None;
    }
    let is_sound =
        |statement: &std::ops::Range<usize>| text.get(statement.clone()).is_some_and(|it| SourceFile::parse(it).errors().is_empty());
    if !doubt.statements()?.iter().all(is_sound) {
        return None;
    }
    SourceFile::cast(SyntaxNode::new_root(behind_blanks(blanks, builder.finish())))
}

/// The blanks of one token.
const BLANKS: usize = 64 * 1024;

/// A file's node with blanks before its children. All files share them: many are but one statement far behind in a text, as those of its
/// blocks are, and to make its blanks would take longer than to read it.
fn behind_blanks(blanks: usize, file: GreenNode) -> GreenNode {
    static SHARED: LazyLock<GreenToken> = LazyLock::new(|| blank_token(BLANKS));
    if blanks == 0 {
        return file;
    }
    let shared = std::iter::repeat_with(|| SHARED.clone()).take(blanks / BLANKS);
    let rest = (!blanks.is_multiple_of(BLANKS)).then(|| blank_token(blanks % BLANKS));
    let children = file.children().map(|child| match child {
        NodeOrToken::Node(node) => NodeOrToken::Node(node.to_owned()),
        NodeOrToken::Token(token) => NodeOrToken::Token(token.to_owned()),
    });
    let all: Vec<_> = shared.chain(rest).map(NodeOrToken::Token).chain(children).collect();
    GreenNode::new(file.kind(), all)
}

fn blank_token(blanks: usize) -> GreenToken {
    GreenToken::new(raw(SyntaxKind::WHITESPACE), &" ".repeat(blanks))
}

fn raw(kind: SyntaxKind) -> rowan::SyntaxKind {
    rowan::SyntaxKind(kind.into())
}

#[cfg(test)]
mod tests {
    use std::{fs, path::Path};

    use super::*;
    use crate::parse::tokens;

    /// Errors that only show in the walks of a tree, one a line, a blank line between them where there are several lines.
    const ERRORS: &str = include_str!("../../tests/cases/errors_of_the_tree.sql");

    /// Whether what is said of a text is what the crate says, and if there is no error, the tree is the crate's.
    fn agrees(text: &str) -> bool {
        let parsed = SourceFile::parse(text);
        match without_error(0, text) {
            Some(file) => parsed.errors().is_empty() && file.syntax().green() == parsed.syntax_node().green(),
            // Where statements lack a semicolon between them, nothing is said.
            None => true,
        }
    }

    #[test]
    fn blanks_move_all_that_is_behind_them() {
        for blanks in [1, BLANKS - 1, BLANKS, 3 * BLANKS + 7] {
            let text = "select 1; select a";
            let file = without_error(blanks, text).expect("it is SQL");
            let starts: Vec<usize> = file.stmts().map(|it| usize::from(it.syntax().text_range().start()) - blanks).collect();
            assert_eq!((starts, usize::from(file.syntax().text_range().len())), (vec![0, 10], blanks + text.len()));
        }
    }

    #[test]
    fn no_error_of_the_walks_is_lost() {
        for line in ERRORS.lines().filter(|line| !line.is_empty() && !line.starts_with("--")) {
            // Behind the first error that the crate finds as it parses, there would be nothing to show.
            let line = line.replace("\\n", "\n");
            assert!(!SourceFile::parse(&line).errors().is_empty(), "no error: {line}");
            assert!(without_error(0, &line).is_none(), "{line}");
            assert!(without_error(0, &format!("select 1;{line}; create table a (b int);")).is_none(), "{line}");
        }
    }

    #[test]
    fn what_is_right_needs_no_second_look() {
        for text in [
            "create table t (a numeric(12,2) default 'x'::text not null, b public.geometry(Point,4326), c timestamp(6) without time zone)",
            "-- x\n\ncreate schema s;\n\ncreate table s.t (a int check (a in (1, 2) and b = any (array['x'::text, 'y']) and a not in (3)), d int[]);;",
            "create view v as select a.b, coalesce(c, d) from only a join b on a.x = b.y left join c using (z)",
            "create index on t using gin (lower(a) gin_trgm_ops) where b ->> 'c' <> 'd'",
        ] {
            let lexed = LexedStr::new(text);
            let mut doubt = Doubt::default();
            lexed.intersperse_trivia(&EntryPoint::SourceFile.parse(&lexed.to_input()), &mut |step| match step {
                StrStep::Token { kind, text } => doubt.token(kind, text),
                StrStep::Enter { kind } => doubt.enter(kind),
                StrStep::Exit => doubt.exit(),
                StrStep::Error { msg, .. } => panic!("{msg}: {text}"),
            });
            assert_eq!(doubt.statements(), Some(&[][..]), "{text}");
            assert!(agrees(text) && without_error(0, text).is_some(), "{text}");
        }
    }

    /// Every statement of the test schemas, and with a token left out, twice, or in the place of the next one.
    #[test]
    fn what_is_said_of_any_text_is_what_the_crate_says() {
        let mut texts = vec![include_str!("../../tests/cases/statements.sql").replace(" | ", "\n")];
        read_all(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/schemas"), &mut texts);
        let mut count = 0;
        for text in &texts {
            assert!(agrees(text), "{text}");
            for statement in text.split_inclusive('\n').collect::<Vec<_>>().chunks(3).map(<[&str]>::concat) {
                count += 1;
                let tokens: Vec<_> = tokens(&statement).collect();
                for (index, token) in tokens.iter().enumerate().filter(|(index, _)| (index + count) % 3 == 0) {
                    let end = token.start + token.text.len();
                    let next = tokens.get(index + 1).map_or(";", |next| next.text);
                    let twice = format!("{0} {0}", token.text);
                    let changed = ["", &twice, next, "(", "default", "left"][(index / 3 + count) % 6];
                    let mutant = format!("{}{changed}{}", &statement[..token.start], &statement[end..]);
                    assert!(agrees(&mutant), "{mutant}");
                }
            }
        }
        assert!(count > 500, "{count}");
    }

    fn read_all(path: &Path, texts: &mut Vec<String>) {
        for entry in fs::read_dir(path).expect("a folder").map(|entry| entry.expect("an entry").path()) {
            if entry.is_dir() {
                read_all(&entry, texts);
            } else if entry.extension().is_some_and(|extension| extension == "sql") {
                texts.push(fs::read_to_string(&entry).expect("a text"));
            }
        }
    }
}
