//! What is told: progress on standard error of a terminal, the result on standard output, as text or JSON.

use std::io::{self, Write as _};
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use console::style;
use elyos_runtime::{Event, Outcome, Report};
use indicatif::{ProgressBar, ProgressStyle};
use serde::Serialize;

use crate::cluster::{self, Started};
use crate::failure::Error;

/// Where and how the command tells what happens.
pub(crate) struct Output {
    json: bool,
    bar: ProgressBar,
    /// What was last shown as waiting, so that it is said once where there is no terminal to draw on.
    waiting: Mutex<Option<String>>,
    /// Whether a part of the result could not be written.
    unwritten: AtomicBool,
}

impl Output {
    pub(crate) fn new(json: bool) -> Self {
        // Hidden by itself where standard error is no terminal.
        let bar = if json { ProgressBar::hidden() } else { ProgressBar::no_length() };
        if let Ok(style) = ProgressStyle::with_template("{spinner} {msg}") {
            bar.set_style(style);
        }
        Self { json, bar, waiting: Mutex::new(None), unwritten: AtomicBool::new(false) }
    }

    /// Something that takes a while has begun.
    pub(crate) fn busy(&self, what: &str) {
        self.bar.enable_steady_tick(Duration::from_millis(100));
        self.bar.set_message(what.to_owned());
    }

    /// A remark beside the result: on standard error, so that the result can be piped.
    pub(crate) fn note(&self, text: &str) {
        if !self.json {
            self.bar.suspend(|| tell(text));
        }
    }

    /// Which bundle it is.
    pub(crate) fn bundle(&self, shown: &str) {
        self.note(&format!("{}     {shown}", style("bundle").for_stderr().dim()));
    }

    /// The private PostgreSQL runs.
    pub(crate) fn started(&self, started: &Started) {
        let how = match started.outcome {
            cluster::Outcome::Created => "DATABASE_URL is not set: made a private PostgreSQL",
            cluster::Outcome::Restarted => "DATABASE_URL is not set: started the project's private PostgreSQL",
            cluster::Outcome::Running => "DATABASE_URL is not set: using the project's private PostgreSQL",
        };
        let url = started.cluster.url(cluster::PROJECT_DATABASE);
        self.note(&format!("{}   {how}\n           {url}", style("database").for_stderr().dim()));
    }

    /// An event of a run.
    pub(crate) fn event(&self, event: &Event<'_>) {
        match event {
            Event::Waiting { reason, .. } => {
                let first = reason.lines().next().unwrap_or_default();
                self.busy(&format!("waiting: {first}"));
                self.once(&format!("waiting: {first}"));
            }
            Event::Locked { .. } => {
                self.busy("waiting for another process that initialises this database");
                self.once("waiting for another process that initialises this database");
            }
            Event::Blocked { name, blockers, .. } => {
                let behind = blockers.first().map(|blocker| format!(" behind {blocker}")).unwrap_or_default();
                self.busy(&format!("{name}: waiting for a lock{behind}"));
                self.once(&format!("{name}: waiting for a lock{behind}"));
            }
            Event::Started { kind, name, done, total, .. } => self.busy(&format!("{kind} {} of {total}: {name}", done + 1)),
            _ => {}
        }
    }

    /// Where there is no spinner, says the same thing once only.
    fn once(&self, text: &str) {
        if !self.bar.is_hidden() || self.json {
            return;
        }
        // Nothing panics while the lock is held.
        let Ok(mut last) = self.waiting.lock() else { return };
        // The time waited changes at every attempt; what is waited for does not.
        let what = text.split(" (tried").next().unwrap_or(text);
        if last.as_deref() != Some(what) {
            tell(what);
            *last = Some(what.to_owned());
        }
    }

    /// The result of a run.
    pub(crate) fn report(&self, report: &Report) {
        self.bar.finish_and_clear();
        if self.json { self.print_json(report) } else { self.print_report(report) }
    }

    /// The result of a run, and of what was done after it: data for programs, a line more for people.
    pub(crate) fn report_and<T: Serialize>(&self, report: &Report, data: &T, text: &str) {
        self.bar.finish_and_clear();
        if self.json {
            return self.print_json(data);
        }
        self.print_report(report);
        self.print(&format!("{} {text}", style("=").green()));
    }

    /// Any other result: data for programs, text for people.
    pub(crate) fn result<T: Serialize>(&self, data: &T, text: &str) {
        self.bar.finish_and_clear();
        if self.json { self.print_json(data) } else { self.print(text) }
    }

    /// A result that is text for programs and people alike.
    pub(crate) fn text(&self, text: &str) {
        self.bar.finish_and_clear();
        self.print(text);
    }

    /// Has all of the result been written, as far as anybody read it?
    pub(crate) fn is_whole(&self) -> bool {
        !self.unwritten.load(Ordering::Relaxed)
    }

    /// How it failed: the text on standard error, and for programs on standard output too.
    pub(crate) fn failure(&self, error: &Error) {
        self.bar.finish_and_clear();
        let text = error.to_string();
        if self.json {
            self.print_json(&serde_json::json!({ "error": text, "exit_code": error.exit_code() }));
        }
        // Drawn diagnostics name themselves.
        if text.starts_with("error") {
            tell(&text);
        } else {
            tell(&format!("{} {text}", style("error:").for_stderr().red().bold()));
        }
    }

    fn print_report(&self, report: &Report) {
        for step in report.steps.iter().filter(|step| step.is_noteworthy()) {
            let sign = if step.is_applied() { style("+").green() } else { style("!").yellow() };
            self.print(&format!("{sign} {step}"));
        }
        let sign = match report.outcome {
            Outcome::DatabaseAhead => style("!").yellow(),
            _ => style("=").green(),
        };
        self.print(&format!("{sign} {report}"));
    }

    fn print_json<T: Serialize + ?Sized>(&self, data: &T) {
        match serde_json::to_string_pretty(data) {
            Ok(text) => self.print(&text),
            Err(error) => tell(&format!("the result cannot be written as JSON: {error}")),
        }
    }

    /// Writes a line to standard output. That nobody reads on, as with `| head`, is theirs to decide and no failure: the
    /// work goes on, and how it ends is the exit code.
    fn print(&self, text: &str) {
        let mut stdout = io::stdout();
        if let Err(error) = writeln!(stdout, "{text}").and_then(|()| stdout.flush())
            && error.kind() != io::ErrorKind::BrokenPipe
            // To say it once is enough.
            && !self.unwritten.swap(true, Ordering::Relaxed)
        {
            tell(&format!("error: the result cannot be written: {error}"));
        }
    }
}

/// Writes a line to standard error; where that is closed there is nobody left to tell.
fn tell(text: &str) {
    let _ = writeln!(io::stderr(), "{text}");
}
