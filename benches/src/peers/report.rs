//! The table of all libraries, as Markdown, and whether the goals are met.

use std::time::Duration;

use super::cases::Case;

/// The names of Elyos's two worlds, the drivers by hand, and the other libraries.
const OURS: [&str; 2] = ["Elyos", "Elyos, async"];
const BY_HAND: [&str; 2] = ["postgres", "tokio-postgres"];
const OTHERS: [&str; 4] = ["Diesel", "diesel-async", "SQLx", "SeaORM"];

/// The medians of a case, by the library's name.
pub(crate) struct Line<'c> {
    pub(crate) case: &'c Case,
    pub(crate) medians: Vec<(&'static str, Duration)>,
}

impl Line<'_> {
    fn of(&self, name: &str) -> f64 {
        let median = self.medians.iter().find(|(known, _)| *known == name);
        median.map_or(f64::NAN, |(_, median)| median.as_secs_f64())
    }

    fn fastest(&self, names: &[&'static str]) -> f64 {
        names.iter().map(|name| self.of(name)).fold(f64::INFINITY, f64::min)
    }
}

/// Prints the medians, and Elyos's ratios to the faster hand-written client and to the best other library.
pub(crate) fn print(lines: &[Line<'_>]) {
    let names = [&OURS[..], &BY_HAND, &OTHERS].concat();
    println!("\n| microseconds | {} |\n|---|{}", names.join(" | "), "---|".repeat(names.len()));
    for line in lines {
        let medians: Vec<String> = names.iter().map(|name| shown(line.of(name) * 1e6)).collect();
        println!("| {} | {} |", line.case.name, medians.join(" | "));
    }
    println!("\n| Elyos's medians | against the faster driver by hand | goal | against the best other library | goal | against Diesel |");
    println!("|---|---|---|---|---|---|");
    for line in lines {
        let [blocking, asynchronous] = OURS.map(|name| line.of(name));
        let ratios = |to: f64| format!("{:.2}, async {:.2}", blocking / to, asynchronous / to);
        let (by_hand, other) = (line.fastest(&BY_HAND), line.fastest(&OTHERS));
        let best = blocking.min(asynchronous);
        let goal = if line.case.many { 1.0 } else { 1.05 };
        let diesel = line.of("Diesel").min(line.of("diesel-async"));
        let third = if line.case.bulk_insert { format!(", goal 0.33: {}", verdict(best / diesel <= 1.0 / 3.0)) } else { String::new() };
        println!(
            "| {} | {} | 1.05: {} | {} | {goal:.2}: {} | {:.2}{third} |",
            line.case.name,
            ratios(by_hand),
            verdict(best / by_hand <= 1.05),
            ratios(other),
            verdict(best / other <= goal),
            best / diesel
        );
    }
}

fn shown(microseconds: f64) -> String {
    if microseconds < 1000.0 { format!("{microseconds:.1}") } else { format!("{microseconds:.0}") }
}

fn verdict(met: bool) -> &'static str {
    if met { "met" } else { "**missed**" }
}
