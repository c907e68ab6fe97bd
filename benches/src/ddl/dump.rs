//! A schema as `pg_dump` prints it: the same statements, in the same order, in the same style.

use std::fmt::Write;

use super::Numbers;

/// Name, type and default of columns that tables are made of.
const COLUMNS: &[(&str, &str, &str)] = &[
    ("title", "character varying(255)", ""),
    ("description", "text", ""),
    ("state", "public.order_state", " DEFAULT 'draft'::public.order_state NOT NULL"),
    ("amount", "numeric(12,2)", " DEFAULT 0.00 NOT NULL"),
    ("quantity", "integer", " DEFAULT 1 NOT NULL"),
    ("active", "boolean", " DEFAULT true NOT NULL"),
    ("settings", "jsonb", " DEFAULT '{}'::jsonb NOT NULL"),
    ("tags", "text[]", " DEFAULT '{}'::text[]"),
    ("token", "uuid", " DEFAULT gen_random_uuid() NOT NULL"),
    ("email", "character varying", " NOT NULL"),
    ("position", "double precision", ""),
    ("starts_on", "date", ""),
    ("checksum", "bytea", ""),
    ("address", "inet", ""),
    ("retries", "smallint", " DEFAULT '0'::smallint"),
    ("created_at", "timestamp with time zone", " DEFAULT now() NOT NULL"),
    ("updated_at", "timestamp(6) without time zone", ""),
];

const OWNER: &str = "shop";

/// A table of the dump: its name, its columns, and the tables it refers to.
struct Table {
    name: String,
    columns: Vec<(String, &'static str, &'static str)>,
    references: Vec<(String, String)>,
}

/// A dump of that many tables, with a view for each tenth, a function and a trigger for each fifth; with rows for all of them on demand.
/// A table takes about 3 KB, and 1 KB more of rows.
#[must_use]
pub fn dump(tables: usize, rows: bool) -> String {
    let mut numbers = Numbers(20_261_122);
    let all: Vec<Table> = (0..tables).map(|at| table(at, &mut numbers)).collect();
    let mut out = String::new();
    write_all(&mut out, &all, rows).unwrap_or_default();
    out
}

fn table(at: usize, numbers: &mut Numbers) -> Table {
    let kind = numbers.one_of(&["account", "order", "invoice", "message", "shipment", "membership"]);
    let mut columns = Vec::new();
    let mut references = Vec::new();
    for other in 0..numbers.below(4) {
        let target = numbers.below(at as u64 + 1);
        let column = format!("parent_{other}_id");
        references.push((column.clone(), target.to_string()));
        columns.push((column, "bigint", if numbers.below(2) == 0 { " NOT NULL" } else { "" }));
    }
    let first = numbers.below(COLUMNS.len() as u64);
    for offset in 0..4 + numbers.below(12) {
        let index = usize::try_from((first + offset) % COLUMNS.len() as u64).unwrap_or_default();
        let (name, ty, default) = COLUMNS[index];
        columns.push((name.to_owned(), ty, default));
    }
    Table { name: format!("{kind}_{at}"), columns, references }
}

fn write_all(out: &mut String, all: &[Table], rows: bool) -> std::fmt::Result {
    out.push_str("--\n-- PostgreSQL database dump\n--\n\n\\restrict GxT5a1\n\nSET statement_timeout = 0;\nSET lock_timeout = 0;\n");
    out.push_str("SET client_encoding = 'UTF8';\nSET standard_conforming_strings = on;\n");
    out.push_str("SELECT pg_catalog.set_config('search_path', '', false);\nSET check_function_bodies = false;\n\n");
    header(out, "order_state", "TYPE")?;
    out.push_str("CREATE TYPE public.order_state AS ENUM (\n    'draft',\n    'placed',\n    'shipped'\n);\n\n");
    writeln!(out, "ALTER TYPE public.order_state OWNER TO {OWNER};\n")?;
    for table in all.iter().step_by(5) {
        function(out, table)?;
    }
    out.push_str("SET default_tablespace = '';\n\nSET default_table_access_method = heap;\n\n");
    for (at, table) in all.iter().enumerate() {
        create(out, table)?;
        if at % 10 == 9 {
            view(out, table)?;
        }
    }
    for Table { name, .. } in all {
        header(out, &format!("{name} id"), "DEFAULT")?;
        writeln!(out, "ALTER TABLE ONLY public.{name} ALTER COLUMN id SET DEFAULT nextval('public.{name}_id_seq'::regclass);\n\n")?;
    }
    if rows {
        all.iter().try_for_each(|table| copy(out, table))?;
    }
    for Table { name, .. } in all {
        header(out, &format!("{name} {name}_pkey"), "CONSTRAINT")?;
        writeln!(out, "ALTER TABLE ONLY public.{name}\n    ADD CONSTRAINT {name}_pkey PRIMARY KEY (id);\n\n")?;
    }
    for table in all {
        indexes(out, table)?;
    }
    for Table { name, .. } in all.iter().step_by(5) {
        header(out, &format!("{name} {name}_touch"), "TRIGGER")?;
        write!(out, "CREATE TRIGGER {name}_touch BEFORE INSERT OR UPDATE ON public.{name} ")?;
        writeln!(out, "FOR EACH ROW EXECUTE FUNCTION public.touch_{name}();\n\n")?;
    }
    for table in all {
        foreign_keys(out, table, all)?;
    }
    for Table { name, .. } in all {
        header(out, &format!("TABLE {name}"), "ACL")?;
        writeln!(out, "GRANT SELECT,INSERT,UPDATE ON TABLE public.{name} TO reader;\n\n")?;
    }
    out.push_str("--\n-- PostgreSQL database dump complete\n--\n\n\\unrestrict GxT5a1\n\n");
    Ok(())
}

