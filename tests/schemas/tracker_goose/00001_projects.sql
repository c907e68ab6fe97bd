-- +goose Up
CREATE TABLE projects (id serial PRIMARY KEY, name text NOT NULL, archived bool NOT NULL DEFAULT false);

-- +goose StatementBegin
CREATE FUNCTION active_projects() RETURNS SETOF projects AS $$
    SELECT * FROM projects WHERE NOT archived;
$$ LANGUAGE sql STABLE;
-- +goose StatementEnd

-- +goose Down
DROP FUNCTION active_projects();
DROP TABLE projects;
