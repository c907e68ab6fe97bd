CREATE TYPE school.term AS ENUM ('autumn', 'spring');
CREATE TABLE school.grades (
    pupil bigint NOT NULL REFERENCES school.pupils (id) ON DELETE CASCADE,
    subject text NOT NULL REFERENCES school.subjects,
    term school.term NOT NULL,
    grade school.mark,
    given_by integer REFERENCES school.teachers (id),
    PRIMARY KEY (pupil, subject, term)
);
