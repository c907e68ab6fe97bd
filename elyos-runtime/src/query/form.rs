//! How the values of an expression travel, are cast and are read.

use tokio_postgres::types::{FromSql, FromSqlOwned, Type, WrongType};

use super::{Records, Travel};
use crate::error::concealed;
use crate::types::{BoxError, Exactly};

/// Reads a value that is not null.
pub(crate) type Reader<T> = fn(&Type, &[u8]) -> Result<T, BoxError>;

/// How values of a type of PostgreSQL's become a `T` and back.
pub struct Form<T> {
    pub(crate) travel: Travel,
    /// The type, as SQL has it.
    pub(crate) ty: &'static str,
    /// What a bound value is cast to; empty where it travels as what it is.
    pub(crate) bound: &'static str,
    /// As what it is selected, where that is not its own type.
    pub(crate) read_as: Option<&'static str>,
    /// Whether it is an array of what it is selected as.
    pub(crate) in_array: bool,
    pub(crate) compared: Compared,
    pub(crate) one: Reader<T>,
    pub(crate) many: Reader<Vec<Option<T>>>,
}

/// How values of a type are compared.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Compared {
    /// As values of this type: what a domain is over.
    pub(crate) ty: &'static str,
    /// Whether that has to be said of them: the operators of enums take no domain.
    pub(crate) is_relabelled: bool,
    /// The schema of the operators, quoted, where that is an extension's own.
    pub(crate) operators: Option<&'static str>,
    /// Whether patterns are among these.
    pub(crate) has_patterns: bool,
    /// Whether they have a collation of the schema's, which may be one that knows no patterns.
    pub(crate) is_collated: bool,
}

/// What stands behind text before a pattern: a collation by which different texts may be the same refuses any.
pub(crate) const fn collation_of_patterns(is_collated: bool) -> &'static str {
    if is_collated { " COLLATE \"default\"" } else { "" }
}

impl Compared {
    /// As what they are.
    pub(crate) const fn plainly(ty: &'static str) -> Self {
        Self { ty, is_relabelled: false, operators: None, has_patterns: false, is_collated: false }
    }

    /// What stands behind a value that is there: the two parts of `::"auth"."mood"`, or nothing.
    pub(crate) const fn relabel(&self) -> (&'static str, &'static str) {
        if self.is_relabelled { ("::", self.ty) } else { ("", "") }
    }
}

impl<T> Clone for Form<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Form<T> {}

impl<T> std::fmt::Debug for Form<T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Form({})", self.ty)
    }
}

/// As the driver reads it.
pub(crate) fn plain<T: FromSqlOwned>(ty: &Type, raw: &[u8]) -> Result<T, BoxError> {
    if !<T as FromSql<'_>>::accepts(ty) {
        return Err(WrongType::new::<T>(ty.clone()).into());
    }
    T::from_sql(ty, raw)
}

/// Of the types of which the driver takes one value for another: as they are.
pub(crate) fn exact<T: Exactly>(ty: &Type, raw: &[u8]) -> Result<T, BoxError> {
    if !<T::Read as FromSql<'_>>::accepts(ty) {
        return Err(WrongType::new::<T>(ty.clone()).into());
    }
    T::Read::from_sql(ty, raw).map(T::of)
}

/// [`plain`] of a secret: what is wrong with it may hold it.
pub(crate) fn secretly<T: FromSqlOwned>(ty: &Type, raw: &[u8]) -> Result<T, BoxError> {
    plain(ty, raw).map_err(concealed)
}

/// [`exact`] of a secret.
pub(crate) fn secretly_exact<T: Exactly>(ty: &Type, raw: &[u8]) -> Result<T, BoxError> {
    exact(ty, raw).map_err(concealed)
}

/// Several values, each as that one reads it where they are arrays: such come in a record each.
fn several<T>(ty: &Type, raw: &[u8], one: Reader<T>, many: Reader<Vec<Option<T>>>) -> Result<Vec<Option<T>>, BoxError> {
    if *ty == Type::RECORD_ARRAY { Records::from_sql(ty, raw)?.singles(one) } else { many(ty, raw) }
}

/// Several values, each as [`plain`] reads it.
pub(crate) fn plain_many<T: FromSqlOwned>(ty: &Type, raw: &[u8]) -> Result<Vec<Option<T>>, BoxError> {
    several(ty, raw, plain::<T>, plain)
}

/// Several values, each as [`exact`] reads it.
pub(crate) fn exact_many<T: Exactly>(ty: &Type, raw: &[u8]) -> Result<Vec<Option<T>>, BoxError>
where
    Vec<Option<T>>: Exactly,
{
    several(ty, raw, exact::<T>, exact)
}

/// Several values, each as [`secretly`] reads it.
pub(crate) fn secretly_many<T: FromSqlOwned>(ty: &Type, raw: &[u8]) -> Result<Vec<Option<T>>, BoxError> {
    plain_many(ty, raw).map_err(concealed)
}

/// Several values, each as [`secretly_exact`] reads it.
pub(crate) fn secretly_exact_many<T: Exactly>(ty: &Type, raw: &[u8]) -> Result<Vec<Option<T>>, BoxError>
where
    Vec<Option<T>>: Exactly,
{
    exact_many(ty, raw).map_err(concealed)
}

impl<T> Form<T> {
    /// A type of PostgreSQL's own, which travels as itself.
    #[must_use]
    pub const fn new(travel: Travel, ty: &'static str) -> Self
    where
        T: FromSqlOwned,
    {
        Self {
            travel,
            ty,
            bound: "",
            read_as: None,
            in_array: false,
            compared: Compared::plainly(ty),
            one: plain::<T>,
            many: plain_many::<T>,
        }
    }

    pub(crate) const fn exact(travel: Travel, ty: &'static str) -> Self
    where
        T: Exactly,
        Vec<Option<T>>: Exactly,
    {
        Self {
            travel,
            ty,
            bound: "",
            read_as: None,
            in_array: false,
            compared: Compared::plainly(ty),
            one: exact::<T>,
            many: exact_many::<T>,
        }
    }

    /// A type that only the schema or an extension has, by its name as SQL has it, quoted: values travel as text and are cast.
    ///
    /// ```
    /// use elyos_runtime::query::Form;
    ///
    /// const LABEL: Form<String> = Form::cast("public.citext");
    /// # drop(format!("{LABEL:?}"));
    /// ```
    #[must_use]
    pub const fn cast(ty: &'static str) -> Self
    where
        T: FromSqlOwned,
    {
        Self {
            travel: Travel::TEXT,
            ty,
            bound: ty,
            read_as: Some("text"),
            in_array: false,
            compared: Compared::plainly(ty),
            one: plain::<T>,
            many: plain_many::<T>,
        }
    }

    /// Arrays of such a type, by their name as SQL has it, quoted: values travel as arrays of text and are cast.
    ///
    /// ```
    /// use elyos_runtime::query::Form;
    ///
    /// const LABELS: Form<Vec<Option<String>>> = Form::cast_array("public.citext[]");
    /// # drop(format!("{LABELS:?}"));
    /// ```
    #[must_use]
    pub const fn cast_array(ty: &'static str) -> Self
    where
        T: FromSqlOwned,
    {
        Self { travel: Travel::TEXT.in_arrays(), read_as: Some("text[]"), ..Self::cast(ty) }
    }
}
