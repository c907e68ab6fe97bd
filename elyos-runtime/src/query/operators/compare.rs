//! Comparison, nulls, lists and sub-queries.

use super::super::expression::{Argument, Expr, Operand, Operation};
use super::super::fragment::{Bind, Fragment, Owned, Piece};
use super::super::list::Shape;
use super::super::{Compared, Filter, Form, Item, Null, Nullness, Select, Within};
use super::{conditions, values};

fn compare<S, T, N: Nullness, J>(left: Expr<S, T, N>, operator: &'static str, right: impl Operand<S, T, J>) -> Filter<S> {
    let Operation(right) = right.operand(&left.form, left.column);
    let compared = left.form.compared;
    Filter::new(operate(left.into_compared(), compared, operator, right))
}

/// The two with the operator between them, which is that of the type.
fn operate(left: Fragment, compared: Compared, operator: &'static str, right: Fragment) -> Fragment {
    let Some(schema) = compared.operators else { return left.then(operator).with(right) };
    qualified(left, schema, operator).with(right.between("(", ")")).then("::").then(compared.ty)
}

/// ` OPERATOR("ext".=) ` behind it.
pub(super) fn qualified(left: Fragment, schema: &'static str, operator: &'static str) -> Fragment {
    left.then(" OPERATOR(").then(schema).then(".").then(operator.trim()).then(") ")
}

conditions! {
    []
    /// Equal to the value, column or expression. A null equals nothing.
    fn eq<V, J>(this, other: V) where [V: Operand<S, T, J>] { compare(this, " = ", other) }

    /// Not equal to the value, column or expression. A null is neither.
    fn ne<V, J>(this, other: V) where [V: Operand<S, T, J>] { compare(this, " <> ", other) }

    /// Smaller than the value, column or expression.
    fn lt<V, J>(this, other: V) where [V: Operand<S, T, J>] { compare(this, " < ", other) }

    /// Smaller than the value, column or expression, or equal.
    fn le<V, J>(this, other: V) where [V: Operand<S, T, J>] { compare(this, " <= ", other) }

    /// Greater than the value, column or expression.
    fn gt<V, J>(this, other: V) where [V: Operand<S, T, J>] { compare(this, " > ", other) }

    /// Greater than the value, column or expression, or equal.
    fn ge<V, J>(this, other: V) where [V: Operand<S, T, J>] { compare(this, " >= ", other) }

    /// The same as the value, column or expression, where null is the same as null.
    fn same_as<V, J>(this, other: V) where [V: Operand<S, T, J>] {
        let compared = this.form.compared;
        if compared.operators.is_none() {
            return compare(this, " IS NOT DISTINCT FROM ", other);
        }
        let Operation(other) = other.operand(&this.form, this.column);
        let both_null = this.sql.clone().then(" IS NULL AND (").with(other.clone()).then(") IS NULL)");
        Filter::new(Fragment::text("coalesce(").with(operate(this.sql, compared, " = ", other)).then(", ").with(both_null))
    }

    /// From the one to the other, both included.
    fn between<V, W, J, K>(this, low: V, high: W) where [V: Operand<S, T, J>, W: Operand<S, T, K>] {
        let Operation(low) = low.operand(&this.form, this.column);
        let Operation(high) = high.operand(&this.form, this.column);
        let compared = this.form.compared;
        if compared.operators.is_some() {
            let least = operate(this.sql.clone(), compared, " >= ", low);
            return Filter::new(least.then(" AND ").with(operate(this.sql, compared, " <= ", high)).between("(", ")"));
        }
        Filter::new(this.into_compared().then(" BETWEEN ").with(low).then(" AND ").with(high))
    }

    /// Equal to one of the values: one text of the statement for any number of them. No row is among none. Of a column of arrays there is
    /// a text for each number of values, as PostgreSQL has no array of arrays.
    fn is_in<L, V>(this, values: L) where [L: IntoIterator<Item = V>, V: Element<T>] {
        among(this, values, &Among { operator: " = ", of: "ANY(", joint: " OR ", of_none: false })
    }

    /// Equal to none of the values: one text of the statement for any number of them, as that of [`is_in`](Self::is_in). Every row is not
    /// among none, which is no condition for an update or a delete.
    fn is_not_in<L, V>(this, values: L) where [L: IntoIterator<Item = V>, V: Element<T>] {
        among(this, values, &Among { operator: " <> ", of: "ALL(", joint: " AND ", of_none: true })
    }

    /// Equal to what the sub-query selects in one of its rows.
    fn is_in_query<Q, M>(this, query: Select<Q, Item<T, M>>) where [Q: Within<S>, T: Send + 'static, M: Nullness] {
        Filter::new(among_rows(this, query))
    }

    /// Equal to what the sub-query selects in none of its rows; undecided, where that is null in one of them.
    fn is_not_in_query<Q, M>(this, query: Select<Q, Item<T, M>>) where [Q: Within<S>, T: Send + 'static, M: Nullness] {
        Filter::new(among_rows(this, query).between("NOT (", ")"))
    }

    /// Null.
    fn is_null<>(this) { Filter::new(this.sql.then(" IS NULL")) }

    /// Not null.
    fn is_not_null<>(this) { Filter::new(this.sql.then(" IS NOT NULL")) }
}

/// A value in a list that a column of `T` is looked for in.
#[diagnostic::on_unimplemented(
    message = "a column of `{T}` cannot be looked for among values of `{Self}`",
    label = "not a `{T}`",
    note = "the values have to be of the column's type"
)]
pub trait Element<T> {
    /// As it is bound.
    #[doc(hidden)]
    fn owned(self) -> Owned;
}

impl<T: tokio_postgres::types::ToSql + Send + Sync + 'static> Element<T> for T {
    fn owned(self) -> Owned {
        std::sync::Arc::new(self)
    }
}

