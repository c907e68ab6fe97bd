//! SQL text to a Catalog against the parser alone, its memory, and how the time grows with the number of tables.

use std::{fs, process::ExitCode, time::Instant};

use elyos_benches::{
    Result,
    ddl::{Shape, dump, shapes},
    sample::{Contender, Ratio, alternate, print, timed},
};
use elyos_schema::{Catalog, Source};
use squawk_syntax::SourceFile;

const RUNS: usize = 21;
const WARM_UP: usize = 2;

/// Tables that make about half a megabyte of dump.
const TABLES: usize = 160;

const PARSER: &str = "squawk-syntax, the syntax tree alone";
const CHECKED: &str = "squawk-syntax, the tree and all syntax errors";
const CATALOG: &str = "Catalog::load";

const USAGE: &str = "catalog [--quick | --growth] [FILE…]: half a megabyte made up and each FILE; then the growth. --quick leaves that out, --growth the rest";

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<()> {
    let (options, files): (Vec<String>, Vec<String>) = std::env::args().skip(1).partition(|argument| argument.starts_with('-'));
    if options.iter().any(|option| !["--quick", "--growth"].contains(&option.as_str())) {
        return Err(USAGE.into());
    }
    let mut texts = vec![("a dump made up".to_owned(), dump(TABLES, false)), ("the same with rows".to_owned(), dump(TABLES, true))];
    for file in files {
        texts.push((file.clone(), fs::read_to_string(&file).map_err(|error| format!("{file}: {error}"))?));
    }
    // First, while nothing has been freed that could be used again.
    for (name, text) in &texts {
        memory(name, text)?;
    }
    let has = |wanted: &str| options.iter().any(|option| option == wanted);
    if !has("--growth") {
        for (name, text) in &texts {
            compare(name, text)?;
        }
    }
    if !has("--quick") {
        println!("\nTime for each of N tables (median of 3)\n{:<44} {:>11} {:>11} {:>11}", "", "100", "1,000", "10,000");
        for shape in shapes() {
            grow(&shape)?;
        }
    }
    Ok(())
}

fn compare(name: &str, text: &str) -> Result<()> {
    let source = Source::new(name, text);
    let mut contenders = [
        Contender::new(PARSER, || {
            timed(|| {
                let parsed = SourceFile::parse(text);
                let _tree = parsed.tree();
                Ok(())
            })
        }),
        Contender::new(CHECKED, || {
            timed(|| {
                let parsed = SourceFile::parse(text);
                // Half of what is no SQL only shows in this second look at the tree.
                Ok(parsed.errors())
            })
        }),
        Contender::new(CATALOG, || timed(|| Ok(Catalog::load(std::slice::from_ref(&source))?))),
    ];
    alternate(&mut contenders, WARM_UP, RUNS)?;
    let title = format!("{name}, {} KB", text.len() / 1000);
    print(&title, &contenders, &[Ratio { of: CHECKED, to: PARSER, goal: None }, Ratio { of: CATALOG, to: PARSER, goal: Some(1.3) }]);
    Ok(())
}

/// The most memory that the process ever had while it made the Catalog, beyond what it had before.
#[expect(clippy::cast_precision_loss, reason = "kilobytes and tables are counted in millions at most")]
fn memory(name: &str, text: &str) -> Result<()> {
    let source = Source::new(name, text);
    // Makes what it has now its peak (proc(5)).
    fs::write("/proc/self/clear_refs", "5")?;
    let before = kilobytes("VmRSS:")?;
    let catalog = Catalog::load(&[source])?;
    let (peak, after) = (kilobytes("VmHWM:")?, kilobytes("VmRSS:")?);
    let per_byte = |kilobytes: u64| kilobytes.saturating_sub(before) as f64 * 1024.0 / text.len() as f64;
    println!(
        "{name}, {} KB, {} tables and views: {:.1} bytes of memory for each of the text at most, {:.1} at the end",
        text.len() / 1000,
        catalog.tables().count(),
        per_byte(peak),
        per_byte(after)
    );
    Ok(())
}

fn kilobytes(field: &str) -> Result<u64> {
    let status = fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find_map(|line| line.strip_prefix(field)).ok_or("no such field of the process")?;
    Ok(line.trim().trim_end_matches(" kB").parse()?)
}

#[expect(clippy::cast_precision_loss, reason = "kilobytes and tables are counted in millions at most")]
fn grow(shape: &Shape) -> Result<()> {
    let mut per_table = Vec::new();
    for count in [100usize, 1_000, 10_000] {
        let texts = (shape.texts)(count);
        let sources: Vec<Source> = texts.iter().enumerate().map(|(at, text)| Source::new(format!("{at}.sql"), text.as_str())).collect();
        let mut times = Vec::new();
        for _ in 0..3 {
            let started = Instant::now();
            let catalog = Catalog::new();
            let catalog = if shape.any_order { catalog.load_in_any_order(&sources)? } else { catalog.load_more(&sources)? };
            times.push(started.elapsed());
            drop(catalog);
            // A run that takes long says enough alone.
            if started.elapsed().as_secs() > 5 {
                break;
            }
        }
        times.sort_unstable();
        per_table.push(times[times.len() / 2].as_secs_f64() * 1e6 / count as f64);
    }
    println!("{:<44} {:>8.1} µs {:>8.1} µs {:>8.1} µs", shape.name, per_table[0], per_table[1], per_table[2]);
    Ok(())
}