fn header(out: &mut String, name: &str, kind: &str) -> std::fmt::Result {
    writeln!(out, "--\n-- Name: {name}; Type: {kind}; Schema: public; Owner: {OWNER}\n--\n")
}

fn function(out: &mut String, Table { name, .. }: &Table) -> std::fmt::Result {
    header(out, &format!("touch_{name}()"), "FUNCTION")?;
    writeln!(out, "CREATE FUNCTION public.touch_{name}() RETURNS trigger\n    LANGUAGE plpgsql\n    AS $$\nbegin")?;
    writeln!(out, "  -- Rows that somebody else changed in between are left alone.")?;
    writeln!(out, "  if tg_op = 'UPDATE' and new.id <> old.id then\n    raise exception 'the key of {name} never changes';")?;
    writeln!(out, "  end if;\n  perform pg_notify('changes', '{name}');\n  return new;\nend\n$$;\n\n")?;
    writeln!(out, "ALTER FUNCTION public.touch_{name}() OWNER TO {OWNER};\n")
}

fn create(out: &mut String, table: &Table) -> std::fmt::Result {
    let name = &table.name;
    header(out, name, "TABLE")?;
    write!(out, "CREATE TABLE public.{name} (\n    id bigint NOT NULL")?;
    for (column, ty, default) in &table.columns {
        write!(out, ",\n    {column} {ty}{default}")?;
    }
    if table.columns.iter().any(|(column, ..)| column == "amount") {
        write!(out, ",\n    CONSTRAINT {name}_amount_check CHECK ((amount >= (0)::numeric))")?;
    }
    writeln!(out, "\n);\n\n\nALTER TABLE public.{name} OWNER TO {OWNER};\n")?;
    header(out, &format!("TABLE {name}"), "COMMENT")?;
    writeln!(out, "COMMENT ON TABLE public.{name} IS 'What the shop knows of each {name}; nothing is ever deleted.';\n\n")?;
    header(out, &format!("{name}_id_seq"), "SEQUENCE")?;
    writeln!(
        out,
        "CREATE SEQUENCE public.{name}_id_seq\n    START WITH 1\n    INCREMENT BY 1\n    NO MINVALUE\n    NO MAXVALUE\n    CACHE 1;\n\n"
    )?;
    writeln!(out, "ALTER SEQUENCE public.{name}_id_seq OWNER TO {OWNER};\n")?;
    header(out, &format!("{name}_id_seq"), "SEQUENCE OWNED BY")?;
    writeln!(out, "ALTER SEQUENCE public.{name}_id_seq OWNED BY public.{name}.id;\n\n")
}

fn view(out: &mut String, table: &Table) -> std::fmt::Result {
    let name = &table.name;
    header(out, &format!("{name}_list"), "VIEW")?;
    write!(out, "CREATE VIEW public.{name}_list AS\n SELECT it.id")?;
    for (column, ..) in &table.columns {
        write!(out, ",\n    it.{column}")?;
    }
    writeln!(out, ",\n    count(other.id) OVER (PARTITION BY it.id) AS others,\n    COALESCE((it.id)::text, ''::text) AS label")?;
    writeln!(out, "   FROM (public.{name} it\n     LEFT JOIN public.{name} other ON ((other.id > it.id)))\n  WHERE (it.id > 0);\n\n")?;
    writeln!(out, "ALTER VIEW public.{name}_list OWNER TO {OWNER};\n")
}

fn copy(out: &mut String, table: &Table) -> std::fmt::Result {
    let name = &table.name;
    header(out, name, "TABLE DATA")?;
    write!(out, "COPY public.{name} (id")?;
    for (column, ..) in &table.columns {
        write!(out, ", {column}")?;
    }
    out.push_str(") FROM stdin;\n");
    for row in 1..=10 {
        write!(out, "{row}")?;
        for (column, ..) in &table.columns {
            write!(out, "\t{column} of {row}")?;
        }
        out.push('\n');
    }
    out.push_str("\\.\n\n\n");
    writeln!(out, "SELECT pg_catalog.setval('public.{name}_id_seq', 10, true);\n\n")
}

fn indexes(out: &mut String, table: &Table) -> std::fmt::Result {
    let name = &table.name;
    for (column, ..) in &table.columns {
        let index = match column.as_str() {
            "email" => format!("UNIQUE INDEX {name}_email ON public.{name} USING btree (lower((email)::text))"),
            "tags" => format!("INDEX {name}_tags ON public.{name} USING gin (tags)"),
            "state" => format!("INDEX {name}_state ON public.{name} USING btree (state, id DESC) WHERE (id > 10)"),
            other if other.starts_with("parent") => format!("INDEX {name}_{other} ON public.{name} USING btree ({other})"),
            _ => continue,
        };
        header(out, &format!("{name}_{column}"), "INDEX")?;
        writeln!(out, "CREATE {index};\n\n")?;
    }
    Ok(())
}

fn foreign_keys(out: &mut String, table: &Table, all: &[Table]) -> std::fmt::Result {
    let name = &table.name;
    for (column, target) in &table.references {
        let Some(target) = target.parse::<usize>().ok().and_then(|at| all.get(at)) else { continue };
        header(out, &format!("{name} {name}_{column}_fkey"), "FK CONSTRAINT")?;
        write!(out, "ALTER TABLE ONLY public.{name}\n    ADD CONSTRAINT {name}_{column}_fkey FOREIGN KEY ({column}) ")?;
        writeln!(out, "REFERENCES public.{}(id) ON DELETE CASCADE;\n\n", target.name)?;
    }
    Ok(())
}
