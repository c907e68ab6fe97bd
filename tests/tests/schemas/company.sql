-- Tables that lead to themselves and to each other by keys of several columns, of a domain and of an enum.
CREATE SCHEMA company;

CREATE DOMAIN company.code AS text CHECK (VALUE <> '');
CREATE TYPE company.kind AS ENUM ('skill', 'team');

CREATE TABLE company.employees (
    tenant company.code NOT NULL,
    id integer NOT NULL,
    name text NOT NULL,
    manager_id integer,
    left_at timestamptz,
    PRIMARY KEY (tenant, id),
    FOREIGN KEY (tenant, manager_id) REFERENCES company.employees (tenant, id)
);

CREATE TABLE company.friendships (
    tenant company.code NOT NULL,
    one integer NOT NULL,
    other integer NOT NULL,
    PRIMARY KEY (tenant, one, other),
    FOREIGN KEY (tenant, one) REFERENCES company.employees (tenant, id),
    FOREIGN KEY (tenant, other) REFERENCES company.employees (tenant, id)
);

CREATE TABLE company.tags (
    kind company.kind NOT NULL,
    name text NOT NULL,
    weights numeric(4, 1)[] NOT NULL DEFAULT '{}',
    PRIMARY KEY (kind, name)
);

CREATE TABLE company.employee_tags (
    tenant company.code NOT NULL,
    employee integer NOT NULL,
    kind company.kind NOT NULL,
    tag text NOT NULL,
    FOREIGN KEY (tenant, employee) REFERENCES company.employees,
    FOREIGN KEY (kind, tag) REFERENCES company.tags
);
