use super::*;

/// A reader that gives so many bytes at a time.
struct Slow<'a>(&'a [u8], usize);

impl Read for Slow<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let length = self.1.min(self.0.len()).min(buffer.len());
        buffer[..length].copy_from_slice(&self.0[..length]);
        self.0 = &self.0[length..];
        Ok(length)
    }
}

const TEXTS: [&str; 6] = [
    "",
    "-- only a comment",
    "insert into a values (1);\n\n-- é;\ninsert into b select 'x;''' from a; insert into a values ($$;$$);  \nselect E'\\';' /* ; */ from c",
    "create function f() returns int begin atomic select 1; select 2; end;\nselect 1;;\n;select 2",
    "select 1\r\n;\r\nselect '\r\n;'\r\n;\r\n",
    "\u{feff}with w as (insert into a values (1) returning *) select * from w, c; update d set x = 1;",
];

#[test]
fn a_file_in_pieces_is_the_file_in_one() {
    for text in TEXTS {
        let whole = text.trim_start_matches('\u{feff}').replace("\r\n", "\n");
        let source = Source::new("a.sql", whole.as_str());
        let parsed = parse::parse(&source).expect("it parses");
        let wanted: Vec<Range<usize>> = parsed.statements().iter().map(parse::Statement::range).collect();
        for piece in [1, 30, 60, 1000] {
            for chunk in [1, 7, 1000] {
                let large = scan_in("a.sql", Slow(text.as_bytes(), chunk), piece).expect("it can be read");
                assert!(large.found.is_empty(), "{:?}", large.found);
                assert_eq!(large.sha256, <[u8; 32]>::from(Sha256::digest(&whole)));
                let again: Vec<_> = pieces(&large, Slow(text.as_bytes(), chunk)).collect::<Result<_, _>>().expect("the same file");
                let mut at = 0;
                let mut found = Vec::new();
                for (piece, (_, statements)) in large.pieces.iter().zip(&again) {
                    assert_eq!(piece.statements, statements.len());
                    found.extend(statements.iter().map(|range| range.start + at..range.end + at));
                    let position = source.position(at);
                    assert_eq!((position.line, position.column), (piece.lines_before + 1, piece.columns_before + 1));
                    at += piece.length;
                }
                assert_eq!((at, &found), (whole.len(), &wanted), "{text}");
                assert_eq!(again.iter().map(|(text, _)| &**text).collect::<String>(), whole);
                let all = |of: fn(&parse::Statement) -> &[WrittenName]| -> BTreeSet<WrittenName> {
                    parsed.statements().iter().flat_map(of).cloned().collect()
                };
                assert_eq!((&large.reads, &large.writes), (&all(parse::Statement::reads), &all(parse::Statement::writes)));
            }
        }
    }
}

#[test]
fn a_file_that_has_changed_is_told_before_its_piece_is_given() {
    let text = "select 1;\nselect 2;\nselect 3;\n";
    let large = scan_in("a.sql", text.as_bytes(), 1).expect("it can be read");
    assert_eq!(large.pieces.len(), 3);
    for (other, good) in [
        ("select 1;\nselect 4;\nselect 3;\n", 1),
        ("select 1;\nselect 2;\n", 2),
        ("select 1;\nselect 2;\nselect 3;\n\n", 3),
        ("", 0),
        ("select 1;\ncommit;\n\nselect 3;\n", 1),
        ("select 1;\né", 1),
    ] {
        let given: Vec<io::Result<_>> = pieces(&large, other.as_bytes()).collect();
        assert_eq!(given.len(), good + 1, "{other}");
        assert_eq!(given[good].as_ref().expect_err("it has changed").kind(), ErrorKind::InvalidData);
        assert!(given[..good].iter().all(Result::is_ok));
    }
    let given: Vec<io::Result<_>> = pieces(&large, &b"select 1;\n\xFF"[..]).collect();
    assert_eq!(given.last().and_then(|last| last.as_ref().err()).map(io::Error::kind), Some(ErrorKind::InvalidData));
}

/// What is wrong with a text.
fn found(text: &[u8]) -> String {
    let large = scan_in("seeds/a.sql", Slow(text, 5), 1).expect("it can be read");
    large.found.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
}

#[test]
fn what_is_wrong_is_told_in_its_place() {
    assert_eq!(
        found(b"select 1; -- one\nselect 2; begin;\nselect 3;"),
        "error: transaction control in a seed: BEGIN\n --> seeds/a.sql:2:11\n  |\n2 |           begin;\n  |           ^^^^^\n  |\n  \
         = help: remove it: Elyos runs the whole file in a transaction of its own"
    );
    assert_eq!(
        found(b"select 1;\n\ninsert into t\nvalues (1, );\nselect 2;"),
        "error: syntax error: unexpected trailing comma\n --> seeds/a.sql:4:10\n  |\n4 | values (1, );\n  |          ^"
    );
    assert_eq!(
        found(b"select 1;\nselect '\xFF';"),
        "error: the byte 0xFF is not UTF-8\n --> seeds/a.sql:2:9\n  |\n2 | select '\u{FFFD}\n  |         ^\n  |\n  = help: save the file as UTF-8"
    );
    assert_eq!(
        found(b"select 1;\nselect \0;"),
        "error: a NUL byte\n --> seeds/a.sql:2:8\n  |\n2 | select \u{FFFD}\n  |        ^\n  |\n  = help: PostgreSQL takes no NUL in a text; remove it"
    );
    assert_eq!(
        found(b"select 1;\nCOPY t FROM stdin;\n1\n\\.\n"),
        "error: COPY FROM STDIN in a seed\n --> seeds/a.sql:2:1\n  |\n2 | COPY t FROM stdin;\n  | ^^^^^^^^^^^^^^^^^\n  |\n  \
         = help: write the rows as `INSERT INTO … VALUES …`"
    );
}

