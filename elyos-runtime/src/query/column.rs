//! Columns: what SQL has to know of each, and their typed handles.

use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;

use tokio_postgres::types::FromSqlOwned;

use super::form::{
    Reader, collation_of_patterns, exact, exact_many, plain, plain_many, secretly, secretly_exact, secretly_exact_many, secretly_many,
};
use super::{Compared, Form, NotNull, Null, Table, Travel};
use crate::types::Exactly;

/// What SQL says of a column; the derive emits a constant for each.
#[derive(Debug, Clone, Copy)]
#[allow(clippy::struct_excessive_bools, reason = "each is true of a column or not, whatever the others are")]
pub struct ColumnDef {
    name: &'static str,
    quoted: &'static str,
    travel: Travel,
    /// The column's type, as SQL has it.
    ty: &'static str,
    /// As what it is selected, where the type is one that only the schema or an extension has.
    read_as: Option<&'static str>,
    /// What the type is over, where it is a domain: a record of the server's says the domain.
    domain_over: Option<&'static str>,
    /// Whether the operators of that take no domain.
    is_relabelled: bool,
    /// The schema of its type's operators, quoted, where that is an extension's own.
    operators_in: Option<&'static str>,
    /// Whether patterns are among these.
    has_patterns: bool,
    /// Whether it has a collation of the schema's, which may be one that knows no patterns.
    collated: bool,
    nullable: bool,
    /// Whether the server makes the value, and takes none.
    generated: bool,
    /// Whether it is an identity of which only the server says the value.
    identity_always: bool,
    /// Whether its values are shown to nobody.
    secret: bool,
    /// Whether the binary form of a type of the schema's is its text, as that of an enum is.
    label: bool,
    /// What the server makes of it where nothing is said, if an expression can say that as well.
    default: Option<&'static str>,
}

impl ColumnDef {
    /// A column by its name, the name quoted, as what its values travel, and its type as SQL has it, without modifiers: a cast to
    /// `varchar(3)` cuts what an assignment to one refuses.
    #[must_use]
    pub const fn new(name: &'static str, quoted: &'static str, travel: Travel, ty: &'static str) -> Self {
        Self {
            name,
            quoted,
            travel,
            ty,
            read_as: None,
            domain_over: None,
            is_relabelled: false,
            operators_in: None,
            has_patterns: false,
            collated: false,
            nullable: false,
            generated: false,
            identity_always: false,
            secret: false,
            label: false,
            default: None,
        }
    }

    /// Its values are cast: they travel as something else than the column's type, as which they are selected.
    #[must_use]
    pub const fn cast(self, read_as: &'static str) -> Self {
        Self { read_as: Some(read_as), ..self }
    }

    /// Its type is a domain over that one, or an array of it one of domains.
    #[must_use]
    pub const fn domain_over(self, ty: &'static str) -> Self {
        Self { domain_over: Some(ty), ..self }
    }

    /// Its operators take no domain, as those of enums and of arrays do not: it is compared as what it is over.
    #[must_use]
    pub const fn relabelled(self) -> Self {
        Self { is_relabelled: true, ..self }
    }

    /// Its type is an extension's in the schema of that quoted name, which need not be on the `search_path`: where it is not, another
    /// type's operator would be taken for the one that is not found, as that of `text` for one of `citext`.
    #[must_use]
    pub const fn operators_in(self, schema: &'static str) -> Self {
        Self { operators_in: Some(schema), ..self }
    }

    /// The extension has patterns of its own as well, as `citext` has `LIKE`.
    #[must_use]
    pub const fn with_patterns(self) -> Self {
        Self { has_patterns: true, ..self }
    }

    /// It has a collation of the schema's.
    #[must_use]
    pub const fn collated(self) -> Self {
        Self { collated: true, ..self }
    }

    /// It takes null.
    #[must_use]
    pub const fn nullable(self) -> Self {
        Self { nullable: true, ..self }
    }

    /// The server makes its value, and takes none.
    #[must_use]
    pub const fn generated(self) -> Self {
        Self { generated: true, ..self }
    }

    /// It is an identity that takes no value, but when rows are copied in.
    #[must_use]
    pub const fn identity_always(self) -> Self {
        Self { identity_always: true, ..self }
    }

