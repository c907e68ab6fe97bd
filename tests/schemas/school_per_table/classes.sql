-- The form teacher is a teacher, and the first pupil of the register a pupil; both come later by name.
CREATE TABLE school.classes (
    year smallint NOT NULL,
    letter char NOT NULL,
    form_teacher integer NOT NULL REFERENCES school.teachers ON DELETE RESTRICT,
    PRIMARY KEY (year, letter)
);
