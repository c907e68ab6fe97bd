//! The pauses between attempts.

use std::time::{Duration, Instant};

/// The pauses between attempts: doubled each time, and each shortened at random by up to a half, so that those who were
/// refused together do not come back together.
pub(crate) struct Backoff {
    next: Duration,
    longest: Duration,
    state: u64,
}

impl Backoff {
    /// Between attempts to connect: from 50 ms to 1 s, for twenty replicas that start at the same time.
    pub(crate) fn new() -> Self {
        Self::between(Duration::from_millis(50), Duration::from_secs(1))
    }

    /// From the first pause to the longest.
    pub(crate) fn between(first: Duration, longest: Duration) -> Self {
        Self { next: first, longest, state: random() }
    }

    /// The next pause, never beyond the deadline; none when it has passed.
    pub(crate) fn pause(&mut self, deadline: Instant) -> Option<Duration> {
        let left = deadline.checked_duration_since(Instant::now()).filter(|left| !left.is_zero())?;
        Some(self.next().min(left))
    }

    /// The next pause.
    pub(crate) fn next(&mut self) -> Duration {
        // xorshift64: https://www.jstatsoft.org/article/view/v008i14
        self.state ^= self.state << 13;
        self.state ^= self.state >> 7;
        self.state ^= self.state << 17;
        let half = self.next / 2;
        let jitter = half.mul_f64(f64::from(u32::try_from(self.state >> 32).unwrap_or(0)) / f64::from(u32::MAX));
        self.next = (self.next * 2).min(self.longest);
        half + jitter
    }
}

/// A number that differs between processes and between calls; for nothing that has to be secret.
pub(crate) fn random() -> u64 {
    // A hasher's keys are random in each process, and differ from one hasher to the next.
    std::hash::BuildHasher::hash_one(&std::hash::RandomState::new(), std::process::id())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn backoff_grows_and_stops_at_the_deadline() {
        let deadline = Instant::now() + Duration::from_mins(1);
        let mut backoff = Backoff::new();
        let pauses: Vec<_> = (0..8).map(|_| backoff.pause(deadline).expect("time is left")).collect();
        assert!(pauses[0] >= Duration::from_millis(25) && pauses[0] <= Duration::from_millis(50), "{pauses:?}");
        assert!(pauses[7] >= Duration::from_millis(500) && pauses[7] <= Duration::from_secs(1), "{pauses:?}");
        assert_eq!(backoff.pause(Instant::now()), None);

        let (first, longest) = (Duration::from_millis(5), Duration::from_millis(12));
        let mut backoff = Backoff::between(first, longest);
        let pauses: Vec<_> = (0..4).map(|_| backoff.next()).collect();
        assert!(pauses[0] >= first / 2 && pauses[0] <= first, "{pauses:?}");
        assert!(pauses[3] >= longest / 2 && pauses[3] <= longest, "{pauses:?}");
    }
}