    /// Its values are shown to nobody.
    #[must_use]
    pub const fn secret(self) -> Self {
        Self { secret: true, ..self }
    }

    /// Its type is an enum, whose binary form is the label's text.
    #[must_use]
    pub const fn label(self) -> Self {
        Self { label: true, ..self }
    }

    /// Where nothing is said of it, it is this expression, which means the same in any statement.
    #[must_use]
    pub const fn defaults_to(self, expression: &'static str) -> Self {
        Self { default: Some(expression), ..self }
    }

    pub(crate) const fn default_expression(&self) -> Option<&'static str> {
        self.default
    }

    /// What its values are without the checks of a domain. A value that is compared with them may be one that no row can hold, and a
    /// default may be one that is not taken: neither is an error. What is assigned becomes one of the domain by that.
    ///
    /// A default beside values of the column is cast to it: an expression of both would else be of a type that holds both, as `now()` and
    /// a timestamp without time zone are compared with one.
    pub(crate) const fn base(&self) -> &'static str {
        match self.domain_over {
            Some(ty) => ty,
            None => self.ty,
        }
    }

    /// How its values are compared.
    pub(crate) const fn compared(&self) -> Compared {
        Compared {
            ty: self.base(),
            is_relabelled: self.is_relabelled,
            operators: self.operators_in,
            has_patterns: self.has_patterns,
            is_collated: self.collated,
        }
    }

    pub(crate) const fn is_nullable(&self) -> bool {
        self.nullable
    }

    pub(crate) const fn is_generated(&self) -> bool {
        self.generated
    }

    /// Whether an update can say a value of it.
    pub(crate) const fn is_assignable(&self) -> bool {
        !self.generated && !self.identity_always
    }

    pub(crate) const fn is_secret(&self) -> bool {
        self.secret
    }

    /// What stands behind the column before a pattern.
    pub(crate) const fn collation_of_patterns(&self) -> &'static str {
        collation_of_patterns(self.collated)
    }

    pub(crate) const fn operators(&self) -> Option<&'static str> {
        self.operators_in
    }

    /// The operator as SQL has it between the column and a value.
    pub(crate) fn operator(&self, operator: &'static str) -> Cow<'static, str> {
        match self.operators_in {
            Some(schema) => format!("OPERATOR({schema}.{operator})").into(),
            None => operator.into(),
        }
    }

    /// Whether its values can be copied in: their binary form is that of the column's type.
    pub(crate) const fn takes_binary(&self) -> bool {
        self.read_as.is_none() || self.label
    }

    /// The column's type as SQL has it.
    pub(crate) const fn ty(&self) -> &'static str {
        self.ty
    }

    /// As what it is selected into a record, which says each value's type: one that every server has.
    pub(crate) const fn recorded_as(&self) -> Option<&'static str> {
        match self.read_as {
            Some(ty) => Some(ty),
            None => self.domain_over,
        }
    }

    /// The column's name in the schema.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        self.name
    }

    /// The column's name as SQL has it.
    #[must_use]
    pub const fn quoted(&self) -> &'static str {
        self.quoted
    }

    pub(crate) const fn travel(&self) -> Travel {
        self.travel
    }

    /// What a bound value is cast to; empty where it is of the column's type as it is.
    pub(crate) const fn bound_as(&self) -> &'static str {
        if self.read_as.is_some() { self.base() } else { "" }
    }

    /// What stands behind a bound value to make it one of the column's type: the two parts of `::"auth"."mood"`, or nothing.
    pub(crate) const fn bound(&self) -> (&'static str, &'static str) {
        if self.read_as.is_some() { ("::", self.base()) } else { ("", "") }
    }

    /// The same where the values of many rows are bound at once: arrays travel as text then.
    pub(crate) const fn bound_in_bulk(&self) -> (&'static str, &'static str) {
        if self.read_as.is_some() || self.travel.is_array { ("::", self.base()) } else { ("", "") }
    }
}

/// A column of the table that `R` is the repository of, whose values are `T`, or [`Null`].
///
/// The derive emits one for every column, under the table's name: `users::EMAIL`.
pub struct Column<R, T, N = NotNull> {
    def: &'static ColumnDef,
    one: Reader<T>,
    many: Reader<Vec<Option<T>>>,
    of: PhantomData<fn() -> (R, N)>,
}

