//! Alternating runs, their medians, and the table that is printed.

use std::time::{Duration, Instant};

use crate::Result;

/// One thing that is measured, and how long each of its runs took.
pub struct Contender<'a> {
    name: &'static str,
    run: Box<dyn FnMut() -> Result<Duration> + 'a>,
    times: Vec<Duration>,
}

impl<'a> Contender<'a> {
    /// A contender whose runs measure themselves, so that what prepares them does not count.
    pub fn new(name: &'static str, run: impl FnMut() -> Result<Duration> + 'a) -> Self {
        Self { name, run: Box::new(run), times: Vec::new() }
    }

    /// Its name in the table.
    #[must_use]
    pub fn name(&self) -> &'static str {
        self.name
    }

    /// The median of its runs.
    #[must_use]
    pub fn median(&self) -> Duration {
        quantile(&self.times, 1, 2)
    }
}

/// The time that a piece of work takes.
pub fn timed<T>(work: impl FnOnce() -> Result<T>) -> Result<Duration> {
    let started = Instant::now();
    work()?;
    Ok(started.elapsed())
}

/// Runs each contender once a round, after `warm_up` rounds that do not count. The order turns by one from round to
/// round, so that none always follows the same other.
pub fn alternate(contenders: &mut [Contender<'_>], warm_up: usize, rounds: usize) -> Result<()> {
    let count = contenders.len();
    for round in 0..warm_up + rounds {
        for place in 0..count {
            let contender = &mut contenders[(place + round) % count];
            let time = (contender.run)()?;
            if round >= warm_up {
                contender.times.push(time);
            }
        }
    }
    Ok(())
}

/// Prints a line for each contender; the ratio is to the contender named for it.
///
/// # Panics
///
/// When a ratio is asked to a contender that is not there.
pub fn print(title: &str, contenders: &[Contender<'_>], ratios: &[Ratio]) {
    let runs = contenders.first().map_or(0, |contender| contender.times.len());
    println!("\n{title} (medians of {runs} alternating runs)");
    println!("{:<44} {:>10}  {:>21}  {:>6}", "", "median", "middle half", "ratio");
    let find = |name: &str| contenders.iter().find(|contender| contender.name == name).expect("a ratio is to a contender");
    for contender in contenders {
        let ratio = ratios.iter().find(|ratio| ratio.of == contender.name);
        let quotient = ratio.map(|ratio| contender.median().as_secs_f64() / find(ratio.to).median().as_secs_f64());
        let note = match (ratio.and_then(|ratio| ratio.goal), quotient) {
            (Some(goal), Some(quotient)) if quotient <= goal => format!("  goal {goal}: met"),
            (Some(goal), Some(_)) => format!("  goal {goal}: MISSED"),
            _ => String::new(),
        };
        println!(
            "{:<44} {:>10}  {:>9} – {:>9}  {:>6}{note}",
            contender.name,
            shown(contender.median()),
            shown(quantile(&contender.times, 1, 4)),
            shown(quantile(&contender.times, 3, 4)),
            quotient.map(|quotient| format!("{quotient:.2}")).unwrap_or_default(),
        );
    }
}

/// A ratio of medians to print, and what it should not exceed.
pub struct Ratio {
    /// The contender that is judged.
    pub of: &'static str,
    /// The one that it is compared with.
    pub to: &'static str,
    /// The most it should be.
    pub goal: Option<f64>,
}

fn shown(time: Duration) -> String {
    let milliseconds = time.as_secs_f64() * 1000.0;
    if milliseconds < 1.0 { format!("{:.1} µs", milliseconds * 1000.0) } else { format!("{milliseconds:.2} ms") }
}

/// The value below which that fraction of the times lies.
fn quantile(times: &[Duration], numerator: usize, denominator: usize) -> Duration {
    let mut times = times.to_vec();
    times.sort_unstable();
    times.get(times.len() * numerator / denominator).copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_order_turns_and_the_warm_up_does_not_count() {
        let order = std::cell::RefCell::new(String::new());
        let contender = |name: &'static str| {
            let order = &order;
            Contender::new(name, move || {
                order.borrow_mut().push_str(name);
                Ok(Duration::from_millis(order.borrow().len() as u64))
            })
        };
        let mut contenders = [contender("a"), contender("b")];
        alternate(&mut contenders, 1, 3).expect("nothing fails");
        assert_eq!(*order.borrow(), "abbaabba");
        assert_eq!(contenders[0].times, [4, 5, 8].map(Duration::from_millis));
        assert_eq!(contenders[0].median(), Duration::from_millis(5));
    }
}
