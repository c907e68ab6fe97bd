//! Columns: what SQL has to know of each, and their typed handles.

use std::fmt;
use std::marker::PhantomData;

use super::Travel;

/// What SQL says of a column; the derive emits a constant for each.
#[derive(Debug, Clone, Copy)]
pub struct ColumnDef {
    name: &'static str,
    quoted: &'static str,
    travel: Travel,
    /// The column's type, as SQL has it.
    ty: &'static str,
    /// Whether the type is one that only the schema or an extension has.
    foreign: bool,
    nullable: bool,
    /// What the server makes of it where nothing is said, if an expression can say that as well.
    default: Option<&'static str>,
}

impl ColumnDef {
    /// A column by its name, the name quoted, as what its values travel, and its type as SQL has it.
    #[must_use]
    pub const fn new(name: &'static str, quoted: &'static str, travel: Travel, ty: &'static str) -> Self {
        Self { name, quoted, travel, ty, foreign: false, nullable: false, default: None }
    }

    /// Its values are cast: they travel as something else than the column's type.
    #[must_use]
    pub const fn cast(self) -> Self {
        Self { foreign: true, ..self }
    }

    /// It takes null.
    #[must_use]
    pub const fn nullable(self) -> Self {
        Self { nullable: true, ..self }
    }

    /// Where nothing is said of it, it is this expression, which means the same in any statement.
    #[must_use]
    pub const fn defaults_to(self, expression: &'static str) -> Self {
        Self { default: Some(expression), ..self }
    }

    pub(crate) const fn default_expression(&self) -> Option<&'static str> {
        self.default
    }

    pub(crate) const fn is_nullable(&self) -> bool {
        self.nullable
    }

    /// The column's type as SQL has it.
    pub(crate) const fn ty(&self) -> &'static str {
        self.ty
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

    /// What stands behind a bound value to make it one of the column's type: the two parts of `::"auth"."mood"`, or nothing.
    pub(crate) const fn bound(&self) -> (&'static str, &'static str) {
        if self.foreign { ("::", self.ty) } else { ("", "") }
    }

    /// The same where the values of many rows are bound at once: arrays travel as text then.
    pub(crate) const fn bound_in_bulk(&self) -> (&'static str, &'static str) {
        if self.foreign || self.travel.is_array { ("::", self.ty) } else { ("", "") }
    }
}

/// A column of the table that `R` is the repository of, whose values are `T`.
///
/// The derive emits one for every column, under the table's name: `users::EMAIL`.
pub struct Column<R, T> {
    def: &'static ColumnDef,
    of: PhantomData<fn() -> (R, T)>,
}

impl<R, T> Column<R, T> {
    /// For generated code.
    #[doc(hidden)]
    #[must_use]
    pub const fn new(def: &'static ColumnDef) -> Self {
        Self { def, of: PhantomData }
    }

    /// The column's name in the schema.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        self.def.name
    }

    pub(crate) const fn def(self) -> &'static ColumnDef {
        self.def
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
impl<R, T> Clone for Column<R, T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<R, T> Copy for Column<R, T> {}

impl<R, T> fmt::Debug for Column<R, T> {
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
