//! DDL made up for the benchmarks: the same bytes at every call.

mod dump;
mod shapes;

pub use dump::dump;
pub use shapes::{Shape, shapes};

/// Numbers that look random and are not (Lehmer's generator), so that every run reads the same text.
struct Numbers(u64);

impl Numbers {
    /// A number below the limit.
    fn below(&mut self, limit: u64) -> u64 {
        self.0 = self.0 * 48_271 % 0x7fff_ffff;
        self.0 % limit
    }

    fn one_of<'a>(&mut self, choices: &[&'a str]) -> &'a str {
        let at = self.below(choices.len() as u64);
        usize::try_from(at).ok().and_then(|at| choices.get(at)).copied().unwrap_or_default()
    }
}