impl Element<String> for &str {
    fn owned(self) -> Owned {
        std::sync::Arc::new(self.to_owned())
    }
}

impl Element<String> for &&str {
    fn owned(self) -> Owned {
        std::sync::Arc::new((*self).to_owned())
    }
}

impl<T: tokio_postgres::types::ToSql + Clone + Send + Sync + 'static> Element<T> for &T {
    fn owned(self) -> Owned {
        std::sync::Arc::new(self.clone())
    }
}

/// How a value is compared with several.
struct Among {
    operator: &'static str,
    /// What the operator is before an array.
    of: &'static str,
    /// What stands between comparisons with each of them.
    joint: &'static str,
    /// Whether it holds where there is none.
    of_none: bool,
}

fn among<S, T, N, V: Element<T>>(this: Expr<S, T, N>, values: impl IntoIterator<Item = V>, among: &Among) -> Filter<S> {
    let (Form { travel, bound: cast, compared, .. }, column) = (this.form, this.column);
    let bind = Bind { travel, cast, column };
    let mut values = values.into_iter().map(Element::owned).peekable();
    let left = this.into_compared();
    let is_empty = values.peek().is_none();
    if travel.is_array {
        if is_empty {
            return Filter::certain(Fragment::text(if among.of_none { "true" } else { "false" }), among.of_none);
        }
        let each = values.map(|value| left.clone().then(among.operator).with(Fragment::value(value, bind)));
        return Filter::new(Fragment::list(each, among.joint));
    }
    let mut sql = match compared.operators {
        Some(schema) => qualified(left, schema, among.operator),
        None => left.then(among.operator),
    };
    sql.add(among.of);
    sql.push(Piece::Many { values: values.collect(), bind });
    let sql = sql.then(")");
    if is_empty { Filter::certain(sql, among.of_none) } else { Filter::new(sql) }
}

/// Whether the value is one of the sub-query's.
fn among_rows<S, T: Send + 'static, N, Q: Within<S>, M: Nullness>(this: Expr<S, T, N>, query: Select<Q, Item<T, M>>) -> Fragment {
    let compared = this.form.compared;
    let is_told = compared.operators.is_some() || compared.is_relabelled;
    let selected = query.body().list.compared().filter(|selected| selected.is_relabelled);
    let mut rows = query.into_fragment(Shape::AsTheyAre);
    if let Some(Compared { ty, .. }) = Some(compared).filter(|_| is_told).or(selected) {
        rows = Fragment::text("SELECT \"elyos 1\"::").then(ty).with(rows.between(" FROM (", ") AS \"elyos rows\"(\"elyos 1\")"));
    }
    let left = this.into_compared();
    let left = match compared.operators {
        Some(schema) => qualified(left, schema, "=").then("ANY "),
        None => left.then(" IN "),
    };
    left.with(rows.between("(", ")"))
}

values! {
    []
    /// The value, or the other where it is null.
    fn or_else<V, J>(this, other: V) -> Expr<S, T, V::Null> where [V: Argument<S, T, J>] {
        let Operation(other) = other.argument(&this.form, this.column);
        this.around(|sql| sql.between("coalesce(", ", ").with(other).then(")"))
    }

    /// As another type: `users::ID.cast(sql_type::<i64>())`.
    fn cast<U>(this, to: Form<U>) -> Expr<S, U, N> {
        this.into_form(to, |sql| {
            let mut sql = sql.between("CAST(", " AS ");
            sql.add(to.ty);
            sql.then(")")
        })
    }

    /// Null where it is the value.
    fn null_if<V, J>(this, other: V) -> Expr<S, T, Null> where [V: Operand<S, T, J>] {
        let Operation(other) = other.operand(&this.form, this.column);
        let compared = this.form.compared;
        if compared.operators.is_none() {
            let (mark, ty) = compared.relabel();
            return this.around(|sql| sql.between("nullif(", mark).then(ty).then(", ").with(other).then(")"));
        }
        this.around(|sql| {
            let same = operate(sql.clone(), compared, " = ", other);
            Fragment::text("(CASE WHEN ").with(same).then(" THEN NULL ELSE ").with(sql).then(" END)")
        })
    }
}

/// The first of the expressions that is not null: of a column that may be null, `expr()` of [`Expression`](super::super::Expression).
#[must_use]
pub fn coalesce<S, T>(first: Expr<S, T, Null>, others: impl IntoIterator<Item = Expr<S, T, Null>>) -> Expr<S, T, Null> {
    let (mut form, mut list) = (first.form, vec![first.sql]);
    for other in others {
        // What one of them is read as, all are.
        if form.read_as.is_none() {
            form = other.form;
        }
        list.push(other.sql);
    }
    Expr::new(Fragment::text("coalesce").with(Fragment::list(list, ", ")), form)
}

/// Whether the sub-query has a row.
pub fn exists<S, Q: Within<S>, O>(query: Select<Q, O>) -> Filter<S> {
    Filter::new(query.into_fragment(Shape::AsTheyAre).between("EXISTS (", ")"))
}

/// Columns that hold true or false are conditions by themselves.
impl<R: super::super::Table, N: Nullness> super::super::Column<R, bool, N> {
    /// True.
    pub fn is_true<S: super::super::Has<R, I>, I>(self) -> Filter<S> {
        let this: Expr<S, bool, N> = self.expression();
        Filter::new(this.sql)
    }

    /// False.
    pub fn is_false<S: super::super::Has<R, I>, I>(self) -> Filter<S> {
        self.is_true::<S, I>().not()
    }
}

impl<S, N: Nullness> Expr<S, bool, N> {
    /// True.
    pub fn is_true(self) -> Filter<S> {
        Filter::new(self.sql)
    }
}
