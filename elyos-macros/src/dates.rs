//! Whose dates and times the rows of a package hold.

use proc_macro2::TokenStream;
use quote::quote;

/// The crate of a package's dates and times.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum Dates {
    #[default]
    Chrono,
    Jiff,
    Time,
}

impl Dates {
    pub(crate) const NAMES: [&str; 3] = ["chrono", "jiff", "time"];

    /// As the package's metadata names it.
    pub(crate) fn named(name: &str) -> Option<Self> {
        [Self::Chrono, Self::Jiff, Self::Time].into_iter().find(|dates| dates.name() == name)
    }

    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Chrono => "chrono",
            Self::Jiff => "jiff",
            Self::Time => "time",
        }
    }

    /// Whether the runtime has its types: they are a feature.
    pub(crate) const fn is_on(self) -> bool {
        match self {
            Self::Chrono => true,
            Self::Jiff => cfg!(feature = "jiff"),
            Self::Time => cfg!(feature = "time"),
        }
    }

    /// Of `date`.
    pub(crate) fn day(self) -> TokenStream {
        match self {
            Self::Chrono => quote!(::elyos_runtime::chrono::NaiveDate),
            Self::Jiff => quote!(::elyos_runtime::jiff::civil::Date),
            Self::Time => quote!(::elyos_runtime::time::Date),
        }
    }

    /// Of `time`.
    pub(crate) fn clock(self) -> TokenStream {
        match self {
            Self::Chrono => quote!(::elyos_runtime::chrono::NaiveTime),
            Self::Jiff => quote!(::elyos_runtime::jiff::civil::Time),
            Self::Time => quote!(::elyos_runtime::time::Time),
        }
    }

    /// Of `time with time zone`.
    pub(crate) fn clock_somewhere(self) -> TokenStream {
        let clock = self.clock();
        match self {
            Self::Chrono => quote!(::elyos_runtime::types::TimeTz),
            Self::Jiff | Self::Time => quote!(::elyos_runtime::types::TimeTz<#clock>),
        }
    }

    /// Of `timestamp`.
    pub(crate) fn local(self) -> TokenStream {
        match self {
            Self::Chrono => quote!(::elyos_runtime::chrono::NaiveDateTime),
            Self::Jiff => quote!(::elyos_runtime::jiff::civil::DateTime),
            Self::Time => quote!(::elyos_runtime::time::PrimitiveDateTime),
        }
    }

    /// Of `timestamp with time zone`.
    pub(crate) fn instant(self) -> TokenStream {
        match self {
            Self::Chrono => quote!(::elyos_runtime::chrono::DateTime<::elyos_runtime::chrono::Utc>),
            Self::Jiff => quote!(::elyos_runtime::jiff::Timestamp),
            Self::Time => quote!(::elyos_runtime::time::OffsetDateTime),
        }
    }
}