impl<R, T, N> Column<R, T, N> {
    /// For generated code.
    #[doc(hidden)]
    #[must_use]
    pub const fn new(def: &'static ColumnDef) -> Self
    where
        T: FromSqlOwned,
    {
        Self { def, one: plain::<T>, many: plain_many::<T>, of: PhantomData }
    }

    /// For generated code: of the types of which the driver takes one value for another.
    #[doc(hidden)]
    #[must_use]
    pub const fn exact(def: &'static ColumnDef) -> Self
    where
        T: Exactly,
        Vec<Option<T>>: Exactly,
    {
        Self { def, one: exact::<T>, many: exact_many::<T>, of: PhantomData }
    }

    /// For generated code: what cannot be read of its values is told without them.
    #[doc(hidden)]
    #[must_use]
    pub const fn secret(def: &'static ColumnDef) -> Self
    where
        T: FromSqlOwned,
    {
        Self { def, one: secretly::<T>, many: secretly_many::<T>, of: PhantomData }
    }

    /// For generated code: [`secret`](Self::secret) of the types of which the driver takes one value for another.
    #[doc(hidden)]
    #[must_use]
    pub const fn secret_exact(def: &'static ColumnDef) -> Self
    where
        T: Exactly,
        Vec<Option<T>>: Exactly,
    {
        Self { def, one: secretly_exact::<T>, many: secretly_exact_many::<T>, of: PhantomData }
    }

    /// The column's name in the schema.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        self.def.name
    }

    pub(crate) const fn def(&self) -> &'static ColumnDef {
        self.def
    }

    /// How its values travel, are read and are compared: for what is of its type, such as a sub-query's one value or a `CASE`, where that is a
    /// type that Rust's does not say by itself.
    ///
    /// ```
    /// # #[cfg(feature = "elyos")] {
    /// use elyos_runtime::prelude::*;
    /// use elyos_runtime::query::case_as;
    /// use elyos_runtime::repositories::{UserRepository, users};
    ///
    /// let shown = case_as(users::EMAIL.form()).when(users::EMAIL_VERIFIED.eq(true), users::EMAIL).or_null();
    /// let query = UserRepository::select().columns(shown);
    /// # drop(query);
    /// # }
    /// ```
    #[must_use]
    pub const fn form(&self) -> Form<T> {
        let def = self.def;
        Form {
            travel: def.travel,
            ty: def.ty,
            bound: def.bound_as(),
            read_as: def.recorded_as(),
            in_array: false,
            compared: def.compared(),
            one: self.one,
            many: self.many,
        }
    }

    /// The column of an alias of its table.
    #[must_use]
    pub const fn of<A: Table<Repository = R>>(self) -> Column<A, T, N> {
        Column { def: self.def, one: self.one, many: self.many, of: PhantomData }
    }

    /// As an `Option`: what the column of a table is that a left join may find no row of.
    #[must_use]
    pub const fn nullable(self) -> Column<R, T, Null> {
        Column { def: self.def, one: self.one, many: self.many, of: PhantomData }
    }

    /// Smallest first; nulls last, as PostgreSQL sorts them.
    #[must_use]
    pub const fn asc(self) -> Sort<R> {
        Sort { def: self.def, descending: false, of: PhantomData }
    }

    /// Greatest first; nulls first, as PostgreSQL sorts them.
    #[must_use]
    pub const fn desc(self) -> Sort<R> {
        Sort { def: self.def, descending: true, of: PhantomData }
    }
}

// Derived implementations would ask the same of `R` and `T`.
impl<R, T, N> Clone for Column<R, T, N> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<R, T, N> Copy for Column<R, T, N> {}

impl<R, T, N> fmt::Debug for Column<R, T, N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Column({})", self.def.name)
    }
}

/// A column to order by, and the direction.
pub struct Sort<R> {
    pub(crate) def: &'static ColumnDef,
    pub(crate) descending: bool,
    of: PhantomData<fn() -> R>,
}

impl<R> Clone for Sort<R> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<R> Copy for Sort<R> {}

impl<R> fmt::Debug for Sort<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.def.quoted, if self.descending { "DESC" } else { "ASC" })
    }
}
