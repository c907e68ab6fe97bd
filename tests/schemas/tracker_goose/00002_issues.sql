-- +goose Up
CREATE TABLE issues (
    project_id int NOT NULL REFERENCES projects,
    number int NOT NULL,
    title text NOT NULL,
    labels text[] NOT NULL DEFAULT ARRAY[]::text[],
    estimate interval DAY TO HOUR,
    closed_at timestamptz,
    CONSTRAINT issues_pkey PRIMARY KEY (project_id, number)
);
CREATE TABLE links (
    project_id int,
    "from" int,
    "to" int,
    CHECK ("from" <> "to"),
    UNIQUE ("from", "to", project_id),
    FOREIGN KEY (project_id, "from") REFERENCES issues,
    FOREIGN KEY (project_id, "to") REFERENCES issues
);
CREATE VIEW open_issues AS
    SELECT p.name, i.number, i.title, label, i.estimate * 2 AS pessimistic
    FROM active_projects() p JOIN issues i ON i.project_id = p.id
    LEFT JOIN LATERAL unnest(i.labels) AS label ON true
    WHERE i.closed_at IS NULL;

-- +goose Down
DROP VIEW open_issues;
DROP TABLE links, issues;
