//! The pauses between attempts.

use std::time::{Duration, Instant};

/// The pauses between attempts: doubled from 50 ms to 1 s, each shortened at random by up to a half, so that twenty
/// replicas that were refused together do not come back together.
pub(crate) struct Backoff {
    next: Duration,
    state: u64,
}

impl Backoff {
    pub(crate) fn new() -> Self {
        Self { next: Duration::from_millis(50), state: random() }
    }

    /// The next pause, never beyond the deadline; none when it has passed.
    pub(crate) fn pause(&mut self, deadline: Instant) -> Option<Duration> {
        let left = deadline.checked_duration_since(Instant::now()).filter(|left| !left.is_zero())?;
        // xorshift64: https://www.jstatsoft.org/article/view/v008i14
        self.state ^= self.state << 13;
        self.state ^= self.state >> 7;
        self.state ^= self.state << 17;
        let half = self.next / 2;
        let jitter = half.mul_f64(f64::from(u32::try_from(self.state >> 32).unwrap_or(0)) / f64::from(u32::MAX));
        let pause = half + jitter;
        self.next = (self.next * 2).min(Duration::from_secs(1));
        Some(pause.min(left))
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
    }
}