#[test]
fn a_statement_that_would_have_to_be_held_whole_is_refused() {
    let text = format!("select 1;\n  select 2; insert into t values ('{}", "x".repeat(LONGEST + 2 * CHUNK));
    let large = scan_in("seeds/a.sql", text.as_bytes(), PIECE).expect("it can be read");
    let found: Vec<String> = large.found.iter().map(ToString::to_string).collect();
    assert_eq!(
        found,
        [format!(
            "error: a statement of more than 16 MiB\n --> seeds/a.sql:2:13\n  |\n2 |             insert into t values ('{}\n  |             {}\n  |\n  \
             = help: divide it, as one INSERT into several; or is a quote or a comment left open?",
            "x".repeat(37),
            "^".repeat(60)
        )]
    );
}

/// A generator whose cases are the same each time. Source: xorshift64*, G. Marsaglia and S. Vigna.
struct Random(u64);

impl Random {
    fn pick<'a>(&mut self, of: &[&'a str]) -> &'a str {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        let number = self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33;
        of[usize::try_from(number).expect("31 bits") % of.len()]
    }
}

#[test]
fn statements_of_all_tokens_are_cut_where_the_parser_ends_them() {
    const BLANKS: [&str; 8] = [" ", "\n", "  \n\t", " -- it's; a \"comment\n", " /* ; ' /* $$ */ \" */ ", "\n\n-- é;\n", " /*;*/ ", " "];
    const VALUES: [&str; 16] = [
        "1",
        "'a;b'",
        "'it''s;'",
        "E'\\';\\\\'",
        "e'\\\\'",
        "$$;'$$",
        "$a$;$$;$b$'$a$",
        "\"x;\"\"y\"",
        "t.\"a;\"",
        "x'1F'",
        "n'a;'",
        "(2 - -1)",
        "'\\'",
        "case when true then ';' end",
        "a$b",
        "U&'\\0041;'",
    ];
    const OPERATORS: [&str; 7] = [" + ", "-", " / ", "*", "||", "<>", " - "];
    const STARTS: [&str; 6] = [
        "select",
        "create table t as select",
        "create view v as select",
        "create function f() returns int begin atomic select 1;\nselect",
        "insert into t select",
        "with w as (select ';') select",
    ];
    let mut random = Random(0x00e1_1705);
    for _ in 0..400 {
        let mut text = String::new();
        for _ in 0..6 {
            let start = random.pick(&STARTS);
            text += random.pick(&BLANKS);
            text += start;
            text += random.pick(&BLANKS);
            text += random.pick(&VALUES);
            for _ in 0..3 {
                text += random.pick(&OPERATORS);
                text += random.pick(&BLANKS);
                text += random.pick(&VALUES);
                text += random.pick(&BLANKS);
            }
            text += if start.contains("atomic") { "; end;" } else { ";" };
            text += random.pick(&[" ", "\n", "", ";", " -- behind;\n"]);
        }
        let source = Source::new("a.sql", text.as_str());
        let parsed = parse::parse(&source).expect("it parses");
        let wanted: Vec<Range<usize>> = parsed.statements().iter().map(parse::Statement::range).collect();
        let large = scan_in("a.sql", Slow(text.as_bytes(), 13), 1).expect("it can be read");
        assert!(large.found.is_empty(), "{text}\n{:?}", large.found);
        assert!(large.pieces.len() >= 6, "{text}");
        let mut at = 0;
        let mut found = Vec::new();
        for piece in pieces(&large, Slow(text.as_bytes(), 13)) {
            let (text, statements) = piece.expect("the same file");
            found.extend(statements.iter().map(|range| range.start + at..range.end + at));
            at += text.len();
        }
        assert_eq!((at, found), (text.len(), wanted), "{text}");
    }
}

#[test]
fn what_is_kept_of_a_piece_does_not_grow_with_its_statements() {
    // What is copied holds nothing that grows.
    fn size<T: Copy>(of: &[T]) -> usize {
        size_of_val(of)
    }
    let text = ";select 1;\n".repeat(100_000);
    let large = scan("db", "seeds/a.sql", text.as_bytes()).expect("it can be read");
    assert_eq!(large.pieces.iter().map(|piece| piece.statements).sum::<usize>(), 100_000);
    assert!(size(&large.pieces) < 1024, "{} pieces", large.pieces.len());
}
